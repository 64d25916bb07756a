"""姓氏笔画 - the order of names where no office tells them apart: by strokes of the surname, never by sound or score."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

SURNAMES_FILE = Path(__file__).parent / "data" / "surnames.toml"
# What demo names begin with is no surname.
_MARK = "演示·"


def name_order(name: str) -> tuple[int, int, str]:
    """The key to sort names by: strokes of the surname, its first stroke, then the whole name.

    Only the first sign counts, of a double surname too; one that the list does not know stands last.
    """
    plain = name.removeprefix(_MARK).strip()
    strokes, place = _places().get(plain[:1], (99, 0))
    return strokes, place, plain


@lru_cache(maxsize=1)
def _places() -> dict[str, tuple[int, int]]:
    data = tomllib.loads(SURNAMES_FILE.read_text(encoding="utf-8"))
    return {sign: (count, place) for count, signs in data["strokes"] for place, sign in enumerate(signs)}
