"""Many at the same moment: one seat is taken once, one link makes one account, one absence has one stand-in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from chuangju.kernel.models import User
from chuangju.units import appointments, delegations, invitations
from chuangju.units.appointments import Appointee, AppointmentRefused, appoint
from chuangju.units.delegations import DelegationRefused, delegate_roles, lendable_roles
from chuangju.units.invitations import InvitationRefused, Invitee, accept_invitation, invite
from chuangju.units.models import Appointment, Delegation, Role, Unit
from tests.kernel.racing import errors_of, let_sqlite_begin_deferred, race
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
RACERS = 6


def appointing(unit: Unit, by: User, at: datetime) -> Callable[[int], Any]:
    return lambda number: appoint(
        unit, kind="work", appointee=Appointee(name=f"人{number}"), starts_on=at.date(), by=by, at=at
    )


def lending(from_user: User, clerks: list[User], at: datetime) -> Callable[[int], Any]:
    roles = lendable_roles(from_user, at.date())
    return lambda number: delegate_roles(
        from_user,
        to_user=clerks[number],
        assignments=roles,
        starts_on=at.date(),
        ends_on=at.date() + timedelta(days=2),
        reason="休假",
        by=from_user,
        at=at,
    )


@pytest.fixture
def clerks(make_user: Callable[..., User], unit: Unit) -> list[User]:
    """Colleagues, each of whom could stand in."""
    return [make_user(f"clerk{number}", Role.CLERK, unit=unit) for number in range(RACERS)]


def test_one_of_many_is_appointed(office: User, unit: Unit, now: datetime) -> None:
    outcomes = race(appointing(unit, office, now), RACERS)
    assert [type(error) for error in errors_of(outcomes)] == [AppointmentRefused] * (RACERS - 1)
    assert Appointment.objects.count() == 1


def test_one_link_makes_one_account(system_administrator: User, now: datetime) -> None:
    sent = invite(Invitee("韩雪", "hanxue", "h@example.org"), by=system_administrator, at=now)
    outcomes = race(lambda _number: accept_invitation(sent.token, password=PASSWORD, at=now), RACERS)
    assert [type(error) for error in errors_of(outcomes)] == [InvitationRefused] * (RACERS - 1)
    assert User.objects.filter(username="hanxue").count() == 1


def test_one_absence_has_one_stand_in(liaison: User, clerks: list[User], now: datetime) -> None:
    outcomes = race(lending(liaison, clerks, now), RACERS)
    assert [type(error) for error in errors_of(outcomes)] == [DelegationRefused] * (RACERS - 1)
    assert Delegation.objects.count() == 1


def test_two_who_lend_to_each_other_make_no_chain(clerks: list[User], now: datetime) -> None:
    first, second = clerks[:2]

    def lend(number: int) -> Any:
        pair = (first, second) if number else (second, first)
        return lending(pair[0], [pair[1]] * RACERS, now)(number)

    assert [type(error) for error in errors_of(race(lend, 2))] == [DelegationRefused]


def test_without_the_locks_somebody_falls_or_too_much_is_made(
    office: User, liaison: User, clerks: list[User], unit: Unit, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (appointments, delegations, invitations):
        monkeypatch.setattr(module, "take_locks", lambda *_keys: None)
    let_sqlite_begin_deferred(monkeypatch)
    outcomes = race(appointing(unit, office, now), RACERS) + race(lending(liaison, clerks, now), RACERS)
    fallen = [error for error in errors_of(outcomes) if not isinstance(error, AppointmentRefused | DelegationRefused)]
    assert fallen != [] or Delegation.objects.count() > 1
