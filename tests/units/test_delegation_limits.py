"""B岗: what can never be lent, to whom nothing can be lent, and for how long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from chuangju.kernel.models import Message, User
from chuangju.units.access import (
    assignments_of,
    roles_of,
    units_of,
)
from chuangju.units.assignments import grant_role
from chuangju.units.delegations import (
    DelegationRefused,
    delegate_roles,
    lendable_roles,
    possible_stand_ins,
)
from chuangju.units.models import Delegation, Role, RoleAssignment, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(make_user: Callable[..., User], unit: Unit) -> User:
    """A colleague of `liaison` in the same unit."""
    return make_user("clerk", Role.CLERK, unit=unit, name="吴佳怡")


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


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR])
def test_administrators_roles_are_never_lent(
    role: Role, make_user: Callable[..., User], office: User, now: datetime, today: date
) -> None:
    administrator = make_user("administrator", role)
    assert lendable_roles(administrator, today) == []
    wanted = list(RoleAssignment.objects.filter(user=administrator))
    for by in (administrator, None):
        with pytest.raises(DelegationRefused, match="三员"):
            lend(administrator, office, now, assignments=wanted, by=by)
    # Nor would a row that came into the database some other way make anybody an administrator.
    row = Delegation.objects.create(
        from_user=administrator, to_user=office, starts_on=today, ends_on=today, reason="x", created_at=now
    )
    row.assignments.set(wanted)
    assert roles_of(fresh(office), today) == {Role.PROGRAMME_OFFICE}


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR])
def test_an_administrator_acts_in_nobodys_place(
    role: Role, make_user: Callable[..., User], liaison: User, clerk: User, now: datetime, today: date
) -> None:
    administrator = make_user("administrator", role)
    with pytest.raises(DelegationRefused, match="三员分立"):
        lend(liaison, administrator, now, by=None)
    # A stand-in who becomes one later stops standing in.
    lend(liaison, clerk, now)
    grant_role(clerk, role=role, starts_on=today, by=None, at=now)
    assert roles_of(fresh(clerk), today) == {Role.CLERK, role}


def test_nobody_stands_in_for_themselves(liaison: User, now: datetime, today: date) -> None:
    with pytest.raises(DelegationRefused, match="不能是本人"):
        lend(liaison, liaison, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.create(
            from_user=liaison, to_user=liaison, starts_on=today, ends_on=today, reason="x", created_at=now
        )


def test_what_one_was_lent_cannot_be_lent_on(
    liaison: User, clerk: User, make_user: Callable[..., User], unit: Unit, now: datetime, today: date
) -> None:
    third = make_user("third", Role.CLERK, unit=unit)
    lend(liaison, clerk, now)
    assert [one.role for one in lendable_roles(fresh(clerk), today)] == [Role.CLERK]
    lent = [one for one in assignments_of(fresh(clerk), today) if one.stand_in]
    with pytest.raises(DelegationRefused, match="不能再转"):
        lend(clerk, third, now, assignments=lent)
    with pytest.raises(DelegationRefused, match="正代"):
        lend(clerk, third, now)


def test_whoever_is_away_stands_in_for_nobody(
    liaison: User, clerk: User, make_user: Callable[..., User], unit: Unit, now: datetime, today: date
) -> None:
    third = make_user("third", Role.CLERK, unit=unit)
    lend(clerk, third, now, starts_on=today + timedelta(days=4), ends_on=today + timedelta(days=5))
    with pytest.raises(DelegationRefused, match="也请假"):
        lend(liaison, clerk, now, ends_on=today + timedelta(days=4))
    lend(liaison, clerk, now, ends_on=today + timedelta(days=3))


def test_the_same_days_are_lent_once(
    liaison: User, clerk: User, make_user: Callable[..., User], unit: Unit, now: datetime, today: date
) -> None:
    third = make_user("third", Role.CLERK, unit=unit)
    lend(liaison, clerk, now, ends_on=today + timedelta(days=4))
    with pytest.raises(DelegationRefused, match="已经指定"):
        lend(liaison, third, now, starts_on=today + timedelta(days=4), ends_on=today + timedelta(days=8))
    lend(liaison, third, now, starts_on=today + timedelta(days=5), ends_on=today + timedelta(days=8))


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [(-1, 3, "早于今天"), (2, 1, "早于开始"), (0, 180, "最长 180 天")],
)
def test_days_that_make_no_leave_are_refused(
    first: int, last: int, sentence: str, liaison: User, clerk: User, now: datetime, today: date
) -> None:
    with pytest.raises(DelegationRefused, match=sentence):
        lend(liaison, clerk, now, starts_on=today + timedelta(days=first), ends_on=today + timedelta(days=last))


def test_the_longest_leave_is_180_days(liaison: User, clerk: User, now: datetime, today: date) -> None:
    lend(liaison, clerk, now, ends_on=today + timedelta(days=179))


def test_one_names_a_colleague_of_the_same_unit_only(
    liaison: User, other_liaison: User, entrepreneur: User, now: datetime
) -> None:
    with pytest.raises(DelegationRefused, match="同一单位"):
        lend(liaison, other_liaison, now)
    with pytest.raises(DelegationRefused, match="须是工作人员"):
        lend(liaison, entrepreneur, now)


def test_a_role_of_no_unit_goes_to_somebody_with_the_same_role(
    leader: User, office: User, make_user: Callable[..., User], now: datetime
) -> None:
    with pytest.raises(DelegationRefused, match="同一角色"):
        lend(leader, office, now)
    lend(leader, make_user("second-leader", Role.LEADER), now)


def test_the_office_names_somebody_of_another_unit_for_a_liaison_officer(
    liaison: User, other_liaison: User, office: User, unit: Unit, other_unit: Unit, now: datetime, today: date
) -> None:
    lend(liaison, other_liaison, now, by=office)
    units = units_of(fresh(other_liaison), Role.LIAISON_OFFICER, today)
    assert {one.pk for one in units} == {unit.pk, other_unit.pk}
    assert {message.user for message in Message.objects.all()} == {liaison, other_liaison}


def test_the_office_names_nobody_for_other_roles_and_never_itself(
    clerk: User, liaison: User, office: User, leader: User, now: datetime
) -> None:
    with pytest.raises(DelegationRefused, match="只能为联络员"):
        lend(clerk, liaison, now, by=office)
    with pytest.raises(DelegationRefused, match="不能指定自己"):
        lend(liaison, office, now, by=office)
    with pytest.raises(DelegationRefused, match="由本人或创建办"):
        lend(liaison, clerk, now, by=leader)


def test_forms_offer_only_people_who_may_stand_in(
    liaison: User, clerk: User, other_liaison: User, office: User, auditor: User, today: date
) -> None:
    roles = lendable_roles(liaison, today)
    everybody = User.objects.all()
    assert set(possible_stand_ins(everybody, liaison, roles, by=liaison, on=today)) == {clerk}
    assert set(possible_stand_ins(everybody, liaison, roles, by=office, on=today)) == {clerk, other_liaison}


def test_nothing_without_roles_and_reason(liaison: User, clerk: User, now: datetime) -> None:
    with pytest.raises(DelegationRefused, match="至少选择一个"):
        lend(liaison, clerk, now, assignments=[])
    with pytest.raises(DelegationRefused, match="请假原因"):
        lend(liaison, clerk, now, reason=" ")
