"""Quiet hours, the digest's hour and the pauses between attempts."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from chuangju.kernel import message_timing
from chuangju.kernel.models import MessagePreference

SHANGHAI = ZoneInfo("Asia/Shanghai")


def _at(hour: int, minute: int = 0, day: int = 15) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=SHANGHAI)


def _chosen(start: int, end: int) -> MessagePreference:
    return MessagePreference(quiet_from=time(start), quiet_until=time(end))


@pytest.mark.parametrize(
    ("hours", "at", "leaves_at"),
    [
        ((21, 8), _at(20, 59), _at(20, 59)),
        ((21, 8), _at(21), _at(8, day=16)),
        ((21, 8), _at(23, 59), _at(8, day=16)),
        ((21, 8), _at(0), _at(8)),
        ((21, 8), _at(7, 59), _at(8)),
        ((21, 8), _at(8), _at(8)),
        ((12, 14), _at(13), _at(14)),
        ((12, 14), _at(14), _at(14)),
        ((12, 14), _at(23), _at(23)),
        ((8, 8), _at(8), _at(8)),
        ((0, 0), _at(3), _at(3)),
    ],
)
def test_quiet_hours_end_the_wait(hours: tuple[int, int], at: datetime, leaves_at: datetime) -> None:
    assert message_timing.after_quiet_hours(at, _chosen(*hours)) == leaves_at


def test_the_clock_is_the_districts_wherever_the_moment_was_written() -> None:
    utc = _at(23).astimezone(ZoneInfo("UTC"))
    assert message_timing.after_quiet_hours(utc, _chosen(21, 8)) == _at(8, day=16)
    assert message_timing.start_of_day(utc) == _at(0)


def test_the_digest_and_the_next_days_bundle() -> None:
    assert message_timing.next_digest(_at(7, 59), 8) == _at(8)
    assert message_timing.next_digest(_at(8), 8) == _at(8, day=16)
    assert message_timing.next_morning(_at(10), _chosen(21, 8)) == _at(8, day=16)
    assert message_timing.next_morning(_at(10), _chosen(0, 0)) == _at(0, day=16)


def test_pauses_grow_and_end() -> None:
    pauses = [message_timing.next_try(_at(8), attempts) for attempts in range(1, 7)]
    assert pauses[0] == _at(8) + timedelta(minutes=1)
    assert pauses[4] == _at(12)
    assert pauses[5] is None
