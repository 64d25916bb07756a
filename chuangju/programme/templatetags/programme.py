"""What templates of the table ask: printed names of a row, the words of a change, English titles."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from chuangju.kernel.languages import reads_english
from chuangju.programme.comparison import FieldChange, Op
from chuangju.programme.models import Category, TaskRow
from chuangju.programme.table_page import PrintedName, category_name, names_in

register = template.Library()

_MARKS = {Op.ADDED: "<ins>{}</ins>", Op.REMOVED: "<del>{}</del>"}


@register.simple_tag
def printed_units(row: TaskRow, part: str) -> list[PrintedName]:
    """The names printed in the lead or the cooperating cell of a row."""
    return names_in(row, part)


@register.filter
def category_title(category: Category | None) -> str:
    """A category in the reader's language."""
    return category_name(category)


@register.simple_tag
def change_parts(change: FieldChange) -> SafeString:
    """The pieces of a change: kept, struck out, underlined."""
    return format_html_join("", "{}", ((format_html(_MARKS.get(op, "{}"), text),) for op, text in change.parts))


@register.simple_tag
def is_english() -> bool:
    """Whether the page is shown in English."""
    return reads_english()


@register.filter
def lookup(mapping: dict[str, Any], key: str) -> Any:
    """A mapping's value by a key that is itself a variable; empty where there is none."""
    return mapping.get(key, "")
