"""A change of post: everything passes on one day and in one step, or nothing does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from chuangju.kernel.audit import events_about
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.programme.menu import OPEN_STEPS
from chuangju.units.access import forget_roles, has_role
from chuangju.units.hand_overs import (
    HandOver,
    HandOverRefused,
    appointments_to_hand_over,
    hand_over_roles,
    roles_to_hand_over,
)
from chuangju.units.models import Appointment, Role, RoleAssignment, Unit
from chuangju.units.open_work import OpenWork, open_work, open_work_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def successor(make_user: Callable[..., User]) -> User:
    """Whoever takes over; holds no role yet."""
    return make_user("successor", name="赵六")


@pytest.fixture
def appointment(unit: Unit, liaison: User) -> Appointment:
    """`liaison` is the unit's officer for work."""
    return Appointment.objects.create(
        unit=unit,
        kind=Appointment.Kind.WORK,
        user=liaison,
        name=liaison.name,
        phone="6412",
        duty="填报",
        starts_on=date(2026, 1, 1),
    )


def pass_on(from_user: User, to_user: User, by: User | None, at: datetime, **changed: Any) -> HandOver:
    today = at.date()
    given = {
        "assignments": roles_to_hand_over(from_user, on=today),
        "appointments": appointments_to_hand_over(from_user, on=today),
        "last_day": today,
        "reason": "岗位调整",
        "by": by,
        "at": at,
    }
    return hand_over_roles(from_user, to_user, **{**given, **changed})


def test_roles_and_appointments_pass_overnight(
    liaison: User,
    successor: User,
    appointment: Appointment,
    security_administrator: User,
    unit: Unit,
    now: datetime,
    today: date,
) -> None:
    tomorrow = today + timedelta(days=1)
    done = pass_on(liaison, successor, security_administrator, now)
    for user in (liaison, successor):
        forget_roles(user)
    held = [has_role(user, Role.LIAISON_OFFICER, on=day) for day in (today, tomorrow) for user in (liaison, successor)]
    assert held == [True, False, False, True]
    appointment.refresh_from_db()
    assert appointment.ends_on == today
    made = done.appointments[0]
    assert (made.user, made.starts_on, made.phone, made.duty) == (successor, tomorrow, "6412", "填报")
    assert done.assignments[0].unit == unit
    event = events_about(liaison).get(action="units.roles_handed_over")
    assert (event.about_id, event.reason) == (str(successor.pk), "岗位调整")


def test_only_what_was_chosen_passes(
    liaison: User, successor: User, appointment: Appointment, security_administrator: User, now: datetime
) -> None:
    done = pass_on(liaison, successor, security_administrator, now, appointments=[])
    assert (len(done.assignments), done.appointments) == (1, [])
    appointment.refresh_from_db()
    assert appointment.ends_on is None


def test_the_last_administrator_may_hand_over_because_the_successor_comes_first(
    system_administrator: User, successor: User, security_administrator: User, now: datetime, today: date
) -> None:
    pass_on(system_administrator, successor, security_administrator, now)
    forget_roles(successor)
    assert has_role(successor, Role.SYSTEM_ADMINISTRATOR, on=today + timedelta(days=1))


def test_three_administrators_stay_apart_and_then_nothing_passes(
    system_administrator: User, auditor: User, security_administrator: User, now: datetime
) -> None:
    with pytest.raises(Refused, match="三员分立"):
        pass_on(system_administrator, auditor, security_administrator, now)
    assert not RoleAssignment.objects.exclude(ends_on=None).exists()
    assert RoleAssignment.objects.filter(user=auditor).count() == 1


def test_only_the_security_administrator_hands_over_and_never_in_their_own_affair(
    liaison: User, successor: User, system_administrator: User, security_administrator: User, now: datetime
) -> None:
    with pytest.raises(HandOverRefused, match="只有安全保密管理员"):
        pass_on(liaison, successor, system_administrator, now)
    with pytest.raises(HandOverRefused, match="不能为自己"):
        pass_on(liaison, security_administrator, security_administrator, now)
    with pytest.raises(HandOverRefused, match="不能为自己"):
        pass_on(security_administrator, successor, security_administrator, now)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"assignments": [], "appointments": []}, "至少选择一项"),
        ({"last_day": date(2026, 6, 14)}, "不能早于今天"),
        ({"reason": " "}, "交接原因"),
    ],
)
def test_what_makes_no_hand_over_is_refused(
    changed: dict[str, Any], sentence: str, liaison: User, successor: User, security_administrator: User, now: datetime
) -> None:
    with pytest.raises(HandOverRefused, match=sentence):
        pass_on(liaison, successor, security_administrator, now, **changed)


def test_others_roles_do_not_pass_with_ones_own(
    liaison: User, other_liaison: User, successor: User, security_administrator: User, now: datetime
) -> None:
    wrong = list(RoleAssignment.objects.filter(user=other_liaison))
    with pytest.raises(HandOverRefused, match="有变动"):
        pass_on(liaison, successor, security_administrator, now, assignments=wrong)


def test_a_successor_who_has_the_role_keeps_it(
    liaison: User, make_user: Callable[..., User], unit: Unit, security_administrator: User, now: datetime, today: date
) -> None:
    colleague = make_user("colleague", Role.LIAISON_OFFICER, unit=unit)
    done = pass_on(liaison, colleague, security_administrator, now)
    assert done.assignments == []
    assert RoleAssignment.objects.get(user=colleague).ends_on is None
    assert RoleAssignment.objects.get(user=liaison).ends_on == today


def test_a_closed_account_takes_nothing_over(
    liaison: User, successor: User, security_administrator: User, now: datetime
) -> None:
    successor.is_active = False
    with pytest.raises(HandOverRefused, match="停用"):
        pass_on(liaison, successor, security_administrator, now)
    with pytest.raises(HandOverRefused, match="不能是本人"):
        pass_on(liaison, liaison, security_administrator, now)


def test_open_work_is_named_by_whoever_keeps_it(liaison: User, today: date) -> None:
    assert OPEN_STEPS.key in open_work
    assert open_work_of(liaison, on=today) == []
    open_work.register("test", OpenWork("test", "办件", lambda _user, _on: 3))
    try:
        assert [(line.label, line.count) for line in open_work_of(liaison, on=today)] == [("办件", 3)]
    finally:
        open_work.remove("test")
