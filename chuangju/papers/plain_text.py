"""纯文本 - words without what no file may hold, and how wide they stand; weighs nothing on whoever needs no more."""

from __future__ import annotations

import re
import unicodedata


def text_width(text: str) -> int:
    """How many columns the widest line takes, Chinese signs counting twice."""
    return max(
        (sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line) for line in text.split("\n")),
        default=0,
    )


def clean_text(text: str) -> str:
    """Without the control signs that no XML may hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)
