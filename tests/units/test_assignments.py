"""三员分立 and the days of roles: who grants what to whom, and what excludes what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from chuangju.kernel.models import AuditEvent, User
from chuangju.units.access import roles_of
from chuangju.units.accounts import disable_account
from chuangju.units.assignments import AssignmentRefused, end_role, grant_role, roles_to_show
from chuangju.units.models import Role, RoleAssignment, Unit

TODAY = date(2026, 6, 15)
THREE = ("system_administrator", "security_administrator", "auditor")


def newest() -> AuditEvent:
    event = AuditEvent.objects.order_by("pk").last()
    assert event is not None
    return event


@pytest.mark.parametrize("role", sorted(Role.values))
def test_the_security_administrator_grants_every_role(
    role: str, stranger: User, unit: Unit, security_administrator: User, now: datetime
) -> None:
    needs_unit = role in {"liaison_officer", "policy_officer", "clerk", "approver", "finance"}
    granted = grant_role(
        stranger,
        role=role,
        unit=unit if needs_unit else None,
        starts_on=TODAY,
        by=security_administrator,
        at=now,
    )
    assert granted.granted_by == security_administrator
    assert roles_of(stranger, TODAY) == {role}
    assert (newest().action, newest().about_id) == ("units.role_granted", str(stranger.pk))


@pytest.mark.parametrize(
    "who", ["system_administrator", "auditor", "office", "leader", "liaison", "entrepreneur", "stranger"]
)
def test_nobody_else_grants_or_ends_roles(
    who: str, now: datetime, make_user: Callable[..., User], request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(who)
    other = make_user("other", "mentor")
    with pytest.raises(AssignmentRefused, match="只有安全保密管理员"):
        grant_role(other, role=Role.LEADER, starts_on=TODAY, by=by, at=now)
    with pytest.raises(AssignmentRefused, match="只有安全保密管理员"):
        end_role(other.assignments.get(), by=by, at=now)


def test_nobody_grants_a_role_to_themselves_or_takes_one_from_themselves(
    security_administrator: User, make_user: Callable[..., User], now: datetime
) -> None:
    make_user("second", "security_administrator")
    with pytest.raises(AssignmentRefused, match="为自己"):
        grant_role(security_administrator, role=Role.LEADER, starts_on=TODAY, by=security_administrator, at=now)
    with pytest.raises(AssignmentRefused, match="为自己"):
        end_role(security_administrator.assignments.get(), by=security_administrator, at=now)


@pytest.mark.parametrize("first", THREE)
@pytest.mark.parametrize("second", THREE)
def test_nobody_holds_two_of_the_three_administrator_roles(
    first: str, second: str, stranger: User, security_administrator: User, now: datetime
) -> None:
    grant_role(stranger, role=first, starts_on=TODAY, by=security_administrator, at=now)
    with pytest.raises(AssignmentRefused, match=r"三员分立|已有此角色"):
        grant_role(stranger, role=second, starts_on=TODAY + timedelta(days=400), by=security_administrator, at=now)
    assert RoleAssignment.objects.filter(user=stranger).count() == 1


def test_the_three_exclude_each_other_only_for_the_same_days(
    stranger: User, security_administrator: User, now: datetime
) -> None:
    last = date(2026, 12, 31)
    by = security_administrator
    grant_role(stranger, role=Role.AUDITOR, starts_on=TODAY, ends_on=last, by=by, at=now)
    with pytest.raises(AssignmentRefused, match="三员分立"):
        grant_role(stranger, role=Role.SYSTEM_ADMINISTRATOR, starts_on=last, by=by, at=now)
    grant_role(stranger, role=Role.SYSTEM_ADMINISTRATOR, starts_on=last + timedelta(days=1), by=by, at=now)
    assert roles_of(stranger, last) == {"auditor"}
    assert roles_of(stranger, last + timedelta(days=1)) == {"system_administrator"}


def test_a_role_granted_for_the_future_excludes_one_that_would_reach_into_it(
    stranger: User, security_administrator: User, now: datetime
) -> None:
    by = security_administrator
    grant_role(stranger, role=Role.AUDITOR, starts_on=date(2027, 1, 1), by=by, at=now)
    with pytest.raises(AssignmentRefused, match="三员分立"):
        grant_role(stranger, role=Role.SYSTEM_ADMINISTRATOR, starts_on=TODAY, by=by, at=now)
    grant_role(stranger, role=Role.SYSTEM_ADMINISTRATOR, starts_on=TODAY, ends_on=date(2026, 12, 31), by=by, at=now)


def test_other_roles_go_together(
    stranger: User, unit: Unit, other_unit: Unit, security_administrator: User, now: datetime
) -> None:
    for role, where in (
        ("leader", None),
        ("liaison_officer", unit),
        ("liaison_officer", other_unit),
        ("auditor", None),
    ):
        grant_role(stranger, role=role, unit=where, starts_on=TODAY, by=security_administrator, at=now)
    assert roles_of(stranger, TODAY) == {"leader", "liaison_officer", "auditor"}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"role": "king"}, "没有这个角色"),
        ({"role": "liaison_officer"}, "须指定所属单位"),
        ({"role": "auditor", "unit": True}, "不要选择单位"),
        ({"role": "leader", "ends_on": TODAY - timedelta(days=1)}, "不能早于"),
    ],
)
def test_a_role_that_makes_no_sense_is_refused(
    fields: dict[str, object], sentence: str, stranger: User, unit: Unit, security_administrator: User, now: datetime
) -> None:
    if fields.get("unit"):
        fields = {**fields, "unit": unit}
    with pytest.raises(AssignmentRefused, match=sentence):
        grant_role(stranger, starts_on=TODAY, by=security_administrator, at=now, **fields)  # type: ignore[arg-type]


def test_a_role_at_an_abolished_unit_or_for_a_disabled_account_is_refused(
    stranger: User, unit: Unit, security_administrator: User, now: datetime
) -> None:
    unit.abolished_on = TODAY
    unit.save()
    grant = {"role": "clerk", "unit": unit, "by": security_administrator, "at": now}
    with pytest.raises(AssignmentRefused, match="承接单位"):
        grant_role(stranger, starts_on=TODAY, **grant)  # type: ignore[arg-type]
    disable_account(stranger, by=None, at=now)
    with pytest.raises(AssignmentRefused, match="已停用"):
        grant_role(stranger, role="leader", starts_on=TODAY, by=security_administrator, at=now)


def test_the_same_role_is_not_held_twice_at_once(
    stranger: User, unit: Unit, security_administrator: User, now: datetime
) -> None:
    by = security_administrator
    grant_role(stranger, role="clerk", unit=unit, starts_on=TODAY, by=by, at=now)
    with pytest.raises(AssignmentRefused, match="已有此角色"):
        grant_role(stranger, role="clerk", unit=unit, starts_on=TODAY + timedelta(days=30), by=by, at=now)


def test_a_role_ended_without_a_day_counts_no_more_from_now_on(
    leader: User, security_administrator: User, now: datetime
) -> None:
    assert roles_of(leader, TODAY) == {"leader"}
    end_role(leader.assignments.get(), by=security_administrator, at=now, reason="调离")
    assert leader.assignments.get().ends_on == TODAY - timedelta(days=1)
    assert roles_of(User.objects.get(pk=leader.pk), TODAY) == frozenset()
    assert (newest().action, newest().reason) == ("units.role_ended", "调离")


def test_a_role_may_be_ended_at_a_later_day_and_then_earlier_but_not_later(
    leader: User, security_administrator: User, now: datetime
) -> None:
    by = security_administrator
    assignment = leader.assignments.get()
    end_role(assignment, last_day=date(2026, 7, 31), by=by, at=now)
    end_role(assignment, last_day=date(2026, 6, 30), by=by, at=now)
    with pytest.raises(AssignmentRefused, match="只能提前"):
        end_role(assignment, last_day=date(2026, 7, 1), by=by, at=now)
    with pytest.raises(AssignmentRefused, match="过去"):
        end_role(assignment, last_day=date(2026, 6, 1), by=by, at=now)
    assert leader.assignments.get().ends_on == date(2026, 6, 30)


def test_a_role_granted_today_by_mistake_leaves_only_the_log(
    stranger: User, security_administrator: User, now: datetime
) -> None:
    granted = grant_role(stranger, role="leader", starts_on=TODAY, by=security_administrator, at=now)
    end_role(granted, by=security_administrator, at=now)
    assert not stranger.assignments.exists()
    assert newest().action == "units.role_ended"
    assert newest().object_id == str(granted.pk)


@pytest.mark.parametrize("role", ["security_administrator", "system_administrator"])
def test_the_last_administrator_of_a_kind_cannot_be_ended(
    role: str, make_user: Callable[..., User], now: datetime
) -> None:
    first = make_user("first", role)
    with pytest.raises(AssignmentRefused, match="最后一名"):
        end_role(first.assignments.get(), by=None, at=now)
    second = make_user("second", role)
    end_role(first.assignments.get(), by=None, at=now)
    with pytest.raises(AssignmentRefused, match="最后一名"):
        end_role(second.assignments.get(), last_day=date(2027, 1, 1), by=None, at=now)


def test_a_successor_who_begins_later_than_the_gap_does_not_count(
    security_administrator: User, stranger: User, now: datetime
) -> None:
    grant_role(stranger, role="security_administrator", starts_on=date(2026, 8, 1), by=None, at=now)
    assignment = security_administrator.assignments.get()
    with pytest.raises(AssignmentRefused, match="最后一名"):
        end_role(assignment, last_day=date(2026, 7, 30), by=None, at=now)
    end_role(assignment, last_day=date(2026, 7, 31), by=None, at=now)


def test_roles_are_shown_present_first_with_their_state(
    stranger: User, unit: Unit, other_unit: Unit, security_administrator: User, now: datetime
) -> None:
    by = security_administrator
    grant_role(stranger, role="mentor", starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31), by=by, at=now)
    grant_role(stranger, role="leader", starts_on=date(2026, 7, 1), by=by, at=now)
    grant_role(stranger, role="clerk", unit=unit, starts_on=TODAY, by=by, at=now)
    grant_role(stranger, role="clerk", unit=other_unit, starts_on=TODAY, by=by, at=now)
    Unit.objects.filter(pk=other_unit.pk).update(abolished_on=TODAY)
    shown = [(one.assignment.role, one.state, one.label) for one in roles_to_show(stranger, on=TODAY)]
    assert shown[0] == ("clerk", "present", "有效")
    assert shown[1] == ("leader", "future", "尚未开始")
    assert {one[1] for one in shown[2:]} == {"past"}


def test_the_database_itself_refuses_the_same_role_twice_from_a_day(stranger: User) -> None:
    RoleAssignment.objects.create(user=stranger, role="leader", starts_on=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleAssignment.objects.create(user=stranger, role="leader", starts_on=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleAssignment.objects.create(user=stranger, role="mentor", starts_on=TODAY, ends_on=TODAY - timedelta(days=1))
