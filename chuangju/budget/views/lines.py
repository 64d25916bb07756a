"""Lines of the budget: their list, the page of one with its burn-down, its entries, and what finance does with it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chuangju.budget.access import (
    READERS,
    can_keep_anything,
    can_keep_unit,
    entries_visible_to,
    lines_visible_to,
)
from chuangju.budget.execution import earmark_shares, execution_of, execution_of_all, month_ends
from chuangju.budget.line_listing import entry_listing, last_entries, line_listing, outlook_of
from chuangju.budget.line_page import burn_down, even_left, figures_of
from chuangju.budget.models import BudgetLine, Entry
from chuangju.budget.money_signs import state_sign
from chuangju.budget.year_end import why_not_closable
from chuangju.kernel.audit import events_about
from chuangju.programme.views.plan_steps import today
from chuangju.ui.list_views import render_list
from chuangju.units.permissions import roles_required

FORM = "budget/form.html"
ENTRIES_SHOWN, EVENTS_SHOWN = 12, 10


@require_safe
@roles_required(*READERS)
def line_list(request: HttpRequest) -> HttpResponse:
    """Every line that the reader sees, with the figures of the year and the shares of its purposes."""
    on = today()
    lines = lines_visible_to(request.user, on).select_related("unit", "balance")
    of_year = list(lines.filter(year=_year_asked(request)).exclude(state=BudgetLine.State.DRAFT))
    shares = earmark_shares(of_year)
    context = {
        "year": _year_asked(request),
        "figures": figures_of(execution_of_all(of_year, _year_asked(request), on=on)),
        "shares": shares if any(share.taken for share in shares) else [],
        "can_keep": can_keep_anything(request.user, on=on),
    }
    outlook = outlook_of(list(lines.filter(state=BudgetLine.State.OPEN)), on=on)
    return render_list(request, line_listing(outlook), lines, template="budget/line_list.html", context=context)


def _year_asked(request: HttpRequest) -> int:
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdecimal() and len(asked) == len("2026") else today().year


def visible_line(request: HttpRequest, pk: int) -> BudgetLine:
    """The line, if this reader may see it; else 404."""
    found = lines_visible_to(request.user, today()).select_related("unit", "balance", "follows", "successor")
    line = found.filter(pk=pk).first()
    if line is None:
        raise Http404
    return line


def kept_line(request: HttpRequest, pk: int) -> BudgetLine:
    """The line, for whoever keeps it; for others its forms do not exist."""
    line = visible_line(request, pk)
    if not can_keep_unit(request.user, line.unit, on=today()):
        raise Http404
    return line


@require_safe
@roles_required(*READERS)
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """A line: where its money is, how fast it goes, what is to be expected, its last entries, its history."""
    on, found = today(), visible_line(request, pk)
    ends = month_ends(found, on=on)
    can_keep = can_keep_unit(request.user, found.unit, on=on)
    entries = entries_visible_to(request.user, on)
    context = {
        "line": found,
        "sign": state_sign(found),
        "execution": execution_of(found, on=on),
        "figures": figures_of(execution_of(found, on=on)),
        "forecast": outlook_of([found], on=on).of(found),
        "chart": burn_down(ends, year=found.year),
        "ends": [(end, even_left(end, found.year)) for end in ends],
        "entries": last_entries(_entries_of(found, entries), ENTRIES_SHOWN),
        "can_keep": can_keep,
        "may_close": can_keep and not why_not_closable(found, on=on),
        "successor": getattr(found, "successor", None),
        # What moved its money stands in the entries beside this.
        "events": Paginator(events_about(found).filter(object_type=found._meta.label_lower), EVENTS_SHOWN).get_page(
            request.GET.get("events")
        ),
    }
    return render(request, "budget/line.html", context)


def _entries_of(line: BudgetLine, entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """What moved the money of a line, also where the entry names another line."""
    keys = line.postings.values("entry")
    return entries.filter(pk__in=keys).select_related("line", "by").order_by("-at", "-pk")


@require_safe
@roles_required(*READERS)
def line_entries(request: HttpRequest, pk: int) -> HttpResponse:
    """Every entry of a line."""
    found = visible_line(request, pk)
    can_keep = can_keep_unit(request.user, found.unit, on=today())
    entries = _entries_of(found, entries_visible_to(request.user, today()))
    context = {"line": found}
    listing = entry_listing(may_reverse=can_keep and found.state == BudgetLine.State.DRAFT)
    return render_list(request, listing, entries, template="budget/line_entries.html", context=context)
