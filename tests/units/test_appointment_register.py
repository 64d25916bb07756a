"""Whom to ask for a unit on a day, where nobody answers, and what that costs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangju.kernel.models import User
from chuangju.units.appointment_register import (
    count_missing,
    in_order_of_office,
    lacks_role,
    leader_in_charge_of,
    liaison_officers_of,
    missing_appointments,
    officers_by_unit,
    seats_of,
    with_appointments,
)
from chuangju.units.models import Appointment, Delegation, Role, RoleAssignment, Unit

Kind = Appointment.Kind
pytestmark = pytest.mark.django_db


def seat(unit: Unit, kind: str = Kind.WORK, **fields: object) -> Appointment:
    return Appointment.objects.create(
        unit=unit,
        kind=kind,
        **{"name": "某人", "starts_on": date(2026, 1, 1), **fields},  # type: ignore[arg-type]
    )


def lend(from_user: User, to_user: User, today: date, **fields: object) -> Delegation:
    made = Delegation.objects.create(
        **{  # type: ignore[arg-type]
            "from_user": from_user,
            "to_user": to_user,
            "starts_on": today,
            "ends_on": today + timedelta(days=3),
            "reason": "休假",
            "created_at": datetime(2026, 6, 1, tzinfo=None).astimezone(),
            **fields,
        }
    )
    made.assignments.set(RoleAssignment.objects.filter(user=from_user))
    return made


def test_the_appointed_account_answers_and_not_everybody_with_the_role(
    unit: Unit, liaison: User, make_user: Callable[..., User], today: date
) -> None:
    second = make_user("second", Role.LIAISON_OFFICER, unit=unit)
    assert set(liaison_officers_of(unit, today)) == {liaison, second}
    seat(unit, user=second)
    assert liaison_officers_of(unit, today) == [second]


def test_an_officer_without_an_account_leaves_those_with_the_role(unit: Unit, liaison: User, today: date) -> None:
    seat(unit, name="没有账号的人")
    assert liaison_officers_of(unit, today) == [liaison]


def test_a_stand_in_is_told_too_while_the_leave_lasts(
    unit: Unit, liaison: User, make_user: Callable[..., User], today: date
) -> None:
    clerk = make_user("clerk", Role.CLERK, unit=unit)
    seat(unit, user=liaison)
    lend(liaison, clerk, today)
    assert liaison_officers_of(unit, today) == [liaison, clerk]
    assert liaison_officers_of(unit, today + timedelta(days=3)) == [liaison, clerk]
    assert liaison_officers_of(unit, today + timedelta(days=4)) == [liaison]
    assert liaison_officers_of(unit, today - timedelta(days=1)) == [liaison]


def test_a_closed_account_answers_no_more(unit: Unit, liaison: User, today: date) -> None:
    seat(unit, user=liaison)
    User.objects.filter(pk=liaison.pk).update(is_active=False)
    assert liaison_officers_of(unit, today) == []


def test_publicity_and_the_leader_in_charge_are_asked_separately(
    unit: Unit, liaison: User, leader: User, today: date
) -> None:
    seat(unit, Kind.PUBLICITY, user=leader)
    seat(unit, Kind.LEADER_IN_CHARGE, user=leader, ends_on=today)
    assert liaison_officers_of(unit, today, Kind.PUBLICITY) == [leader]
    assert leader_in_charge_of(unit, today) == leader
    assert leader_in_charge_of(unit, today + timedelta(days=1)) is None


def test_a_unit_that_is_no_more_has_nobody(unit: Unit, leader: User, today: date) -> None:
    seat(unit, Kind.LEADER_IN_CHARGE, user=leader)
    Unit.objects.filter(pk=unit.pk).update(abolished_on=today)
    assert leader_in_charge_of(unit, today) is None
    assert leader_in_charge_of(unit, today - timedelta(days=1)) == leader


def test_what_is_missing_is_told_with_its_first_day(unit: Unit, other_unit: Unit, today: date) -> None:
    seat(unit)
    seat(unit, Kind.PUBLICITY, ends_on=date(2026, 5, 31))
    seat(unit, Kind.LEADER_IN_CHARGE, starts_on=today + timedelta(days=1))
    Unit.objects.filter(pk=other_unit.pk).update(established_on=date(2026, 3, 1), position=9)
    found = [(one.unit.code, one.kind, one.since) for one in missing_appointments(today)]
    assert found == [
        ("rsj", Kind.LEADER_IN_CHARGE, None),
        ("rsj", Kind.PUBLICITY, date(2026, 6, 1)),
        *(("jw", kind, date(2026, 3, 1)) for kind in Kind.values),
    ]
    assert count_missing(today) == {"leader_in_charge": 2, "work": 1, "publicity": 2, "units": 2}


def test_seats_say_who_is_coming(unit: Unit, today: date) -> None:
    seat(unit, ends_on=today, name="前任")
    seat(unit, starts_on=today + timedelta(days=1), name="后任")
    seats = {one.kind: one for one in seats_of(with_appointments(Unit.objects.all()).get(), today)}
    work = seats[Kind.WORK]
    assert (str(work), work.coming and work.coming.name) == ("前任", "后任")
    assert str(seats[Kind.PUBLICITY]) == "缺"


def test_people_of_one_unit_stand_by_office_then_by_strokes() -> None:
    people = [
        Appointment(kind=Kind.PUBLICITY, name="丁一"),
        Appointment(kind=Kind.WORK, name="张三"),
        Appointment(kind=Kind.WORK, name="王五"),
        Appointment(kind=Kind.LEADER_IN_CHARGE, name="戴敏"),
    ]
    assert [one.name for one in in_order_of_office(people)] == ["戴敏", "王五", "张三", "丁一"]


def test_an_officer_whose_account_lacks_the_role_is_noticed(
    unit: Unit, other_unit: Unit, liaison: User, today: date
) -> None:
    assert not lacks_role(seat(unit, user=liaison), today)
    assert lacks_role(seat(other_unit, user=liaison), today)
    assert not lacks_role(seat(unit, Kind.PUBLICITY, user=liaison), today)


def test_many_units_cost_as_much_as_one(
    make_unit: Callable[..., Unit], make_user: Callable[..., User], today: date
) -> None:
    def cost(count: int) -> int:
        units = [make_unit(f"u{number}", f"单位{number}") for number in range(count)]
        for number, unit in enumerate(units):
            user = make_user(f"officer{number}", Role.LIAISON_OFFICER, unit=unit)
            Appointment.objects.get_or_create(
                unit=unit, kind=Kind.WORK, defaults={"user": user, "name": user.name, "starts_on": date(2026, 1, 1)}
            )
        with CaptureQueriesContext(connection) as asked:
            officers_by_unit(units, today)
            missing_appointments(today)
            count_missing(today)
        return len(asked)

    assert cost(1) == cost(20) <= 10
