"""The review of accounts: each flag means what it says, figures are counted, and the due day is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from chuangju.kernel.models import Message, User
from chuangju.units.access_reviews import (
    AccessReviewRefused,
    Flag,
    accounts_for_review,
    flags_of,
    next_review_due,
    record_access_review,
    remind_of_review,
    review_figures,
)
from chuangju.units.assignments import end_role
from chuangju.units.models import AccessReview, Appointment, Role, RoleAssignment, Unit

pytestmark = pytest.mark.django_db


def flags(user: User, at: datetime) -> set[Flag]:
    found = accounts_for_review(User.objects.filter(pk=user.pk), at.date(), at).get()
    return set(flags_of(found))


@pytest.fixture
def tidy(make_user: Callable[..., User], unit: Unit, now: datetime) -> User:
    """A liaison officer about whom there is nothing to say."""
    user = make_user("tidy", Role.LIAISON_OFFICER, unit=unit)
    User.objects.filter(pk=user.pk).update(last_login=now)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    Appointment.objects.create(
        unit=unit, kind=Appointment.Kind.WORK, user=user, name=user.name, starts_on=date(2026, 1, 1)
    )
    return user


def change(user: User, **fields: Any) -> None:
    User.objects.filter(pk=user.pk).update(**fields)


def test_nothing_is_said_about_an_account_in_order(tidy: User, now: datetime) -> None:
    assert flags(tidy, now) == set()


def test_a_closed_account_that_still_holds_roles(tidy: User, now: datetime) -> None:
    change(tidy, is_active=False)
    assert flags(tidy, now) == {Flag.DISABLED_WITH_ROLES}
    RoleAssignment.objects.filter(user=tidy).update(ends_on=now.date() - timedelta(days=1))
    assert Flag.DISABLED_WITH_ROLES not in flags(tidy, now)


def test_a_role_of_a_unit_that_is_no_more(tidy: User, unit: Unit, now: datetime) -> None:
    Unit.objects.filter(pk=unit.pk).update(abolished_on=now.date() + timedelta(days=1))
    assert flags(tidy, now) == set()
    Unit.objects.filter(pk=unit.pk).update(abolished_on=now.date())
    assert Flag.ROLES_OF_ABOLISHED_UNIT in flags(tidy, now)


def test_ninety_days_without_signing_in(tidy: User, now: datetime) -> None:
    change(tidy, last_login=now - timedelta(days=90))
    assert flags(tidy, now) == set()
    change(tidy, last_login=now - timedelta(days=90, seconds=1))
    assert flags(tidy, now) == {Flag.UNUSED}
    change(tidy, last_login=None, created_at=now - timedelta(days=91))
    assert flags(tidy, now) == {Flag.UNUSED}
    change(tidy, created_at=now)
    assert flags(tidy, now) == set()


def test_staff_without_a_second_factor(tidy: User, entrepreneur: User, now: datetime) -> None:
    Authenticator.objects.filter(user=tidy).update(type=Authenticator.Type.RECOVERY_CODES)
    assert flags(tidy, now) == {Flag.NO_SECOND_FACTOR}
    assert Flag.NO_SECOND_FACTOR not in flags(entrepreneur, now)


def test_appointment_and_role_that_do_not_fit(tidy: User, other_unit: Unit, now: datetime) -> None:
    Appointment.objects.update(unit=other_unit)
    assert flags(tidy, now) == {Flag.APPOINTED_WITHOUT_ROLE, Flag.ROLE_WITHOUT_APPOINTMENT}
    Appointment.objects.update(kind=Appointment.Kind.PUBLICITY)
    assert flags(tidy, now) == {Flag.ROLE_WITHOUT_APPOINTMENT}


def test_figures_are_exact_and_cost_the_same_for_many(
    tidy: User, make_user: Callable[..., User], unit: Unit, now: datetime
) -> None:
    def cost(count: int) -> int:
        for number in range(count):
            make_user(f"officer{number}", Role.LIAISON_OFFICER, unit=unit)
        with CaptureQueriesContext(connection) as asked:
            review_figures(on=now.date(), at=now)
            for account in accounts_for_review(User.objects.all(), now.date(), now):
                assert isinstance(flags_of(account), list)
        return len(asked)

    assert cost(1) == cost(20)
    figures = review_figures(on=now.date(), at=now)
    assert (figures.accounts, figures.roles, figures.flagged) == (21, 21, 20)
    assert figures.by_flag[Flag.ROLE_WITHOUT_APPOINTMENT] == 20


def test_a_review_counts_what_was_taken_back_since_the_one_before(
    tidy: User, security_administrator: User, now: datetime
) -> None:
    first = record_access_review(note=" 已核 ", by=security_administrator, at=now)
    assert (first.ended, first.accounts, first.note) == (0, 2, "已核")
    with pytest.raises(AccessReviewRefused, match="今天已登记"):
        record_access_review(note="", by=security_administrator, at=now)
    end_role(RoleAssignment.objects.get(user=tidy), by=security_administrator, at=now + timedelta(days=1))
    later = record_access_review(note="", by=security_administrator, at=now + timedelta(days=200))
    assert later.ended == 1


def test_only_the_security_administrator_records(system_administrator: User, auditor: User, now: datetime) -> None:
    for somebody in (system_administrator, auditor):
        with pytest.raises(AccessReviewRefused, match="只有安全保密管理员"):
            record_access_review(note="", by=somebody, at=now)


@pytest.mark.parametrize(
    ("last", "months", "due"),
    [
        (date(2026, 1, 31), 6, date(2026, 7, 31)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 6, 15), 12, date(2027, 6, 15)),
    ],
)
def test_the_next_review_falls_due_after_so_many_months(
    last: date, months: int, due: date, security_administrator: User, now: datetime, settings: Any
) -> None:
    settings.ACCESS_REVIEW_MONTHS = months
    AccessReview.objects.create(
        reviewed_by=security_administrator, reviewed_on=last, reviewed_at=now, accounts=1, roles=1, flagged=0, ended=0
    )
    assert next_review_due(now.date()) == due


def test_whoever_keeps_roles_is_reminded_once_for_each_due_day(security_administrator: User, now: datetime) -> None:
    def remind(day: date) -> int:
        with transaction.atomic():
            return remind_of_review(day, at=now)

    today = now.date()
    assert [remind(today), remind(today), remind(today + timedelta(days=1))] == [1, 0, 0]
    record_access_review(note="", by=security_administrator, at=now)
    assert remind(date(2026, 12, 14)) == 0
    assert remind(date(2026, 12, 15)) == 1
    assert remind(date(2026, 12, 16)) == 0
    assert Message.objects.filter(user=security_administrator).count() == 2
