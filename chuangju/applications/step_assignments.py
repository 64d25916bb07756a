"""分派与接办 - who in the unit deals with a step, and how somebody takes one over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.access import actors_of, can_assign_step, desk_units, stands_in_case
from chuangju.applications.case_locks import StepRefused, keep_step, lock_step
from chuangju.applications.case_words import shown_case_title
from chuangju.applications.desk_words import step_label
from chuangju.applications.models import Step
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.models import User
from chuangju.kernel.outbox import notify
from chuangju.kernel.refusals import StaleForm
from chuangju.units.models import Role, RoleAssignment


def colleagues_for(step: Step, *, at: datetime) -> QuerySet[User]:
    """Whom a step may be given to: whoever may end it, of its unit or of the unit that leads the case."""
    units = {step.unit_id, step.application.unit_id}
    held = RoleAssignment.objects.held_on(timezone.localdate(at)).filter(unit__in=units, role__in=actors_of(step))
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name", "pk")


def colleagues_of_units(units: Iterable[int | None], *, at: datetime) -> QuerySet[User]:
    """Who works at the desks of these units: whom several steps at once may be given to."""
    roles = (Role.CLERK, Role.APPROVER, Role.FINANCE)
    held = RoleAssignment.objects.held_on(timezone.localdate(at)).filter(unit__in=list(units), role__in=roles)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name", "pk")


@transaction.atomic
def assign_step(step: Step, user: User, *, by: User, at: datetime) -> Step:
    """Give an open or coming step to somebody; raises StepRefused, StaleForm where it has ended."""
    fresh, today = lock_step(step), timezone.localdate(at)
    _check_open(fresh)
    if not can_assign_step(by, fresh, today):
        raise StepRefused(_("只有办理单位和责任单位的人员可以分派"))
    if not colleagues_for(fresh, at=at).filter(pk=user.pk).exists():
        raise StepRefused(_("%(name)s不能承办这个环节：不在办理单位或没有相应角色") % {"name": user.name})
    if stands_in_case(user, fresh.application):
        raise StepRefused(_("%(name)s是申请一方的人，应当回避") % {"name": user.name})
    return _give(fresh, user, "applications.step_assigned", reason="", by=by, at=at)


@transaction.atomic
def take_over(step: Step, *, reason: str, by: User, at: datetime) -> Step:
    """A clerk of the unit that leads a case deals with a step of somebody else's, with the reason on record."""
    fresh, today = lock_step(step), timezone.localdate(at)
    _check_open(fresh)
    words = " ".join(reason.split())[:500]
    if not words:
        raise StepRefused(_("请写明接办的原因"))
    units = desk_units(by, today, *actors_of(fresh))
    if fresh.application.unit_id not in units and fresh.unit_id not in units:
        raise StepRefused(_("只有责任单位或办理单位的人员可以接办"))
    if stands_in_case(by, fresh.application):
        raise StepRefused(_("您是申请一方的人，应当回避"))
    return _give(fresh, by, "applications.step_taken_over", reason=words, by=by, at=at)


def open_steps_of(user: User) -> QuerySet[Step]:
    """The open steps that were given to somebody: what they leave behind at a hand-over."""
    return Step.objects.filter(assignee=user, state=Step.State.OPEN)


def _check_open(step: Step) -> None:
    if step.state not in {Step.State.OPEN, Step.State.WAITING}:
        raise StaleForm(_("这个环节已经办结，请刷新后查看"))


def _give(step: Step, user: User, action: str, *, reason: str, by: User, at: datetime) -> Step:
    if step.assignee_id == user.pk:
        return step
    before = snapshot(step)
    step.assignee = user
    keep_step(step)
    if user.pk != by.pk:
        values = {
            "title": partial(shown_case_title, step.application),
            "number": step.application.number or "",
            "step": partial(step_label, step),
        }
        address = f"/cases/{step.application_id}/"
        notify(user, "applications.step_assigned", step.application, at=at, values=values, address=address)
    record_event(action, step, by=by, at=at, before=before, after=snapshot(step), about=step.application, reason=reason)
    return step
