"""A row that is locked together with what it is read with says which row it means: else PostgreSQL locks the joined ones too."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# A chain of calls that locks, up to its end, which joins further tables to the row.
JOINED = re.compile(
    r"select_for_update\(\)(?:\s*\.\w+\([^()]*\))*?\s*\.select_related\(|select_related\([^()]*\)(?:\s*\.\w+\([^()]*\))*?\s*\.select_for_update\(\)"
)


def test_a_lock_with_joined_rows_names_the_row_that_it_is_for() -> None:
    faults = [
        f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, found.start()) + 1}"
        for path in sorted((ROOT / "chuangju").rglob("*.py"))
        for text in [path.read_text(encoding="utf-8")]
        for found in JOINED.finditer(text)
    ]
    assert not faults, "write select_for_update(of=('self',))"
