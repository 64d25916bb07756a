"""资金 - budget lines, the double-entry ledger and payment batches (row 4)."""
