"""办件时限 - the clocks of a case in working days: completeness first, then what is promised and what the law allows.

The clocks themselves live in the kernel. A pause (补正, an outside body) moves the due days of open steps as well, so
that nobody is late for days on which they could do nothing. `due_on` of a case is a copy for lists and moves with them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from chuangju.applications.desk_settings import desk_settings
from chuangju.applications.models import Application, Step
from chuangju.kernel.clocks import ClockReading, clock_of, clocks_of, pause_clock, read_clock, resume_clock
from chuangju.kernel.clocks import start_clock as start_kernel_clock
from chuangju.kernel.clocks import stop_clock as stop_kernel_clock
from chuangju.kernel.models import Clock, User
from chuangju.kernel.working_days import add_working_days, working_days_between
from chuangju.rules.policy import Policy

# Completeness, from submission; the case itself, from acceptance.
INTAKE, CASE = "applications.intake", "applications.case"


def promised_days(policy: Policy) -> int:
    """What the policy's process takes in all, as its file says; the desk's usual figure where it says nothing."""
    usual: int = desk_settings()["clocks"]["promised_days"]
    return policy.days or usual


def start_intake_clock(application: Application, *, counts_after: date, by: User | None, at: datetime) -> Clock:
    """Handed in: completeness is told within the desk's working days; of a sealed round, after it has closed."""
    days: int = desk_settings()["clocks"]["intake_days"]
    return start_kernel_clock(application, INTAKE, promised_days=days, counts_after=counts_after, by=by, at=at)


def start_case_clock(application: Application, policy: Policy, *, by: User | None, at: datetime) -> date:
    """Accepted: what is promised and what the law allows begin to count; the promised day."""
    stop_clock(application, INTAKE, by=by, at=at)
    promised = promised_days(policy)
    legal = max(promised, desk_settings()["clocks"]["legal_days"])
    start_kernel_clock(application, CASE, promised_days=promised, legal_days=legal, by=by, at=at)
    return add_working_days(timezone.localdate(at), promised)


def stop_clock(application: Application, kind: str = CASE, *, by: User | None, at: datetime) -> None:
    """The count ends; nothing where no such clock was started."""
    clock = clock_of(application, kind)
    if clock is not None:
        stop_kernel_clock(clock, by=by, at=at)


def stop_all_clocks(application: Application, *, by: User | None, at: datetime) -> None:
    """The case is over: nothing counts any more."""
    for kind in (INTAKE, CASE):
        stop_clock(application, kind, by=by, at=at)


def pause_case(application: Application, *, reason: str, by: User | None, at: datetime) -> None:
    """Whatever clock runs stands still; nothing where it does already."""
    clock = running_clock(application)
    if clock is not None and not _is_paused(clock):
        pause_clock(clock, reason=reason, by=by, at=at)


def resume_case(application: Application, *, by: User | None, at: datetime) -> None:
    """The clock goes on; open steps and the case's own day move by the working days that it stood still."""
    clock = running_clock(application)
    if clock is None or not _is_paused(clock):
        return
    pause = next(one for one in clock.pauses.all() if one.resumed_on is None)
    resume_clock(clock, by=by, at=at)
    _move_due_days(application, working_days_between(pause.paused_on, timezone.localdate(at)))


def running_clock(application: Application) -> Clock | None:
    """The clock that counts now: the case's own, else that of completeness."""
    clocks = (clock_of(application, CASE), clock_of(application, INTAKE))
    return next((clock for clock in clocks if clock is not None and clock.stopped_on is None), None)


def read_case(application: Application, *, on: date) -> ClockReading | None:
    """The clock of a case on a day: its own, before acceptance that of completeness; None for a case without any."""
    return read_cases([application], on=on).get(str(application.pk))


def read_cases(applications: Iterable[Application], *, on: date) -> dict[str, ClockReading]:
    """The clocks of many cases by their key; four queries however many they are."""
    cases = list(applications)
    clocks = {**clocks_of(cases, INTAKE), **clocks_of(cases, CASE)}
    return {key: read_clock(clock, on=on) for key, clock in clocks.items()}


def _is_paused(clock: Clock) -> bool:
    return any(pause.resumed_on is None for pause in clock.pauses.all())


def _move_due_days(application: Application, days: int) -> None:
    if not days:
        return
    moved = list(Step.objects.filter(application=application, state=Step.State.OPEN, due_on__isnull=False))
    for step in moved:
        step.due_on = add_working_days(step.due_on, days) if step.due_on else None
    Step.objects.bulk_update(moved, ["due_on"])
    if application.due_on is not None:
        application.due_on = add_working_days(application.due_on, days)
        application.save(update_fields=["due_on"])
