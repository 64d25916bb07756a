"""列表的画法 - the table of a list as HTML, drawn in Python: fifty rows of nine cells cost a template engine ten times as much.

The markup is the one described in the stylesheets; a cell that needs more than a value and a link brings its own drawing
(`Column.draw`) or, where it holds forms, its own template.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chuangju.ui.cells import HAN, draw_value, mark_chinese
from chuangju.ui.icons import draw_icon
from chuangju.ui.list_state import Heading, ListState, ShownFilter
from chuangju.ui.listing import Band, Column

CellDrawer = Callable[[Any], str]
_ARROWS = {"ascending": "chevron-up", "descending": "chevron-down"}


def draw_table(state: ListState, context: Context) -> SafeString:
    """The whole table of the page shown; cells with a template of their own see the page's context."""
    heads = "".join(_heading(each) for each in state.headings)
    drawers = [_cell_drawer(column, label, css, context) for column, label, css in state.heads]
    width = len(drawers)
    rows = []
    for row, band in state.banded_rows():
        cells = "".join([draw(row) for draw in drawers])
        rows.append(f"\n{_band(band, width) if band else ''}\n<tr>{cells}</tr>")
    return SafeString(
        f'<div class="card table-card"><table class="table">\n<thead><tr>{heads}</tr></thead>\n'
        f'<tbody hx-boost="false">{"".join(rows)}\n</tbody></table></div>\n'
    )


def draw_filter(shown: ShownFilter) -> str:
    """One filter of the toolbar with its choices."""
    choices = "".join(
        f'<li><a href="{escape(query)}"{current}>{_choice(label)}</a></li>'
        for label, query, current in (
            (each.label, each.query, ' aria-current="true"' if each.is_current else "") for each in shown.choices
        )
    )
    chosen = " chosen" if shown.value else ""
    return (
        f'<details class="popover" name="list-popover"><summary class="chip{chosen}">{escape(str(shown.label))}{_("：")}'
        f"{escape(shown.chosen)}{draw_icon('chevron-down', '', 'micro')}</summary>"
        f'<ul class="popover-panel">{choices}</ul></details>'
    )


def _choice(label: str) -> str:
    """The words of a choice; names that stand in Chinese on an English page say so."""
    return mark_chinese(label) if HAN.search(label) else escape(label)


def _heading(heading: Heading) -> str:
    css = f' class="{escape(heading.column.css)}"' if heading.column.css else ""
    order = f' aria-sort="{heading.order}"' if heading.order else ""
    label = escape(str(heading.column.label))
    if heading.query:
        arrow = _ARROWS.get(heading.order)
        drawn = draw_icon(arrow, "", "micro") if arrow else draw_icon("chevron-up-down", "quiet", "micro")
        label = f'<a href="{escape(heading.query)}">{label}{drawn}</a>'
    return f'<th scope="col"{css}{order}>{label}</th>'


def _band(band: Band, width: int) -> str:
    note = f"<small>{escape(str(band.note))}</small>" if band.note else ""
    return f'<tr class="cat"><th scope="colgroup" colspan="{width}">{escape(str(band.title))}{note}</th></tr>'


def _cell_drawer(column: Column, label: str, css: str, context: Context) -> CellDrawer:
    """What draws the cells of one column, with everything that is the same for all rows worked out."""
    start, value, url = f'<td class="{escape(css)}" data-label="{escape(label)}">', column.value, column.url
    own = column.draw
    if own is not None:
        return lambda row: f"{start}{own(row)}</td>"
    if column.template:
        return _templated(column, column.template, start, context)
    if url is None:
        return lambda row: f"{start}{draw_value(value(row))}</td>"

    def linked(row: Any) -> str:
        address, drawn = url(row), draw_value(value(row))
        return f'{start}<a href="{escape(address)}">{drawn}</a></td>' if address else f"{start}{drawn}</td>"

    return linked


def _templated(column: Column, name: str, start: str, context: Context) -> CellDrawer:
    template = get_template(name).template  # type: ignore[attr-defined]  # the backend's own, as `include` uses it

    def draw(row: Any) -> str:
        with context.push(row=row, value=column.value(row)):
            return f"{start}{template.render(context)}</td>"

    return draw
