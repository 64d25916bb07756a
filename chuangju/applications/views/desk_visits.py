"""现场核查 on a phone: the day, the list with photos, the place, and what was found."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chuangju.applications.access import DESK_ACTORS, can_act_in_step
from chuangju.applications.case_locks import findings_of
from chuangju.applications.forms_desk import VisitForm, VisitPlanForm
from chuangju.applications.models import Step
from chuangju.applications.views.desk_steps import FORM, desk_step, form_step, page_of
from chuangju.applications.visits import Finding, finish_visit, list_of, open_list, plan_visit
from chuangju.kernel.refusals import Refused
from chuangju.programme.views.plan_steps import answer_step, bound, today
from chuangju.units.permissions import acting_user, roles_required


def _visit(request: HttpRequest, pk: int) -> Step:
    """An open visit of the reader's; else 404."""
    step = desk_step(request, pk)
    if step.kind != Step.Kind.VISIT or not can_act_in_step(request.user, step, today()):
        raise Http404
    return step


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*DESK_ACTORS)
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """The visit as it is made: address, list with photos, place, finding."""
    step = _visit(request, pk)
    form = VisitForm(
        request.POST or None, request.FILES or None, initial={"revision": step.revision, "result": "passed"}
    )
    frame = form_step(step.application, _("现场核查"), _("提交核查结果"), _("已提交核查结果"))

    def act(cleaned: dict[str, Any]) -> str:
        place = {name: cleaned[name] for name in ("latitude", "longitude", "accuracy")}
        finding = Finding(
            cleaned["result"],
            cleaned["opinion"],
            place if place["latitude"] else None,
            tuple(cleaned["photos"]),
        )
        finish_visit(step, finding, revision=cleaned["revision"], by=acting_user(request), at=timezone.now())
        return page_of(step)

    if request.method == "POST":
        return answer_step(request, form, _framed(request, step, frame), act, template="applications/visit.html")
    shown = _framed(request, step, frame)
    return render(request, "applications/visit.html", {"form": form, "step": shown, **shown.extra})


def _framed(request: HttpRequest, step: Step, frame: Any) -> Any:
    found = findings_of(step)
    frame.extra.update(
        visited=step,
        application=step.application,
        planned_on=found.get("planned_on", ""),
        has_list=list_of(step, acting_user(request)) is not None,
    )
    return frame


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*DESK_ACTORS)
def visit_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree on the day; the applicant is told."""
    step = _visit(request, pk)
    form = VisitPlanForm(bound(request), initial={"day": today()})
    hint = _("申请人会收到日期和要准备的原件。")
    frame = form_step(step.application, _("约定现场核查"), _("通知申请人"), _("已通知申请人核查日期"), hint)

    def act(cleaned: dict[str, Any]) -> str:
        planned = plan_visit(step, day=cleaned["day"], by=acting_user(request), at=timezone.now())
        _begin_list(planned, request)
        return page_of(step)

    return answer_step(request, form, frame, act, template=FORM)


def _begin_list(step: Step, request: HttpRequest) -> None:
    try:
        open_list(step, by=acting_user(request), at=timezone.now())
    except Refused:
        # Whoever may not tick the list plans the day alone.
        return
