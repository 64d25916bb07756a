"""Categories - a cell that was merged, repeated, doubled or broken over lines names its category once."""

from __future__ import annotations

import re

_MARKER = re.compile(
    r"^(?:[（(][一二三四五六七八九十百\d]{1,3}[）)]|[一二三四五六七八九十百]{1,3}[、.．]|\d{1,2}[、.．](?!\d))\s*"
)
_CONTINUED = re.compile(r"[（(【\[]?续(?:上?表|前|上页)?\d*[）)】\]]?$")
# No category is longer, however often it is repeated.
_LONGEST = 1_000
_NONE = re.compile(r"[-－—–_/／\\＼….·]*|[（(]?(?:暂?无|空缺?|不涉及)[）)]?[。.]?|n/?a|none|nil", re.IGNORECASE)
# 政策支持（共5项）: how many tasks there are is no part of the name.
_COUNT = re.compile(r"[（(]\s*共?\s*\d{1,3}\s*[项条个]\s*(?:任务)?\s*[）)]$")
# Spaces between two Latin words stay; between Chinese characters they are only layout.
_LAYOUT_SPACE = re.compile(r"(?<![A-Za-z0-9])\s+|\s+(?![A-Za-z0-9])")


def is_none_sign(text: str) -> bool:
    """Whether a cell says "nothing here" (—, /, 无) or nothing at all."""
    return bool(_NONE.fullmatch(re.sub(r"\s+", "", text)))


def clean_category(text: str) -> tuple[str, bool]:
    """The category once, without its list marker, and whether it had been written more than once."""
    blocks = [join_lines(block) for block in re.split(r"\n\s*\n", text.strip())]
    kept: list[str] = []
    repeated = False
    for block in blocks:
        plain, twice = _once(_strip_marks(block))
        repeated |= twice or (plain in kept)
        if plain and plain not in kept:
            kept.append(plain)
    name, twice = _once(join_lines("\n".join(kept)))
    return ("" if is_none_sign(name) else name), repeated or twice


def join_lines(text: str) -> str:
    """One line of text from many: Chinese closes up, Latin words keep a space."""
    return _LAYOUT_SPACE.sub("", re.sub(r"\s+", " ", text.strip()))


def _strip_marks(text: str) -> str:
    bare = _COUNT.sub("", _CONTINUED.sub("", text)) or text
    return _MARKER.sub("", bare) or bare


def _once(text: str) -> tuple[str, bool]:
    """The text without its repetitions (创业服务创业服务), and whether there were any."""
    match = re.fullmatch(r"(.{2,}?)\1+", text) if len(text) <= _LONGEST else None
    if match:
        return match[1], True
    return text, False
