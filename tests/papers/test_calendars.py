"""Calendars: read back with the library, in the district's zone, whole days as such, long Chinese lines folded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from chuangju.papers.calendars import CalendarEvent, calendar_ics

AT = datetime(2026, 6, 15, 1, 30, tzinfo=UTC)


def events_of(content: bytes) -> list[dict[str, object]]:
    events = Calendar.from_ical(content).walk("VEVENT")
    return [{key.lower(): event.get(key) for key in event} for event in events]


def test_a_whole_day_ends_where_the_next_begins() -> None:
    one, several = events_of(
        calendar_ics(
            "计划",
            [
                CalendarEvent("a@x", "一天", date(2026, 3, 1)),
                CalendarEvent("b@x", "三天", date(2026, 3, 1), date(2026, 3, 3)),
            ],
        )
    )
    assert (one["dtstart"].dt, one["dtend"].dt) == (date(2026, 3, 1), date(2026, 3, 2))
    assert several["dtend"].dt == date(2026, 3, 4)
    assert one["transp"] == "TRANSPARENT"


def test_a_moment_is_written_in_the_zone_of_the_district() -> None:
    content = calendar_ics("会", [CalendarEvent("a@x", "会议", AT, AT + timedelta(hours=1))])
    assert b"DTSTART;TZID=Asia/Shanghai:20260615T093000" in content
    (event,) = events_of(content)
    assert event["dtstart"].dt == AT
    zone = Calendar.from_ical(content).walk("VTIMEZONE")[0]
    assert zone["TZID"] == "Asia/Shanghai"
    assert zone.to_tz().utcoffset(datetime(2026, 7, 1)) == timedelta(hours=8)  # noqa: DTZ001 - the hour on the wall


def test_a_moment_without_an_end_and_a_day_that_ends_at_a_moment() -> None:
    until = datetime(2026, 6, 16, 20, 0, tzinfo=UTC)
    moment, days = events_of(
        calendar_ics("x", [CalendarEvent("a", "点", AT), CalendarEvent("b", "天", date(2026, 6, 15), until)])
    )
    assert "dtend" not in moment
    assert days["dtend"].dt == until.astimezone(ZoneInfo("Asia/Shanghai")).date() + timedelta(days=1)


def test_lines_are_folded_within_seventy_five_bytes_and_read_whole() -> None:
    words = "推进闵行区创建创业型城区工作任务分解表各项任务落地见效，" * 6 + "；,\\"
    content = calendar_ics("名" * 60, [CalendarEvent("a@x", words, date(2026, 3, 1), description=words + "\n第二行")])
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode("utf-8")
    (event,) = events_of(content)
    assert str(event["summary"]) == words
    assert str(event["description"]) == words + "\n第二行"


def test_the_same_events_are_the_same_file_and_keep_their_names() -> None:
    event = CalendarEvent("plan-7@chuangju", "甲", date(2026, 3, 1), updated_at=AT, url="https://x.cn/a")
    assert calendar_ics("x", [event]) == calendar_ics("x", [event])
    (read,) = events_of(calendar_ics("x", [event]))
    assert (str(read["uid"]), str(read["url"])) == ("plan-7@chuangju", "https://x.cn/a")
    assert read["last-modified"].dt == AT


def test_nobody_can_write_a_property_of_their_own_into_the_file() -> None:
    words = "甲\r\nATTENDEE:mailto:x@y\r\nBEGIN:VEVENT\x00"
    content = calendar_ics(words, [CalendarEvent(words, words, date(2026, 3, 1), description=words, url=words)])
    (event,) = events_of(content)
    assert "attendee" not in event


@pytest.mark.parametrize(
    "event",
    [
        CalendarEvent("a", "甲", date(2026, 3, 2), date(2026, 3, 1)),
        CalendarEvent("a", "甲", AT, AT - timedelta(minutes=1)),
        CalendarEvent("a", "甲", AT.replace(tzinfo=None)),
    ],
)
def test_an_impossible_span_is_refused(event: CalendarEvent) -> None:
    with pytest.raises(ValueError, match="a"):
        calendar_ics("x", [event])
