"""The policy officer is told six, three and one month before a policy runs out, and once it has; never twice the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from chuangju.kernel.duty_periods import DutyPeriod, day_span
from chuangju.kernel.models import Message, User
from chuangju.policies.expiry_reminders import officers_for, remind_of_expiries, reminder_of
from chuangju.units.models import Unit
from tests.conftest import SHANGHAI
from tests.policies.life import entered

pytestmark = pytest.mark.django_db
UNTIL = date(2026, 12, 31)


@pytest.fixture
def keeper(make_user: Callable[..., User], unit: Unit) -> User:
    return make_user("policy", "policy_officer", unit=unit)


def _run(day: date) -> int:
    span = day_span(day)
    at = datetime.combine(day, datetime.min.time(), tzinfo=SHANGHAI) + timedelta(hours=8)
    return remind_of_expiries(DutyPeriod(on=day, start=span.start, end=span.end, at=at))


def test_the_days_of_the_reminders() -> None:
    said = {day: reminder_of(UNTIL, on=day) for day in (date(2026, 6, 30), date(2026, 7, 1), date(2026, 9, 30))}
    assert list(said.values()) == [None, 6, 6]
    assert reminder_of(UNTIL, on=date(2026, 10, 1)) == 3
    assert reminder_of(UNTIL, on=date(2026, 11, 30)) == 3
    assert reminder_of(UNTIL, on=date(2026, 12, 1)) == 1
    assert reminder_of(UNTIL, on=UNTIL) == 1
    assert reminder_of(UNTIL, on=date(2027, 1, 1)) == 0


def test_each_reminder_is_told_once_even_after_downtime(keeper: User, unit: Unit) -> None:
    entered("rent_help", unit=unit, title="租金办法", valid_until=UNTIL)
    told = [_run(day) for day in (date(2026, 6, 15), date(2026, 7, 1), date(2026, 7, 2), date(2026, 11, 5))]
    assert told == [0, 1, 0, 1]
    told = [_run(day) for day in (date(2026, 12, 15), date(2026, 12, 16), date(2027, 1, 4), date(2027, 1, 5))]
    assert told == [1, 0, 1, 0]
    subjects = list(Message.objects.filter(user=keeper).order_by("pk").values_list("subject", flat=True))
    assert len(subjects) == 4
    assert subjects[0] == "政策《租金办法》将于 2026-12-31 到期"
    assert subjects[-1] == "政策《租金办法》已于 2026-12-31 到期，还没有评估结论"


def test_nothing_is_told_on_a_day_off_or_once_it_was_decided(keeper: User, unit: Unit) -> None:
    entered("a", unit=unit, valid_until=UNTIL)
    entered("b", unit=unit, valid_until=UNTIL, conclusion="amend", evaluated_on=date(2026, 6, 1))
    entered("c", unit=unit, valid_until=UNTIL, state="superseded")
    assert _run(date(2026, 7, 4)) == 0  # a Saturday
    assert _run(date(2026, 7, 6)) == 1


def test_a_new_last_day_is_reminded_of_anew(keeper: User, unit: Unit) -> None:
    record = entered("a", unit=unit, valid_until=UNTIL)
    assert _run(date(2026, 7, 6)) == 1
    record.valid_until = date(2027, 12, 31)
    record.save()
    assert _run(date(2026, 7, 7)) == 0
    assert _run(date(2027, 7, 6)) == 1


def test_without_a_policy_officer_the_liaison_officer_and_at_last_the_office_is_told(
    liaison: User, office: User, unit: Unit, other_unit: Unit
) -> None:
    entered("a", unit=unit, valid_until=UNTIL)
    entered("b", valid_until=UNTIL)
    entered("c", unit=other_unit, valid_until=UNTIL)
    assert _run(date(2026, 7, 6)) == 3
    assert Message.objects.filter(user=liaison).count() == 1
    assert Message.objects.filter(user=office).count() == 2
    assert officers_for([unit, other_unit], date(2026, 7, 6)) == {unit.pk: [liaison], other_unit.pk: []}
