"""Assessors are reminded on the days that the parameters name, and each working day after the last one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.models import Message, User
from chuangju.scoring.models import Panel
from chuangju.scoring.panels import PanelRefused
from chuangju.scoring.reminders import remind_assessors, remind_now

Make = Callable[..., Any]


def _period(day: date) -> DutyPeriod:
    at = timezone.make_aware(datetime.combine(day, time(8)))
    return DutyPeriod(on=day, start=at, end=at, at=at)


# The panel is due on Tuesday 30 June 2026.
@pytest.mark.parametrize(
    ("day", "template"),
    [
        (date(2026, 6, 24), ""),
        (date(2026, 6, 25), "scoring.due_soon"),
        (date(2026, 6, 26), ""),
        (date(2026, 6, 27), ""),
        (date(2026, 6, 29), "scoring.due_soon"),
        (date(2026, 6, 30), ""),
        (date(2026, 7, 1), "scoring.overdue"),
        (date(2026, 7, 4), ""),
    ],
)
def test_who_is_waited_for_is_told_on_these_days(
    day: date, template: str, panel: Panel, assessors: list[User], assign: Make, score: Make
) -> None:
    assign(panel, assessors[0], 1, 2)
    score(assign(panel, assessors[1], 1)[0], 30)
    assert remind_assessors(_period(day)) == (1 if template else 0)
    told = Message.objects.filter(user=assessors[0]).exclude(template="scoring.assigned")
    assert [message.template for message in told] == ([template] if template else [])
    assert not Message.objects.filter(user=assessors[1]).exclude(template="scoring.assigned").exists()
    if template:
        assert "2 个参评对象" in told[0].body
        assert remind_assessors(_period(day)) == 0


def test_whoever_opened_the_panel_learns_what_is_late(
    panel: Panel, assessors: list[User], assign: Make, officer: User
) -> None:
    assign(panel, assessors[0], 1, 2)
    remind_assessors(_period(date(2026, 7, 1)))
    assert "还有 2 份" in Message.objects.get(user=officer, template="scoring.late").body


def test_by_hand_at_most_once_a_day(
    panel: Panel, assessors: list[User], assign: Make, officer: User, now: datetime
) -> None:
    with pytest.raises(PanelRefused, match="不需要催促"):
        remind_now(panel, by=officer, at=now)
    assign(panel, assessors[0], 1)
    assert remind_now(panel, by=officer, at=now) == 1
    assert remind_now(panel, by=officer, at=now) == 0


def test_the_menu_counts_what_waits(panel: Panel, assessors: list[User], assign: Make, client: Client) -> None:
    assign(panel, assessors[0], 1, 2)
    client.force_login(assessors[0])
    page = client.get("/account/assessments/").content.decode()
    assert "还有 2 个参评对象等您评分" in page
