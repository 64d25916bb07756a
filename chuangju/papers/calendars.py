"""日历 - dates as an iCalendar file or subscription, in the district's own time zone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chuangju.papers.plain_text import clean_text

ZONE = ZoneInfo("Asia/Shanghai")
_PRODUCT = "-//Chuangju//创聚//ZH"


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One entry: a whole day (or several, `end` being the last of them), or a moment with its end.

    `uid` stays the same for ever, so that a calendar that reads the file again moves the entry instead of adding one.
    """

    uid: str
    summary: str
    start: date | datetime
    end: date | datetime | None = None
    description: str = ""
    url: str = ""
    updated_at: datetime | None = None


def calendar_ics(name: str, events: Iterable[CalendarEvent]) -> bytes:
    """The calendar as a file; raises ValueError for an event that ends before it begins or a moment without a zone."""
    # Loaded when somebody asks for a calendar: the library takes a while.
    from icalendar import Calendar, Timezone  # noqa: PLC0415

    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _one_line(name))
    calendar.add("x-wr-timezone", ZONE.key)
    # China has changed no clock since 1991: one rule stands for every date that a calendar of today holds.
    calendar.add_component(Timezone.from_tzinfo(ZONE, first_date=date(2020, 1, 1), last_date=date(2038, 1, 1)))
    for event in events:
        calendar.add_component(_component(event))
    return bytes(calendar.to_ical())


def _component(event: CalendarEvent) -> Any:
    from icalendar import Event  # noqa: PLC0415 - as above

    shown = Event()
    shown.add("uid", _one_line(event.uid))
    shown.add("summary", _one_line(event.summary))
    # Always the same for the same event: the file is new only where something in it is.
    shown.add("dtstamp", (event.updated_at or _midnight(event.start)).astimezone(UTC))
    if event.updated_at:
        shown.add("last-modified", event.updated_at.astimezone(UTC))
    _add_span(shown, event)
    if event.description:
        shown.add("description", clean_text(event.description))
    if event.url:
        shown.add("url", _one_line(event.url))
    return shown


def _add_span(shown: Any, event: CalendarEvent) -> None:
    start, end = event.start, event.end
    if not isinstance(start, datetime):
        last = end.astimezone(ZONE).date() if isinstance(end, datetime) else end or start
        if last < start:
            raise ValueError(f"{event.uid} ends before it begins")
        shown.add("dtstart", start)
        # A calendar counts to the first day after.
        shown.add("dtend", last + timedelta(days=1))
        # A deadline does not make anybody busy.
        shown.add("transp", "TRANSPARENT")
        return
    begins = _in_zone(event, start)
    shown.add("dtstart", begins)
    if isinstance(end, datetime):
        ends = _in_zone(event, end)
        if ends < begins:
            raise ValueError(f"{event.uid} ends before it begins")
        shown.add("dtend", ends)


def _in_zone(event: CalendarEvent, moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{event.uid}: a moment needs its time zone")
    return moment.astimezone(ZONE)


def _midnight(start: date | datetime) -> datetime:
    return start if isinstance(start, datetime) else datetime.combine(start, time(), ZONE)


def _one_line(text: str) -> str:
    """A line end inside a value would begin a property of its own for careless readers."""
    return " ".join(clean_text(text).split())
