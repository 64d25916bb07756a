"""指标 - what records count for: the metric registry and the evidence behind every figure (row 3)."""
