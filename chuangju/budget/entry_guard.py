"""The guards of the ledger: triggers that refuse to change or drop an entry or a posting."""

from __future__ import annotations

from chuangju.kernel.guards import Guard

ENTRIES = Guard("budget_entry", unique=(("id",), ("reverses_id",)))
POSTINGS = Guard("budget_posting", unique=(("id",), ("entry_id", "line_id", "account")))
GUARDS = (ENTRIES, POSTINGS)
