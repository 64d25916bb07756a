"""Roles count from their first to their last day, and each role sees what it may see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import override

from chuangju.kernel.models import AuditEvent, User
from chuangju.units.access import (
    EXTERNAL_ROLES,
    STAFF_ROLES,
    accounts_visible_to,
    assignments_visible_to,
    audit_events_visible_to,
    can_maintain_units,
    forget_roles,
    has_role,
    is_staff_member,
    role_labels,
    roles_of,
    units_of,
    units_visible_to,
)
from chuangju.units.models import Role, RoleAssignment, Unit
from chuangju.units.sign_ins import record_sign_in

FIRST, LAST = date(2026, 3, 1), date(2026, 8, 31)


@pytest.fixture
def term(stranger: User, unit: Unit) -> RoleAssignment:
    """A liaison officer from 1 March to 31 August."""
    return RoleAssignment.objects.create(
        user=stranger, role=Role.LIAISON_OFFICER, unit=unit, starts_on=FIRST, ends_on=LAST
    )


@pytest.mark.parametrize(
    ("day", "counts"),
    [(FIRST - timedelta(days=1), False), (FIRST, True), (LAST, True), (LAST + timedelta(days=1), False)],
)
def test_a_role_counts_from_its_first_to_its_last_day(term: RoleAssignment, day: date, *, counts: bool) -> None:
    user = User.objects.get(pk=term.user_id)
    assert (roles_of(user, day) == {"liaison_officer"}) is counts
    assert has_role(user, Role.LIAISON_OFFICER, on=day) is counts
    assert (units_of(user, Role.LIAISON_OFFICER, day) == [term.unit]) is counts
    assert is_staff_member(user, day) is counts
    assert RoleAssignment.objects.held_on(day).filter(pk=term.pk).exists() is counts


def test_a_role_of_a_unit_that_is_no_more_counts_for_nothing(term: RoleAssignment) -> None:
    Unit.objects.update(abolished_on=date(2026, 6, 1))
    user = User.objects.get(pk=term.user_id)
    assert roles_of(user, date(2026, 5, 31)) == {"liaison_officer"}
    assert roles_of(user, date(2026, 6, 1)) == frozenset()
    assert not RoleAssignment.objects.held_on(date(2026, 6, 1)).filter(pk=term.pk).exists()


def test_a_role_of_a_unit_that_is_not_yet_set_up_counts_for_nothing(term: RoleAssignment) -> None:
    Unit.objects.update(established_on=date(2026, 6, 1))
    user = User.objects.get(pk=term.user_id)
    assert roles_of(user, date(2026, 5, 31)) == frozenset()
    assert roles_of(user, date(2026, 6, 1)) == {"liaison_officer"}
    assert not RoleAssignment.objects.held_on(date(2026, 5, 31)).filter(pk=term.pk).exists()


def test_a_disabled_account_and_a_stranger_hold_no_role(leader: User, today: date) -> None:
    leader.is_active = False
    assert roles_of(leader, today) == frozenset()
    assert roles_of(AnonymousUser(), today) == frozenset()
    assert roles_of(None, today) == frozenset()


def test_roles_are_read_once_for_each_user_object(
    office: User, today: date, django_assert_num_queries: Callable[..., object]
) -> None:
    user = User.objects.get(pk=office.pk)
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        assert roles_of(user, today) == {"programme_office"}
        assert has_role(user, Role.PROGRAMME_OFFICE, on=today)
        assert units_of(user, Role.LIAISON_OFFICER, today) == []
    RoleAssignment.objects.filter(user=user).delete()
    forget_roles(user)
    assert roles_of(user, today) == frozenset()


@pytest.mark.usefixtures("register")
def test_units_of_a_user_stand_in_their_order(make_user: Callable[..., User], today: date) -> None:
    for code in ("tqw", "310112101", "xcb"):
        user = make_user("zhang", "liaison_officer", unit=Unit.objects.get(code=code))
    assert [unit.code for unit in units_of(user, Role.LIAISON_OFFICER, today)] == ["xcb", "tqw", "310112101"]


def test_every_role_is_either_of_the_staff_or_from_outside() -> None:
    assert set(Role.values) == STAFF_ROLES | EXTERNAL_ROLES
    assert not STAFF_ROLES & EXTERNAL_ROLES
    assert {"entrepreneur", "student", "partner_operator", "mentor", "assessor", "bank_officer"} == EXTERNAL_ROLES


@pytest.mark.parametrize("role", sorted(Role.values))
def test_each_role_sees_accounts_and_the_audit_log_as_the_rules_say(
    role: str, make_user: Callable[..., User], unit: Unit, today: date, now: datetime
) -> None:
    record_sign_in(make_user("somebody"), at=now)
    needs_unit = role in {"liaison_officer", "policy_officer", "clerk", "approver", "finance"}
    user = make_user("holder", role, unit=unit if needs_unit else None)
    sees_all = role in {"system_administrator", "security_administrator"}
    assert (accounts_visible_to(user, today).count() > 1) is sees_all
    assert assignments_visible_to(user, today).filter(user=user).exists()
    assert audit_events_visible_to(user, today).exists() is (role == "auditor")
    assert can_maintain_units(user, today) is (role in {"system_administrator", "programme_office"})
    assert is_staff_member(user, today) is (role in STAFF_ROLES)


def test_strangers_see_units_but_no_accounts_and_no_log(unit: Unit, office: User, now: datetime) -> None:
    record_sign_in(office, at=now)
    assert AuditEvent.objects.exists()
    assert list(units_visible_to(AnonymousUser())) == [unit]
    assert not accounts_visible_to(AnonymousUser()).exists()
    assert not audit_events_visible_to(AnonymousUser()).exists()


def test_the_log_keeps_the_roles_of_the_moment_in_one_language(
    make_user: Callable[..., User], unit: Unit, now: datetime
) -> None:
    user = make_user("zhang", "leader")
    make_user("zhang", "liaison_officer", unit=unit)
    with override("en"):
        assert role_labels(user, now) == "领导、联络员"
        assert str(user.assignments.get(role="leader")) == "zhang 领导"
