"""From the collected opinions to the issued plan: laid before the leading group, approved or returned, sealed, ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangju.programme.forms_plans import ApproveForm, IssueForm, ReasonForm
from chuangju.programme.models import Plan
from chuangju.programme.plan_decisions import (
    approve_plan,
    draft_issue,
    end_plan,
    return_plan,
    submit_plan,
    take_back_approved,
)
from chuangju.programme.plan_papers import RECIPIENTS
from chuangju.programme.views.plan_steps import Step, answer_step, bound, do_and_return, today, visible_plan
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required


@require_POST
@roles_required(Role.PROGRAMME_OFFICE)
def plan_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Lay the plan before the leading group."""
    plan = visible_plan(request, pk)
    given = request.POST.get("revision", "")
    revision = int(given) if given.isascii() and given.isdecimal() and len(given) <= len("999999") else plan.revision
    return do_and_return(
        request,
        lambda: submit_plan(plan, revision=revision, by=acting_user(request), at=timezone.now()),
        done=_("已提请领导小组审定"),
        back=reverse("programme:plan", args=(pk,)),
    )


def _step(request: HttpRequest, plan: Plan, *, heading: str, submit: str, done: str, hint: str = "") -> Step:
    return Step(
        heading=heading,
        submit=submit,
        place=plan.title,
        back=reverse("programme:plan", args=(plan.pk,)),
        done=done,
        hint=hint,
        revision=lambda: visible_plan(request, plan.pk).revision,
    )


@roles_required(Role.LEADER)
def plan_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the leading group approved, where and when."""
    plan = visible_plan(request, pk)
    step = _step(request, plan, heading=_("审定方案"), submit=_("审定通过"), done=_("已审定，可以起草印发文书"))

    def act(data: dict[str, Any]) -> str:
        revision = plan.revision if data["revision"] is None else data["revision"]
        approve_plan(
            plan,
            meeting=data["meeting"],
            approved_on=data["approved_on"],
            revision=revision,
            by=acting_user(request),
            at=timezone.now(),
        )
        return step.back

    initial = {"approved_on": today(), "revision": plan.revision}
    return answer_step(request, ApproveForm(bound(request), initial=initial), step, act)


def _with_reason(request: HttpRequest, plan: Plan, step: Step, decide: Callable[..., Plan]) -> HttpResponse:
    def act(data: dict[str, Any]) -> str:
        revision = plan.revision if data["revision"] is None else data["revision"]
        decide(plan, reason=data["reason"], revision=revision, by=acting_user(request), at=timezone.now())
        return step.back

    form = ReasonForm(bound(request), initial={"revision": plan.revision})
    return answer_step(request, form, step, act)


@roles_required(Role.LEADER)
def plan_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the plan back with the reason."""
    plan = visible_plan(request, pk)
    step = _step(request, plan, heading=_("退回方案"), submit=_("退回修改"), done=_("已退回创建办"))
    return _with_reason(request, plan, step, return_plan)


@roles_required(Role.PROGRAMME_OFFICE)
def plan_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the plan back before it is issued; it will be approved anew."""
    plan = visible_plan(request, pk)
    step = _step(
        request,
        plan,
        heading=_("收回方案"),
        submit=_("收回修改"),
        done=_("已收回，修改后须重新提请审定"),
    )
    return _with_reason(request, plan, step, take_back_approved)


@roles_required(Role.PROGRAMME_OFFICE)
def plan_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a plan that has run its course."""
    plan = visible_plan(request, pk)
    step = _step(
        request,
        plan,
        heading=_("结束方案"),
        submit=_("结束"),
        done=_("方案已结束"),
        hint=_("结束后，未完成的事项不再计入任务的状态，也不再提醒。"),
    )
    return _with_reason(request, plan, step, end_plan)


@roles_required(Role.PROGRAMME_OFFICE)
def plan_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the paper by which the plan is issued."""
    plan = visible_plan(request, pk)
    step = _step(
        request,
        plan,
        heading=_("起草印发文书"),
        submit=_("起草文书"),
        done=_("已起草印发文书；登记文号和用印扫描件后，方案自动生效"),
    )

    def act(data: dict[str, Any]) -> str:
        paper = draft_issue(plan, recipient=data["recipient"], by=acting_user(request), at=timezone.now())
        return reverse("units:paper_detail", args=(paper.code,))

    return answer_step(request, IssueForm(bound(request), initial={"recipient": RECIPIENTS}), step, act)
