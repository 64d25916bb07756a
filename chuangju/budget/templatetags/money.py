"""What templates of money ask: amounts in yuan and in ten thousand yuan."""

from __future__ import annotations

from django import template

from chuangju.budget.money_words import short_money

register = template.Library()


@register.filter
def wan(fen: int | None) -> str:
    """Whole fen as 1.2 万元; empty for none."""
    return "" if fen is None else short_money(fen)
