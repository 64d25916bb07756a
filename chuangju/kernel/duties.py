"""例行事务 - what the programme does by itself every day and every quarter of an hour, exactly once for each period.

One row stands for each duty and period (a unique constraint); whoever runs it holds the row's token and writes the end of
it in the transaction of the work itself. Days missed are made up for in order. A duty that fails is tried again with
growing pauses, later days of the same duty wait for it, and other duties do not.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db import DatabaseError, transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from chuangju.kernel.audit import record_event
from chuangju.kernel.duty_periods import DutyPeriod, day_span, days_due, quarter_hour_span, quarter_hours_due
from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.locks import LockBusy, take_locks
from chuangju.kernel.models import DutyRun, User
from chuangju.kernel.refusals import Refused
from chuangju.kernel.registry import Registry

log = logging.getLogger(__name__)

DUTY_ATTEMPTS = 6
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
# A run inside a transaction is held by the transaction itself; the lease only says when to look whether it is dead.
LEASE = timedelta(minutes=2)
LEASE_WITHOUT_TRANSACTION = timedelta(hours=1)
FELL = gettext_noop("程序出错，将自动重试；多次失败时请告诉系统管理员")


class DutyRefused(Refused):
    """The duty is not run now; the sentence says why."""


@dataclass(frozen=True)
class DutyTold:
    """What a duty did: a source sentence (gettext_noop) and what fills it, so that it is said in the reader's language."""

    sentence: str
    values: dict[str, Any] = field(default_factory=dict)


class DutyAlarm(Refused):
    """The duty did its work and found something that people must look at; it is shown in red and not tried again.

    `values` fill the sentence, a source sentence then; `lines` are what was found, by language.
    """

    def __init__(
        self, sentence: str, *, values: dict[str, Any] | None = None, lines: dict[str, list[str]] | None = None
    ) -> None:
        super().__init__(sentence)
        self.values = {**(values or {}), **({"lines": lines} if lines else {})}


@dataclass(frozen=True)
class Duty:
    """A duty: its code and name, its rhythm and what runs it.

    `run` gets the period and returns how many things it changed, or what it has to tell. It runs inside a transaction, which also
    says that the period is done, unless `is_atomic` is False (long reading that must not keep writers waiting; such a
    duty may be run twice if its process dies). Lower orders run first.
    """

    name: str
    label: str | Promise
    every: Literal["day", "quarter_hour"]
    run: Callable[[DutyPeriod], int | str | DutyTold]
    catches_up: bool = True
    order: int = 100
    is_atomic: bool = True
    # Whether an administrator may run a period again that is done: only where that changes nothing twice.
    is_repeatable: bool = False


duties: Registry[str, Duty] = Registry("duties")


def register_duty(duty: Duty) -> None:
    """Add a duty; workers look every minute whether it is due."""
    duties.register(duty.name, duty)


def duties_in_order() -> list[Duty]:
    """Every duty, those that others rely on first."""
    return sorted(duties.values(), key=lambda duty: (duty.order, duty.name))


def last_begun(duty: Duty) -> datetime | None:
    """The beginning of the latest period that somebody has begun; None at the first start."""
    return DutyRun.objects.filter(duty=duty.name).order_by("-starts_at").values_list("starts_at", flat=True).first()


def last_runs() -> dict[str, DutyRun]:
    """The latest run of each duty by the duty's code."""
    newest = DutyRun.objects.filter(duty=OuterRef("duty")).order_by("-starts_at").values("starts_at")[:1]
    rows = DutyRun.objects.annotate(newest=Subquery(newest)).filter(starts_at=F("newest"))
    return {run.duty: run for run in rows}


def run_due_duties(*, at: datetime, worker: str = "") -> list[DutyRun]:
    """Run what is due and held by nobody else, each in its own transaction; the runs that were made."""
    made: list[DutyRun] = []
    for duty in duties_in_order():
        try:
            made += _run_duty(duty, at=at, worker=worker)
        except DatabaseError:
            log.exception("duty %s could not be begun", duty.name)
    return made


@transaction.atomic
def run_duty_now(duty: Duty, *, by: User, at: datetime) -> DutyRun:
    """Let the period at hand be run at the worker's next look: again after a failure, or anew where that is harmless.

    Raises DutyRefused where the period is done or under way.
    """
    span = day_span(timezone.localdate(at)) if duty.every == "day" else quarter_hour_span(at)
    latest = DutyRun.objects.filter(duty=duty.name).order_by("-starts_at").first()
    unfinished = (
        DutyRun.objects.select_for_update()
        .filter(duty=duty.name, state__in=(DutyRun.State.WAITING, DutyRun.State.FAILED, DutyRun.State.FOUND))
        .order_by("starts_at")
        .first()
    )
    run = unfinished or (latest if latest is not None and duty.is_repeatable else None)
    if run is None or run.state == DutyRun.State.RUNNING:
        reason = (
            _("本期已经完成或正在执行，不必再次执行") if latest and latest.period == span.key else _("到期后会自动执行")
        )
        raise DutyRefused(reason)
    before = {"state": run.state, "attempts": run.attempts}
    run.state, run.attempts, run.next_try_at, run.finished_at = DutyRun.State.WAITING, 0, at, None
    run.save(update_fields=["state", "attempts", "next_try_at", "finished_at"])
    after = {"state": run.state, "attempts": run.attempts}
    record_event("kernel.duty_run_asked", run, by=by, at=at, before=before, after=after)
    return run


def _run_duty(duty: Duty, *, at: datetime, worker: str) -> Iterator[DutyRun]:
    """The duty's open periods in order, until one of them has to wait."""
    while True:
        run = _claim_next(duty, at=at, worker=worker)
        ended = run and _run_once(duty, run, at=at)
        if ended:
            yield ended
        if not ended or ended.state == DutyRun.State.WAITING:
            return


@transaction.atomic
def _claim_next(duty: Duty, *, at: datetime, worker: str) -> DutyRun | None:
    """Claim what was begun and has not come to an end, else the next period; None where there is none or it must wait."""
    try:
        take_locks(f"kernel.duty.{duty.name}")
    except LockBusy:
        return None
    unfinished = DutyRun.objects.filter(duty=duty.name, state__in=(DutyRun.State.RUNNING, DutyRun.State.WAITING))
    begun = unfinished.order_by("starts_at").first()
    if begun is not None:
        return _claim_again(begun, duty, at=at, worker=worker)
    last = last_begun(duty)
    due = days_due(last, at=at, catches_up=duty.catches_up) if duty.every == "day" else quarter_hours_due(last, at=at)
    span = next(due, None)
    if span is None:
        return None
    return DutyRun.objects.create(
        duty=duty.name,
        period=span.key,
        starts_at=span.start,
        attempts=1,
        lease_token=uuid.uuid4(),
        lease_until=at + _lease(duty),
        worker=worker,
        started_at=at,
    )


def _claim_again(begun: DutyRun, duty: Duty, *, at: datetime, worker: str) -> DutyRun | None:
    """Take up a period that waits for its next attempt, or whose runner has died; None while it has to wait."""
    run = DutyRun.objects.select_for_update(skip_locked=True).filter(pk=begun.pk).first()
    if run is None or not _may_be_taken(run, at):
        return None
    run.state, run.attempts, run.lease_token = DutyRun.State.RUNNING, run.attempts + 1, uuid.uuid4()
    run.lease_until, run.worker, run.started_at = at + _lease(duty), worker, at
    run.save()
    return run


def _may_be_taken(run: DutyRun, at: datetime) -> bool:
    if run.state == DutyRun.State.WAITING:
        return run.next_try_at is None or run.next_try_at <= at
    return run.state == DutyRun.State.RUNNING and (run.lease_until is None or run.lease_until < at)


def _run_once(duty: Duty, run: DutyRun, *, at: datetime) -> DutyRun | None:
    """One attempt, with its end written down; None where somebody else has taken the period over meanwhile."""
    period = _period_of(duty, run, at=at)
    try:
        with in_kept_language():
            if duty.is_atomic:
                with transaction.atomic():
                    # Holding the row until the end keeps others out, whatever the clock says of the lease.
                    if not _holds(run):
                        return None
                    return _end(run, DutyRun.State.DONE, told=duty.run(period), at=at)
            told = duty.run(period)
            return _end(run, DutyRun.State.DONE, told=told, at=at)
    except DutyAlarm as alarm:
        return _end(run, DutyRun.State.FOUND, problem=alarm.sentence, values=alarm.values, at=at)
    except Refused as refused:
        return _try_later(run, refused.sentence, at=at)
    except Exception as fault:
        log.exception("duty %s failed for %s", duty.name, run.period)
        return _try_later(run, f"{FELL}\n{type(fault).__name__}: {fault}"[:2000], at=at)


def _period_of(duty: Duty, run: DutyRun, *, at: datetime) -> DutyPeriod:
    span = day_span(timezone.localdate(run.starts_at)) if duty.every == "day" else quarter_hour_span(run.starts_at)
    start = span.start
    if duty.every == "quarter_hour" and duty.catches_up:
        before = DutyRun.objects.filter(duty=duty.name, state=DutyRun.State.DONE, starts_at__lt=run.starts_at)
        last = before.order_by("-starts_at").values_list("starts_at", flat=True).first()
        start = quarter_hour_span(last).end if last else span.start
    return DutyPeriod(on=span.on, start=start, end=span.end, at=at)


@transaction.atomic
def _try_later(run: DutyRun, problem: str, *, at: datetime) -> DutyRun | None:
    if run.attempts >= DUTY_ATTEMPTS:
        return _end(run, DutyRun.State.FAILED, problem=problem, at=at)
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (run.attempts - 1))
    return _end(run, DutyRun.State.WAITING, problem=problem, next_try_at=at + pause, at=at)


@transaction.atomic
def _end(
    run: DutyRun,
    state: str,
    *,
    told: int | str | DutyTold | None = None,
    problem: str = "",
    values: dict[str, Any] | None = None,
    next_try_at: datetime | None = None,
    at: datetime,
) -> DutyRun | None:
    """Write the end of an attempt down, unless somebody else holds the period by now."""
    if not _holds(run):
        return None
    run.state, run.problem, run.next_try_at = state, problem, next_try_at
    run.lease_token = run.lease_until = None
    run.finished_at = None if state == DutyRun.State.WAITING else at
    said = told if isinstance(told, DutyTold) else DutyTold("" if isinstance(told, int) else told or "")
    run.count, run.outcome = told if isinstance(told, int) else None, said.sentence
    run.values = values or said.values
    run.save()
    return run


def _holds(run: DutyRun) -> bool:
    """Whether the run's token is still the one that counts; its row stays locked until the transaction ends."""
    rows = DutyRun.objects.select_for_update().filter(pk=run.pk, state=DutyRun.State.RUNNING)
    return rows.filter(lease_token=run.lease_token).first() is not None


def _lease(duty: Duty) -> timedelta:
    return LEASE if duty.is_atomic else LEASE_WITHOUT_TRANSACTION
