"""催办 - whoever has a step is told before its day, and the unit's approvers once it has passed; each once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial

from chuangju.applications.case_people import approvers_of, people_at_step
from chuangju.applications.case_words import shown_case_title
from chuangju.applications.desk_settings import desk_settings
from chuangju.applications.desk_words import step_label
from chuangju.applications.flags import PAUSING
from chuangju.applications.models import Step
from chuangju.kernel.models import User
from chuangju.kernel.outbox import notify
from chuangju.kernel.working_days import add_working_days


def remind_and_raise(on: date, *, at: datetime) -> int:
    """Tell people of steps that are nearly due or late on this day; how many messages were written."""
    settings = desk_settings()["escalation"]
    soon, late = add_working_days(on, settings["warn_days"]), add_working_days(on, -settings["raise_days"])
    told = 0
    for step in _open(due_on=soon):
        told += _tell(step, "applications.step_due", people_at_step(step, on=on), at=at)
    for step in _open(due_on=late):
        told += _tell(step, "applications.step_late", [*people_at_step(step, on=on), *approvers_of(step, on=on)], at=at)
    return told


def _open(*, due_on: date) -> Iterable[Step]:
    """Open steps with this day, of cases that nothing keeps from going on."""
    blocked = Step.objects.filter(
        application__flags__kind__in=PAUSING, application__flags__ended_at__isnull=True
    ).values("pk")
    found = Step.objects.filter(state=Step.State.OPEN, due_on=due_on).exclude(pk__in=blocked)
    return found.select_related("application", "unit", "assignee").order_by("pk")


def _tell(step: Step, template: str, people: Iterable[User], *, at: datetime) -> int:
    values = {
        "title": partial(shown_case_title, step.application),
        "number": step.application.number or "",
        "step": partial(step_label, step),
        "due_on": step.due_on,
    }
    told = 0
    for user in dict.fromkeys(people):
        message = notify(
            user,
            template,
            step.application,
            at=at,
            values=values,
            address=f"/cases/{step.application_id}/",
            once_key=f"{template}:{step.pk}:{step.due_on}",
        )
        told += message is not None
    return told
