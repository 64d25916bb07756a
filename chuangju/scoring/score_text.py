"""分数 - hundredths of a point as people read and write them."""

from __future__ import annotations

HUNDREDTHS = 100


def score_text(hundredths: int | None) -> str:
    """As "87.50", always with two decimals; empty for none."""
    if hundredths is None:
        return ""
    whole, rest = divmod(abs(hundredths), HUNDREDTHS)
    return f"{'-' if hundredths < 0 else ''}{whole}.{rest:02d}"
