"""Application rounds: the list, a round with its funnel and money, preparing, opening and closing it, its panel and its list."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chuangju.applications.access import sealed_windows, steps_visible_to
from chuangju.applications.batch_listing import batch_sign, listed_windows, policy_title, window_listing, window_sign
from chuangju.applications.batch_ranking import left_of
from chuangju.applications.batches import draw_batch
from chuangju.applications.forms_windows import CasePanelForm, CloseForm, WindowForm
from chuangju.applications.models import Application, DecisionBatch, Step, Window
from chuangju.applications.panel_cases import (
    PanelWish,
    add_late_cases,
    can_open_panel,
    open_case_panel,
    open_window_panel,
    panel_steps_of,
)
from chuangju.applications.views.decide_pages import FormPage, answer_form, bound, do_and_return, today
from chuangju.applications.window_access import (
    KEEPERS,
    PREPARERS,
    READERS,
    can_keep_window,
    can_prepare_batch,
    keeping_units,
    windows_visible_to,
)
from chuangju.applications.window_changes import change_window, close_window, has_closed, open_window, prepare_window
from chuangju.applications.window_words import shown_window_title
from chuangju.kernel.audit import events_about
from chuangju.scoring.sheets import latest_sheet
from chuangju.ui.list_views import render_list
from chuangju.units.access import existing_units_visible_to
from chuangju.units.models import Unit
from chuangju.units.permissions import acting_user, roles_required

_EVENTS = 30
_REVISED = (
    "title", "title_en", "opens_on", "closes_on", "places", "budget_code", "is_sealed", "reserves", "when_empty", "score_sheet",
)  # fmt: skip


def _place() -> tuple[str, str]:
    return _("申报批次"), reverse("applications:window_list")


def _visible(request: HttpRequest, pk: int) -> Window:
    return get_object_or_404(windows_visible_to(request.user, today()).select_related("unit", "panel"), pk=pk)


@require_safe
@roles_required(*READERS)
def window_list(request: HttpRequest) -> HttpResponse:
    """Every round, the newest first."""
    on = today()
    rows = listed_windows(windows_visible_to(request.user, on))
    may_keep = keeping_units(request.user, on).exists()
    return render_list(
        request, window_listing(on=on), rows, template="applications/window_list.html", context={"may_keep": may_keep}
    )


@require_safe
@roles_required(*READERS)
def window(request: HttpRequest, pk: int) -> HttpResponse:
    """One round: its days and limits, how many came how far, the money, its panel and lists, and what may be done."""
    found, on, at = _visible(request, pk), today(), timezone.now()
    closed = has_closed(found, on=on)
    batches = list(found.batches.order_by("-proposed_at", "-pk"))
    context = {
        "window": found,
        "sign": window_sign(found, on=on),
        "policy_title": policy_title(found.policy_id),
        "is_sealed": sealed_windows(on).filter(pk=found.pk).exists(),
        "funnel": _funnel(found),
        "left": left_of(found, at=at),
        "towns": list(found.towns.all()),
        "sheet": latest_sheet(found.score_sheet) if found.score_sheet else None,
        "is_closed": closed,
        "waiting": panel_steps_of(found).count(),
        "batches": [(one, batch_sign(one)) for one in batches],
        "has_open": any(one.state in DecisionBatch.OPEN_STATES for one in batches),
        "may_keep": can_keep_window(request.user, found, on),
        "may_change": found.state == Window.State.DRAFT or (found.opens_on is not None and found.opens_on > on),
        "may_prepare": can_prepare_batch(request.user, found, on),
        "events": events_about(found).select_related("actor").order_by("-at", "-pk")[:_EVENTS],
    }
    return render(request, "applications/window.html", context)


def _funnel(found: Window) -> dict[str, Any]:
    """How many cases came how far, in one query."""
    reached = Q(steps__kind=Step.Kind.PANEL, steps__state__in=(Step.State.OPEN, Step.State.DONE))
    handed = ~Q(state__in=(Application.State.DRAFT, Application.State.OFFERED, Application.State.LAPSED))
    counted: dict[str, Any] = found.applications.aggregate(
        begun=Count("pk", distinct=True),
        handed=Count("pk", filter=handed, distinct=True),
        accepted=Count("pk", filter=Q(accepted_at__isnull=False), distinct=True),
        scored=Count("pk", filter=reached, distinct=True),
        granted=Count("pk", filter=Q(state=Application.State.GRANTED), distinct=True),
    )
    counted["asked"] = found.applications.filter(handed).aggregate(sum=Sum("expected_amount"))["sum"]
    return counted


@roles_required(*KEEPERS)
def window_new(request: HttpRequest) -> HttpResponse:
    """Prepare a round."""
    user, on = acting_user(request), today()
    units = keeping_units(user, on)
    initial = {"unit": next((one.code for one in units[:1]), ""), "is_competitive": True}
    form = WindowForm(bound(request), units=units, towns=_towns(request), on=on, initial=initial)

    def act(_data: dict[str, Any]) -> str:
        made = prepare_window(form.facts(), by=user, at=timezone.now())
        return reverse("applications:window", args=(made.pk,))

    place, back = _place()
    page = FormPage(
        heading=_("设立申报批次"), submit=_("保存"), place=place, back=back,
        done=_("已保存，核对以后点“公布”"), hint=_("保存以后还不公开；公布以后，开始受理之前仍可修改。"),
    )  # fmt: skip
    return answer_form(request, form, page, act)


@roles_required(*KEEPERS)
def window_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a round that has not begun."""
    found, user, on = _visible(request, pk), acting_user(request), today()
    if not can_keep_window(user, found, on):
        raise Http404
    initial = {key: getattr(found, key) for key in _REVISED}
    initial |= {
        "policy_id": found.policy_id,
        "unit": found.unit.code if found.unit else "",
        "is_competitive": found.kind == Window.Kind.COMPETITIVE,
        "money": f"{found.money / 100:.2f}元" if found.money is not None else "",
        "towns": list(found.towns.all()),
        "revision": found.revision,
    }
    form = WindowForm(bound(request), units=keeping_units(user, on), towns=_towns(request), on=on, initial=initial)

    def act(data: dict[str, Any]) -> str:
        change_window(found, form.facts(), revision=data["revision"] or 0, by=user, at=timezone.now())
        return reverse("applications:window", args=(found.pk,))

    back = reverse("applications:window", args=(found.pk,))
    page = FormPage(
        heading=_("修改申报批次"), submit=_("保存"), place=shown_window_title(found), back=back, done=_("已保存"),
        revision=lambda: _visible(request, pk).revision,
    )  # fmt: skip
    return answer_form(request, form, page, act)


def _towns(request: HttpRequest) -> QuerySet[Unit]:
    return existing_units_visible_to(request.user, today()).filter(kind__in=Unit.PLACES)


@require_POST
@roles_required(*KEEPERS)
def window_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a round public."""
    found, user = _visible(request, pk), acting_user(request)
    back = reverse("applications:window", args=(found.pk,))
    return do_and_return(
        request, lambda: open_window(found, by=user, at=timezone.now()), done=_("已公布，政策页面上可以看到"), back=back
    )


@roles_required(*KEEPERS)
def window_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a round before its day."""
    found, user = _visible(request, pk), acting_user(request)
    if not can_keep_window(user, found, today()):
        raise Http404
    back = reverse("applications:window", args=(found.pk,))

    def act(data: dict[str, Any]) -> str:
        close_window(found, reason=data["reason"], by=user, at=timezone.now())
        return back

    page = FormPage(
        heading=_("提前截止"), submit=_("截止受理"), place=shown_window_title(found), back=back, done=_("已截止受理")
    )
    return answer_form(request, CloseForm(bound(request)), page, act)


@roles_required(*PREPARERS)
def window_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """One panel over all cases of a round that passed their checks."""
    found, user = _visible(request, pk), acting_user(request)
    if not can_prepare_batch(user, found, today()):
        raise Http404
    steps = panel_steps_of(found)
    first = steps.first()
    form = CasePanelForm(bound(request), initial=_usual_panel(first) | _chosen_sheet(found))

    def act(data: dict[str, Any]) -> str:
        panel = open_window_panel(found, PanelWish(**data), by=user, at=timezone.now())
        return resolve_url("scoring:panel_detail", panel.pk)

    page = FormPage(
        heading=_("组织专家评审"), submit=_("建立评审"), place=shown_window_title(found),
        back=reverse("applications:window", args=(found.pk,)), facts=((_("参评办件"), steps.count()),),
        done=_("已建立评审。请加入专家并分派，再开始评分"), hint=_("参评的是本批次通过前面各项审查的全部办件。"),
    )  # fmt: skip
    return answer_form(request, form, page, act)


@require_POST
@roles_required(*PREPARERS)
def window_late(request: HttpRequest, pk: int) -> HttpResponse:
    """Cases that came to the panel later join it; those that ended leave it."""
    found, user = _visible(request, pk), acting_user(request)
    back = reverse("applications:window", args=(found.pk,))
    return do_and_return(
        request, lambda: add_late_cases(found, by=user, at=timezone.now()), done=_("参评办件已更新"), back=back
    )


@require_POST
@roles_required(*PREPARERS)
def window_draw(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the selection list."""
    found, user = _visible(request, pk), acting_user(request)
    made: list[DecisionBatch] = []
    back = reverse("applications:window", args=(found.pk,))
    answer = do_and_return(
        request,
        lambda: made.append(draw_batch(found, by=user, at=timezone.now())),
        done=_("已按得分拟出名单"),
        back=back,
    )
    if made:
        answer["Location"] = reverse("applications:board", args=(made[0].pk,))
    return answer


@roles_required(*PREPARERS)
def step_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """A panel over one case that is decided alone."""
    beside = ("application__window", "application__subject", "unit")
    panels = steps_visible_to(request.user, today()).filter(kind=Step.Kind.PANEL)
    step = panels.select_related(*beside).filter(pk=pk).first()
    if step is None:
        raise Http404
    user = acting_user(request)
    back = reverse("applications:case", args=(step.application_id,))
    if not can_open_panel(acting_user(request), step, today()):
        raise Http404
    form = CasePanelForm(bound(request), initial=_usual_panel(step))

    def act(data: dict[str, Any]) -> str:
        panel = open_case_panel(step, PanelWish(**data), by=user, at=timezone.now())
        return resolve_url("scoring:panel_detail", panel.pk)

    page = FormPage(
        heading=_("组织专家评审"), submit=_("建立评审"), place=step.application.title, back=back,
        done=_("已建立评审。请加入专家并分派，再开始评分"), facts=((_("申请主体"), step.application.subject.name),),
    )  # fmt: skip
    return answer_form(request, form, page, act)


def _chosen_sheet(found: Window) -> dict[str, Any]:
    """The newest version of the sheet that the round names; nothing where it names none."""
    sheet = latest_sheet(found.score_sheet) if found.score_sheet else None
    return {"sheet": sheet.pk} if sheet is not None else {}


def _usual_panel(step: Step | None) -> dict[str, Any]:
    """What the policy's file says about its panel."""
    if step is None:
        return {}
    sheet = latest_sheet(str(step.options.get("sheet") or ""))
    return {
        "sheet": sheet.pk if sheet is not None else None,
        "is_blind": step.options.get("blind") is True,
        "due_on": step.due_on,
    }
