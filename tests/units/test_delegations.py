"""B岗: what a stand-in may do, on which days, and who is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from chuangju.kernel.audit import events_about, record_event
from chuangju.kernel.models import Message, User
from chuangju.units.access import (
    assignments_of,
    forget_roles,
    has_role,
    own_assignments_of,
    role_labels,
    roles_of,
    stood_in_for,
    units_of,
)
from chuangju.units.assignments import end_role
from chuangju.units.delegations import (
    DelegationRefused,
    delegate_roles,
    end_delegation,
    lendable_roles,
    tell_of_endings,
)
from chuangju.units.lists import roles_in_words
from chuangju.units.models import Delegation, Role, RoleAssignment, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(make_user: Callable[..., User], unit: Unit) -> User:
    """A colleague of `liaison` in the same unit."""
    return make_user("clerk", Role.CLERK, unit=unit, name="吴佳怡")


@pytest.mark.usefixtures("clock")
def test_a_stand_in_reads_on_ones_account_for_whom_one_acts(
    client: Client, liaison: User, clerk: User, now: datetime
) -> None:
    client.force_login(clerk)
    assert "履职" not in client.get("/account/").content.decode()
    lend(liaison, clerk, now)
    page = client.get("/account/").content.decode()
    assert f"代{liaison.name}履职，至 {now.date() + timedelta(days=4)}" in page
    assert "联络员" in page


def lend(from_user: User, to_user: User, at: datetime, **changed: Any) -> Delegation:
    """A delegation of everything for five days from today, unless said otherwise."""
    today = at.date()
    given = {
        "to_user": to_user,
        "assignments": lendable_roles(from_user, today),
        "starts_on": today,
        "ends_on": today + timedelta(days=4),
        "reason": "年休假",
        "by": from_user,
        "at": at,
    }
    return delegate_roles(from_user, **{**given, **changed})


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_the_stand_in_holds_the_role_from_the_first_to_the_last_day(
    liaison: User, clerk: User, unit: Unit, now: datetime, today: date
) -> None:
    lend(liaison, clerk, now, starts_on=today + timedelta(days=1), ends_on=today + timedelta(days=3))
    clerk = fresh(clerk)
    held = {days: has_role(clerk, Role.LIAISON_OFFICER, on=today + timedelta(days=days)) for days in range(5)}
    assert held == {0: False, 1: True, 2: True, 3: True, 4: False}
    assert units_of(clerk, Role.LIAISON_OFFICER, today + timedelta(days=1)) == [unit]
    assert roles_of(clerk, today + timedelta(days=4)) == {Role.CLERK}
    assert has_role(liaison, Role.LIAISON_OFFICER, on=today + timedelta(days=2))


def test_own_and_lent_roles_are_read_by_one_query(liaison: User, clerk: User, now: datetime, today: date) -> None:
    lend(liaison, clerk, now)
    lend(liaison, clerk, now, starts_on=today + timedelta(days=10), ends_on=today + timedelta(days=12))
    user = fresh(clerk)
    with CaptureQueriesContext(connection) as asked:
        assert {one.role for one in assignments_of(user, today)} == {Role.CLERK, Role.LIAISON_OFFICER}
        assert len(assignments_of(user, today + timedelta(days=11))) == 2
        assert len(assignments_of(user, today + timedelta(days=7))) == 1
        assert stood_in_for(user, today) == [liaison.name]
    assert len(asked) == 1


def test_roles_lent_to_others_on_other_days_do_not_leak(
    liaison: User, clerk: User, make_user: Callable[..., User], unit: Unit, now: datetime, today: date
) -> None:
    other = make_user("other-clerk", Role.CLERK, unit=unit)
    lend(liaison, clerk, now, ends_on=today)
    lend(liaison, other, now, starts_on=today + timedelta(days=1))
    tomorrow = today + timedelta(days=1)
    assert (stood_in_for(fresh(clerk), today), stood_in_for(fresh(clerk), tomorrow)) == ([liaison.name], [])
    assert (stood_in_for(fresh(other), today), stood_in_for(fresh(other), tomorrow)) == ([], [liaison.name])
    assert len(own_assignments_of(fresh(liaison), today)) == 1
    assert len(assignments_of(fresh(liaison), today)) == 1


def test_the_log_says_in_whose_place_somebody_acted(liaison: User, clerk: User, unit: Unit, now: datetime) -> None:
    lend(liaison, clerk, now)
    with transaction.atomic():
        event = record_event("units.signed_in", clerk, by=fresh(clerk), at=now)
    assert event.role == f"经办人、联络员（代{liaison.name}）"
    assert role_labels(liaison, now) == "联络员"


def test_both_people_are_told_but_not_whoever_did_it(liaison: User, clerk: User, now: datetime) -> None:
    made = lend(liaison, clerk, now)
    assert [message.user for message in Message.objects.all()] == [clerk]
    assert events_about(made).get().action == "units.delegation_made"
    end_delegation(made, by=clerk, at=now)
    assert set(Message.objects.values_list("user__username", "template")) == {
        ("clerk", "units.delegation_made"),
        ("liaison", "units.delegation_ended"),
    }


def test_an_early_end_counts_at_once_and_for_good(liaison: User, clerk: User, now: datetime, today: date) -> None:
    made = lend(liaison, clerk, now, starts_on=today)
    assert has_role(fresh(clerk), Role.LIAISON_OFFICER, on=today)
    ended = end_delegation(made, by=liaison, at=now, reason="提前返岗")
    assert (ended.ended_on, ended.ends_on) == (today, today + timedelta(days=4))
    assert not has_role(fresh(clerk), Role.LIAISON_OFFICER, on=today)
    with pytest.raises(DelegationRefused, match="已经结束"):
        end_delegation(made, by=liaison, at=now)
    lend(liaison, clerk, now)  # the days are free again


def test_one_that_has_not_begun_never_counts_once_ended(liaison: User, clerk: User, now: datetime, today: date) -> None:
    made = lend(liaison, clerk, now, starts_on=today + timedelta(days=2))
    ended = end_delegation(made, by=liaison, at=now)
    assert ended.ended_on == ended.starts_on
    assert not any(has_role(fresh(clerk), Role.LIAISON_OFFICER, on=today + timedelta(days=day)) for day in range(6))


def test_after_its_last_day_there_is_nothing_to_end(liaison: User, clerk: User, now: datetime, today: date) -> None:
    made = lend(liaison, clerk, now, ends_on=today)
    with pytest.raises(DelegationRefused, match="已经结束"):
        end_delegation(made, by=liaison, at=now + timedelta(days=1))


def test_strangers_end_nothing(liaison: User, clerk: User, leader: User, office: User, now: datetime) -> None:
    made = lend(liaison, clerk, now)
    with pytest.raises(DelegationRefused, match="只有请假人"):
        end_delegation(made, by=leader, at=now)
    end_delegation(made, by=office, at=now)


def test_the_lent_role_ends_with_the_role_the_unit_and_the_account(
    liaison: User, clerk: User, unit: Unit, security_administrator: User, now: datetime, today: date
) -> None:
    lend(liaison, clerk, now)
    tomorrow = today + timedelta(days=1)
    end_role(RoleAssignment.objects.get(user=liaison), last_day=today, by=security_administrator, at=now)
    assert has_role(fresh(clerk), Role.LIAISON_OFFICER, on=today)
    assert not has_role(fresh(clerk), Role.LIAISON_OFFICER, on=tomorrow)
    User.objects.filter(pk=liaison.pk).update(is_active=False)
    assert not has_role(fresh(clerk), Role.LIAISON_OFFICER, on=today)
    User.objects.filter(pk=liaison.pk).update(is_active=True)
    Unit.objects.filter(pk=unit.pk).update(abolished_on=today)
    assert roles_of(fresh(clerk), today) == frozenset()


def test_on_the_last_day_both_are_told(liaison: User, clerk: User, now: datetime, today: date) -> None:
    lend(liaison, clerk, now, ends_on=today + timedelta(days=1))
    before = Message.objects.count()
    with transaction.atomic():
        assert tell_of_endings(today, at=now) == 0
        assert tell_of_endings(today + timedelta(days=1), at=now) == 1
    assert Message.objects.count() == before + 2


def test_roles_known_to_an_object_are_read_afresh_after_a_change(
    liaison: User, clerk: User, now: datetime, today: date
) -> None:
    assert not has_role(clerk, Role.LIAISON_OFFICER, on=today)
    made = lend(liaison, clerk, now)
    assert has_role(clerk, Role.LIAISON_OFFICER, on=today)
    end_delegation(made, by=liaison, at=now)
    forget_roles(clerk)
    assert not has_role(clerk, Role.LIAISON_OFFICER, on=today)


def test_a_reader_of_the_log_is_told_in_whose_place(liaison: User, clerk: User) -> None:
    assert roles_in_words("经办人、联络员（代李文静）") == "经办人、联络员（代李文静）"
    with translation.override("en"):
        assert roles_in_words("经办人") == "Clerk"
        assert "李文静" in roles_in_words("联络员（代李文静）")
