"""金额写法 - large amounts as readers of each language take them in at a glance."""

from __future__ import annotations

from chuangju.kernel.languages import reads_english
from chuangju.kernel.money import format_wan, format_yuan


def short_money(fen: int) -> str:
    """1.2 万元 in Chinese; in English, which does not count in ten thousands, the amount in yuan."""
    return format_yuan(fen) if reads_english() else format_wan(fen)
