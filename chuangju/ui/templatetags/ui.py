"""Tags and filters of every template: icons, signs, fields, dates, numbers, figures, history."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from chuangju.kernel.models import AuditEvent
from chuangju.kernel.money import format_yuan
from chuangju.ui import dates, signs
from chuangju.ui.cells import draw_value, mark_chinese
from chuangju.ui.field_errors import sentences_of
from chuangju.ui.history import HistoryLine, lines_of
from chuangju.ui.icons import draw_icon
from chuangju.ui.list_drawing import draw_filter, draw_table
from chuangju.ui.list_state import ListState

register = template.Library()

# The product's stylesheets in the order in which they build on each other; print.css follows for paper only.
STYLESHEETS = ("tokens", "base", "shell", "parts", "forms", "lists", "table")
# No eval, no style element of its own, no copy of pages in the browser's storage.
HTMX_SETTINGS = {
    "allowEval": False,
    "includeIndicatorStyles": False,
    "historyCacheSize": 0,
    "refreshOnHistoryMiss": True,
    "selfRequestsOnly": True,
    "attributesToSettle": ["class"],
}

register.filter("zh_date", dates.long_date)
register.filter("short_date", dates.short_date)
register.filter("zh_month", dates.month)
register.filter("zh_moment", dates.long_moment)
register.filter("iso_date", dates.iso_date)
register.filter("iso_moment", dates.iso_moment)
register.filter("number", signs.format_number)


@register.simple_tag
def icon(name: str, css: str = "", style: str = "outline") -> SafeString:
    """`{% icon "check" %}`: a drawing beside words that say the same; sizes come from the class."""
    return draw_icon(name, css, style)


@register.inclusion_tag("ui/styles.html")
def stylesheets() -> dict[str, list[str]]:
    """The links to the stylesheets and the mark; needs no request, so the page of a failure can use it."""
    return {"stylesheets": [f"ui/{name}.css" for name in STYLESHEETS]}


@register.inclusion_tag("ui/scripts.html", takes_context=True)
def scripts(context: Context) -> dict[str, Any]:
    """What makes pages smoother where there is JavaScript; nothing depends on it."""
    return {"htmx_settings": json.dumps(HTMX_SETTINGS), "csp_nonce": context["CSP_NONCE"]}


@register.simple_tag
def idempotency_key() -> SafeString:
    """A hidden key, new for every page: sent twice, the form takes effect once."""
    return format_html('<input type="hidden" name="idempotency_key" value="{}">', uuid.uuid4())


@register.simple_tag
def tag(state: str, text: object) -> SafeString:
    """`{% tag "late" "逾期" %}`: late ▲, soon ◆, good ●, done ✓, flat."""
    return signs.draw_sign(state, text)


@register.simple_tag
def light(sign: object, text: object = None) -> SafeString:
    """`{% light row.sign %}` for anything with `state` and `text`, or `{% light state text %}`."""
    if text is None and isinstance(sign, signs.SignLike):
        return signs.draw_sign(sign.state, sign.text)
    return signs.draw_sign(str(sign), "" if text is None else text)


@register.filter
def yuan(fen: int | None) -> str:
    """Whole fen as an amount in yuan; empty for none."""
    return "" if fen is None else str(format_yuan(fen))


@register.filter
def percent(part: float | None, digits: int = 1) -> str:
    """0.48 as 48.0 %; empty for none, because nothing is not zero."""
    return "" if part is None else f"{part * 100:.{digits}f} %"


@register.filter
def zh(text: object) -> SafeString | str:
    """Chinese data on a page in another language says so, for screen readers and for the right glyphs."""
    return mark_chinese(text)


@register.simple_tag(name="zh")
def zh_tag(text: object) -> SafeString | str:
    """The filter `zh` as a tag: `{% zh unit.name %}`."""
    return zh(text)


@register.filter
def cell(value: object) -> SafeString | str:
    """A list's value as a reader sees it: ISO days, yes and no, a dash where there is nothing."""
    return draw_value(value)


@register.simple_tag(takes_context=True)
def list_table(context: Context, state: ListState) -> SafeString:
    """The table of a list."""
    return draw_table(state, context)


@register.simple_tag
def list_filters(state: ListState) -> SafeString:
    """The filters of a list with their choices."""
    return SafeString("".join(draw_filter(each) for each in state.filters))


def _kind_of(bound: BoundField) -> str:
    """Which drawing a field gets, by its widget."""
    kind = getattr(bound.field.widget, "input_type", "")
    if bound.use_fieldset:
        return "group"
    if kind == "checkbox" and not getattr(bound.field.widget, "allow_multiple_selected", False):
        return "check"
    return "file" if kind == "file" else "plain"


@register.simple_tag
def field(bound: BoundField, label: str = "", hint: str = "") -> SafeString:
    """A field with its label, help and error beside it; label and hint may be said better by the page."""
    if bound.is_hidden:
        return bound.as_widget()
    described = [
        f"{bound.auto_id}_helptext" if hint or bound.help_text else "",
        f"{bound.auto_id}_error" if bound.errors else "",
    ]
    attrs: dict[str, str | bool] = {"aria-describedby": " ".join(filter(None, described))} if any(described) else {}
    context = {
        "field": bound,
        "kind": _kind_of(bound),
        "label": label or bound.label,
        "hint": hint or bound.help_text,
        "control": bound.as_widget(attrs=attrs),
        "is_optional": not bound.field.required,
        "errors": sentences_of(bound),
    }
    return SafeString(render_to_string("ui/field.html", context))


@register.inclusion_tag("ui/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """What must be mended, at the top of the form, each linking to its field."""
    shown = [(bound, error) for bound in form for error in sentences_of(bound)]
    return {"general": list(form.non_field_errors()) if form.is_bound else [], "errors": shown}


@register.inclusion_tag("ui/form_fields.html")
def form_fields(form: BaseForm) -> dict[str, Any]:
    """The whole form: summary of errors, then every field."""
    return {"form": form}


@register.inclusion_tag("ui/pager.html")
def pager(page: Page[Any], query: str = "?") -> dict[str, Any]:
    """Links to the other pages; `query` is the address' query without the page."""
    paginator = page.paginator
    joint = query if query.endswith("?") else f"{query}&"
    return {
        "page": page,
        "joint": joint,
        "numbers": list(paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)),
        "gap": paginator.ELLIPSIS,
    }


@register.inclusion_tag("ui/figure_strip.html")
def figure_strip(figures: Iterable[Any]) -> dict[str, Any]:
    """A strip of figures: label, value, unit, tone; numbers are grouped."""
    return {"figures": signs.figures_from(figures)}


@register.inclusion_tag("ui/history.html")
def history(events: Iterable[AuditEvent]) -> dict[str, list[HistoryLine]]:
    """Who changed what and when, in words; give it a page of events, newest first."""
    return {"lines": lines_of(events)}
