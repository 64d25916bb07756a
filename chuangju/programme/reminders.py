"""节点提醒 - who is told of a step that is near, due or late: its unit's liaison officers, later the leaders too.

Each stage of a step is told once to each person; a new deadline begins anew. Reminders are made on working days only and
leave the house as one pointer a day (kernel/outbox.py), however many steps there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.duties import Duty
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.message_templates import MessageTemplate
from chuangju.kernel.models import User
from chuangju.kernel.outbox import notify
from chuangju.kernel.working_days import add_working_days, is_working_day, working_days_between
from chuangju.programme.lights import soon_until
from chuangju.programme.models import Milestone, TableVersion
from chuangju.units.appointment_register import leader_in_charge_of, officers_by_unit
from chuangju.units.models import Role, RoleAssignment, Unit

POINTER = _("您有工作事项需要处理，请登录查看：%(link)s")


class Stage(models.TextChoices):
    """How pressing a step is on a day; each is told once."""

    SOON = "soon", _("临近时限")
    DUE = "due", _("今日到期")
    LATE = "late", _("逾期")
    ESCALATED = "escalated", _("逾期上报")


MESSAGES = (
    MessageTemplate(
        "programme.milestone_soon",
        _("“%(title)s”将于 %(due)s 到期"),
        _("%(unit)s承担的落实节点“%(title)s”将于 %(due)s 到期，请按时完成并填报进展。"),
        POINTER,
    ),
    MessageTemplate(
        "programme.milestone_due",
        _("“%(title)s”今日到期（%(due)s）"),
        _("%(unit)s承担的落实节点“%(title)s”时限为 %(due)s。完成的请今天确认，未完成的请填报进展和原因。"),
        POINTER,
    ),
    MessageTemplate(
        "programme.milestone_late",
        _("“%(title)s”已逾期"),
        _(
            "%(unit)s承担的落实节点“%(title)s”时限为 %(due)s，已逾期，任务已亮红灯。请尽快完成，并填报原因和预计完成时间。"
        ),
        POINTER,
    ),
    MessageTemplate(
        "programme.milestone_escalated",
        _("%(unit)s：“%(title)s”逾期 %(days)s 个工作日"),
        _("落实节点“%(title)s”由%(unit)s承担，时限为 %(due)s，已逾期 %(days)s 个工作日，现报分管领导和创建办。"),
        POINTER,
    ),
)


def remind_of_milestones(*, on: date, at: datetime) -> int:
    """Tell whoever has to know of the steps that are near, due or late on a day; how many messages were written."""
    if not is_working_day(on):
        return 0
    steps = list(_pressing_steps(on))
    officers = officers_by_unit({step.unit for step in steps}, on)
    superiors = _Superiors(on)
    told = 0
    for step in steps:
        stage = stage_of(step, on)
        people = list(officers[step.unit_id])
        if stage == Stage.ESCALATED:
            # Whoever missed the day on which it became late hears of that first.
            told += _tell(people, step, Stage.LATE, on, at=at)
            people += superiors.of(step.unit)
        told += _tell(people, step, stage, on, at=at)
    return told


def stage_of(step: Milestone, on: date) -> Stage:
    """How pressing an open step with a deadline is on a working day; one due on a day off is due the working day before."""
    assert step.due_on is not None  # noqa: S101 - only steps with a deadline are asked about
    if step.due_on >= on:
        return Stage.DUE if step.due_on < add_working_days(on, 1) else Stage.SOON
    is_long = working_days_between(step.due_on, on) >= settings.ESCALATE_WORKING_DAYS
    return Stage.ESCALATED if is_long else Stage.LATE


def _pressing_steps(on: date) -> Iterable[Milestone]:
    """Open steps of the table in force whose deadline is near or past, in the order in which a reader meets them."""
    in_force = Milestone.objects.filter(
        measure__rows__row__version__state=TableVersion.State.CURRENT,
        state=Milestone.State.OPEN,
        due_on__lte=soon_until(on),
    )
    return in_force.distinct().select_related("unit", "measure__task").order_by("due_on", "pk")


class _Superiors:
    """The programme office and each unit's leader in charge on a day, each asked for once."""

    def __init__(self, on: date) -> None:
        self._on = on
        self._office: list[User] | None = None
        self._leaders: dict[int, list[User]] = {}

    def of(self, unit: Unit) -> list[User]:
        """Whom a long delay of this unit is reported to."""
        if self._office is None:
            held = RoleAssignment.objects.held_on(self._on).filter(role=Role.PROGRAMME_OFFICE, user__is_active=True)
            self._office = list({one.user.pk: one.user for one in held.select_related("user")}.values())
        if unit.pk not in self._leaders:
            leader = leader_in_charge_of(unit, self._on)
            self._leaders[unit.pk] = [leader] if leader else []
        return [*self._leaders[unit.pk], *self._office]


def _tell(people: Iterable[User], step: Milestone, stage: Stage, on: date, *, at: datetime) -> int:
    days = working_days_between(step.due_on, on) if step.due_on and stage == Stage.ESCALATED else 0
    values: dict[str, Any] = {
        "title": step.title,
        "unit": lambda: step.unit.shown_name,
        "due": step.due_on,
        "days": days,
    }
    address = reverse("programme:task", args=(step.measure.task.code,)) + f"#milestone-{step.pk}"
    # One person may be officer, leader and office at once: the key tells them once all the same.
    once_key = f"programme.milestone:{step.pk}:{stage}:{step.due_on}"
    told = 0
    for user in people:
        sent = notify(
            user, f"programme.milestone_{stage}", step, at=at, values=values, address=address, once_key=once_key
        )
        told += sent is not None
    return told


def _run(period: DutyPeriod) -> int:
    return remind_of_milestones(on=period.on, at=period.at)


# After downtime only today's stages are told: yesterday's reminder would be wrong today.
REMINDING = Duty("programme.milestone_reminders", _("落实节点提醒"), "day", _run, catches_up=False, order=60)
