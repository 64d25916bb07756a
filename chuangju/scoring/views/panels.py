"""Panels for whoever runs or reads them: the list, opening one, the score matrix, results and fees."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangju.kernel.audit import events_about
from chuangju.kernel.models import User
from chuangju.scoring.access import (
    READERS,
    RUNNERS,
    can_make_sheets,
    can_read_fees,
    can_run_panel,
    panels_visible_to,
)
from chuangju.scoring.criteria import criteria_of, full_marks
from chuangju.scoring.fees import fee_lines, fee_rate_of
from chuangju.scoring.forms import PanelForm
from chuangju.scoring.lists import fee_listing, panel_listing, panel_sign, result_listing
from chuangju.scoring.matrix import matrix_of
from chuangju.scoring.models import Panel
from chuangju.scoring.panels import open_panel, typed_subjects
from chuangju.scoring.progress import with_progress
from chuangju.scoring.results import results_of
from chuangju.scoring.score_text import score_text
from chuangju.scoring.views.panel_lines import lines_of
from chuangju.ui.confirmations import Confirmation
from chuangju.ui.list_views import render_list
from chuangju.ui.signs import Figure
from chuangju.units.access import has_role
from chuangju.units.form_views import answer_form
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required

_PER_PAGE = 50
_EVENTS = 20
FEE_READERS = (*RUNNERS, Role.FINANCE)


def visible_panel(user: User, pk: UUID) -> Panel:
    """The panel with its figures, where somebody may see it; else 404."""
    seen = panels_visible_to(user, timezone.localdate()).select_related("sheet", "unit", "opened_by", "frozen")
    found = with_progress(seen).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_safe
@roles_required(*READERS)
def panel_list(request: HttpRequest) -> HttpResponse:
    """The panels one sees, the newest first."""
    user, today = acting_user(request), timezone.localdate()
    panels = with_progress(panels_visible_to(user, today)).select_related("unit")
    context = {"can_open": has_role(user, *RUNNERS, on=today), "can_make": can_make_sheets(user, today)}
    return render_list(request, panel_listing(today), panels, template="scoring/panel_list.html", context=context)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*RUNNERS)
def panel_open(request: HttpRequest) -> HttpResponse:
    """Begin to prepare a panel: its sheet, its terms, whom it assesses."""
    user, today = acting_user(request), timezone.localdate()
    form = PanelForm(request.POST if request.method == "POST" else None, user=user, on=today)

    def act() -> str:
        data = form.cleaned_data
        panel = open_panel(
            data["sheet"],
            title=data["title"],
            unit=data["unit"],
            is_blind=data["is_blind"],
            drop_extremes=data["drop_extremes"],
            normalisation=data["normalisation"],
            min_assessors=data["min_assessors"],
            max_per_assessor=data["max_per_assessor"],
            subjects=typed_subjects(form.labels()),
            due_on=data["due_on"],
            is_draft=True,
            by=user,
            at=timezone.now(),
        )
        messages.success(request, _("已建立，加入评审专家并分派后即可开始评分"))
        return resolve_url("scoring:panel_detail", panel.pk)

    step = Confirmation(
        title=_("发起评审"),
        sentence=_("先建立筹备中的评审；加入参评对象和专家后，由您点“开始评分”"),
        action_label=_("建立"),
        cancel_url=resolve_url("scoring:panel_list"),
    )
    return answer_form(request, form, step, act)


@require_safe
@roles_required(*READERS)
def panel_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The score matrix with what is still missing, the terms, and what may be done next."""
    user, today = acting_user(request), timezone.localdate()
    panel = visible_panel(user, pk)
    results = results_of(panel)
    order = {result.subject_key: place for place, result in enumerate(results)}
    entries = sorted(panel.entries.all(), key=lambda entry: (order.get(entry.subject_key, len(order)), entry.position))
    page = Paginator(entries, _PER_PAGE).get_page(request.GET.get("page", "1"))
    matrix = matrix_of(panel, list(page.object_list), results)
    short = sum(bool(result.missing) for result in results)
    can_run = can_run_panel(user, panel, today)
    context = {
        "panel": panel,
        "sign": panel_sign(panel, today),
        "page": page,
        "lines": lines_of(matrix),
        "columns": matrix.columns,
        "figures": _figures(panel, short),
        "full": score_text(full_marks(criteria_of(panel.sheet))).removesuffix(".00"),
        "short": short,
        "can_run": can_run and not panel.is_settled,
        "can_close": can_run and panel.state == Panel.State.FROZEN,
        "can_read_fees": can_read_fees(user, today),
        "can_print": has_role(user, *RUNNERS, on=today),
        "events": list(events_about(panel).order_by("-at", "-pk")[:_EVENTS]),
    }
    return render(request, "scoring/panel_detail.html", context)


@require_safe
@roles_required(*READERS)
def panel_results(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The ranked results, to be narrowed and exported."""
    panel = visible_panel(acting_user(request), pk)
    context = {"panel": panel, "sign": panel_sign(panel, timezone.localdate())}
    template = "scoring/panel_results.html"
    return render_list(request, result_listing(), results_of(panel), template=template, context=context)


@require_safe
@roles_required(*FEE_READERS)
def panel_fees(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the assessors are paid for, and by which rate."""
    panel = visible_panel(acting_user(request), pk)
    lines = fee_lines(panel)
    amounts = [line.amount for line in lines if line.amount is not None]
    context = {"panel": panel, "rate": fee_rate_of(panel), "sum": sum(amounts), "has_lines": bool(amounts)}
    return render_list(request, fee_listing(), lines, template="scoring/panel_fees.html", context=context)


def _figures(panel: Panel, short: int) -> list[Figure]:
    counts = {name: getattr(panel, f"{name}_count") for name in ("subject", "done", "open", "declined")}
    return [
        Figure(_("参评对象"), counts["subject"]),
        Figure(_("已提交评分"), counts["done"]),
        Figure(_("待评分"), counts["open"], tone="soon" if counts["open"] and not panel.is_settled else ""),
        Figure(_("评分数不足的对象"), short, tone="late" if short else ""),
        Figure(_("声明回避"), counts["declined"]),
    ]
