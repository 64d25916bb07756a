"""时限: clocks in working days, promised and legal, that stand still while something is awaited from others.

The day of the start is not counted (as in administrative procedure); nor is a day after a pause began up to the day it
ended, that day included. So whoever pauses on Tuesday and resumes on Friday has used Tuesday, and goes on with Monday.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event
from chuangju.kernel.models import Clock, ClockPause, User
from chuangju.kernel.refusals import Refused
from chuangju.kernel.working_days import is_span_provisional, is_working_day

# A due day further off than this is a fault in the limit, not a date.
LONGEST_DAYS = 3_000


class ClockRefused(Refused):
    """The clock cannot be started, paused, resumed or stopped like this; the sentence says why."""


@dataclass(frozen=True)
class ClockReading:
    """A clock on one day: working days used and left, the days it ends on (None while paused), and whether it is late.

    `is_provisional` says that the count crosses a year whose holiday notice is not in yet.
    """

    used: int
    promised_days: int
    legal_days: int | None
    promised_on: date | None
    legal_on: date | None
    is_paused: bool
    is_stopped: bool
    pause_reason: str
    is_provisional: bool

    @property
    def left(self) -> int:
        """Working days left of what was promised; negative when it is overdrawn."""
        return self.promised_days - self.used

    @property
    def is_past_promise(self) -> bool:
        """Whether more was used than promised."""
        return self.used > self.promised_days

    @property
    def is_past_law(self) -> bool:
        """Whether more was used than the law allows."""
        return self.legal_days is not None and self.used > self.legal_days


@transaction.atomic
def start_clock(
    owner: models.Model,
    kind: str,
    *,
    promised_days: int,
    legal_days: int | None = None,
    counts_after: date | None = None,
    by: User | None,
    at: datetime,
) -> Clock:
    """Start counting for a record, after today or after a later day on which nobody can begin yet; raises ClockRefused where such a clock runs already or the limits make no sense."""
    if not 0 < promised_days <= (legal_days or LONGEST_DAYS) <= LONGEST_DAYS:
        raise ClockRefused(_("承诺期限应不少于 1 个工作日，且不长于法定期限"))
    if clock_of(owner, kind) is not None:
        raise ClockRefused(_("这项时限已经起算"))
    clock = Clock.objects.create(
        owner_type=ContentType.objects.get_for_model(owner),
        owner_id=str(owner.pk),
        kind=kind,
        started_on=max(timezone.localdate(at), counts_after or date.min),
        promised_days=promised_days,
        legal_days=legal_days,
    )
    record_event("kernel.clock_started", clock, by=by, at=at, after=_summary(clock), about=owner)
    return clock


@transaction.atomic
def pause_clock(clock: Clock, *, reason: str, by: User | None, at: datetime) -> None:
    """Let the clock stand still, for a reason that people read; raises ClockRefused where it does not run."""
    fresh = _running(clock)
    if not reason.strip():
        raise ClockRefused(_("请写明暂停原因"))
    if fresh.pauses.filter(resumed_on__isnull=True).exists():
        raise ClockRefused(_("时限已经暂停"))
    ClockPause.objects.create(clock=fresh, paused_on=timezone.localdate(at), reason=reason.strip()[:200])
    record_event("kernel.clock_paused", fresh, by=by, at=at, about=_owner(fresh), reason=reason.strip())


@transaction.atomic
def resume_clock(clock: Clock, *, by: User | None, at: datetime) -> None:
    """Let the clock go on; raises ClockRefused where it is not paused."""
    fresh = _running(clock)
    pause = fresh.pauses.filter(resumed_on__isnull=True).first()
    if pause is None:
        raise ClockRefused(_("时限没有暂停"))
    pause.resumed_on = max(pause.paused_on, timezone.localdate(at))
    pause.save(update_fields=["resumed_on"])
    record_event("kernel.clock_resumed", fresh, by=by, at=at, about=_owner(fresh))


@transaction.atomic
def stop_clock(clock: Clock, *, by: User | None, at: datetime) -> None:
    """The matter is done: a pause ends with it, and the count stays as it is. Stopping twice is stopping once."""
    fresh = Clock.objects.select_for_update().get(pk=clock.pk)
    if fresh.stopped_on is not None:
        return
    day = max(fresh.started_on, timezone.localdate(at))
    for pause in fresh.pauses.filter(resumed_on__isnull=True):
        pause.resumed_on = max(pause.paused_on, day)
        pause.save(update_fields=["resumed_on"])
    before = _summary(fresh)
    fresh.stopped_on = day
    fresh.save(update_fields=["stopped_on"])
    record_event("kernel.clock_stopped", fresh, by=by, at=at, before=before, after=_summary(fresh), about=_owner(fresh))


def _running(clock: Clock) -> Clock:
    fresh = Clock.objects.select_for_update().get(pk=clock.pk)
    if fresh.stopped_on is not None:
        raise ClockRefused(_("事项已办结，时限不再变动"))
    return fresh


def _owner(clock: Clock) -> models.Model | None:
    owner = clock.owner
    return owner if isinstance(owner, models.Model) else None


def _summary(clock: Clock) -> dict[str, object]:
    return {
        "kind": clock.kind,
        "started_on": clock.started_on.isoformat(),
        "promised_days": clock.promised_days,
        "legal_days": clock.legal_days,
        "stopped_on": clock.stopped_on.isoformat() if clock.stopped_on else None,
    }


def clock_of(owner: models.Model, kind: str) -> Clock | None:
    """The clock of this kind of a record, with its pauses; None where none was started."""
    return clocks_of([owner], kind).get(str(owner.pk))


def clocks_of(owners: Iterable[models.Model], kind: str) -> dict[str, Clock]:
    """The clocks of many records of one model, by the record's key as text; two queries however many they are."""
    records = list(owners)
    if not records:
        return {}
    content_type = ContentType.objects.get_for_model(records[0])
    found = Clock.objects.filter(owner_type=content_type, owner_id__in=[str(one.pk) for one in records], kind=kind)
    return {clock.owner_id: clock for clock in found.order_by("pk").prefetch_related("pauses")}


def read_clock(clock: Clock, *, on: date) -> ClockReading:
    """The clock as it stands on a day; asks the database for nothing where the pauses are there already."""
    end = min(on, clock.stopped_on) if clock.stopped_on else on
    pauses = list(clock.pauses.all())
    # Of a pause that begins after this day and whose end nobody knows nothing can be said yet.
    pauses = [pause for pause in pauses if pause.resumed_on is not None or pause.paused_on <= end]
    current = next((pause for pause in pauses if pause.resumed_on is None), None)
    is_paused = current is not None and clock.stopped_on is None
    spans = [(pause.paused_on, pause.resumed_on or clock.stopped_on or date.max) for pause in pauses]
    used = sum(_counts(day, spans) for day in _days(clock.started_on, end))
    promised_on = legal_on = None
    if not is_paused:
        promised_on = _due_on(clock.started_on, clock.promised_days, spans)
        legal_on = _due_on(clock.started_on, clock.legal_days, spans) if clock.legal_days else None
    furthest = max(day for day in (end, promised_on, legal_on, clock.started_on) if day)
    return ClockReading(
        used=used,
        promised_days=clock.promised_days,
        legal_days=clock.legal_days,
        promised_on=promised_on,
        legal_on=legal_on,
        is_paused=is_paused,
        is_stopped=clock.stopped_on is not None,
        pause_reason=current.reason if current and is_paused else "",
        is_provisional=is_span_provisional(clock.started_on, furthest),
    )


def _days(start: date, end: date) -> Iterable[date]:
    return (start + timedelta(days=offset) for offset in range(1, (end - start).days + 1))


def _counts(day: date, spans: list[tuple[date, date]]) -> bool:
    return is_working_day(day) and not any(begin < day <= end for begin, end in spans)


def _due_on(start: date, limit: int, spans: list[tuple[date, date]]) -> date:
    day, left = start, limit
    while left:
        day += timedelta(days=1)
        left -= _counts(day, spans)
    return day
