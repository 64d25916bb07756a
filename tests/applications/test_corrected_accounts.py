"""An account corrected once is right everywhere: for later parts and interest of the case, what was asked for, what is in a batch."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from chuangju.applications.grown_cases import Kind, new_case
from chuangju.applications.instalment_payments import mend_instalment, request_due_of
from chuangju.applications.interest_periods import settle_period
from chuangju.applications.models import Application, Instalment, InterestPeriod, LoanFacility
from chuangju.applications.payee_accounts import account_of
from chuangju.budget.batches import BatchRefused, approve_batch, check_batch, form_batch, return_batch, send_batch
from chuangju.budget.models import BudgetLine, Payment
from chuangju.budget.payments import mend_account
from chuangju.kernel.models import User
from chuangju.units.models import Role
from tests.applications import deciding, desk
from tests.applications import test_facilities as loans
from tests.applications.test_facilities import case, clerk, facility  # noqa: F401 - fixtures
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]
WRONG, RIGHT = "6222000000000000", "6222000099998888"
CORRECTED = {"account_name": "甲", "account_number": RIGHT, "bank": "某行"}


@pytest.fixture
def line(now: datetime) -> BudgetLine:
    return deciding.give_line(100_000 * deciding.YUAN, at=now)


@pytest.fixture
def founder() -> User:
    return make_user("founder", Role.ENTREPRENEUR)


@pytest.fixture
def granted(line: BudgetLine, founder: User, now: datetime) -> Application:
    """A grant in two parts, the first of which failed and the second is asked for."""
    application = deciding.case_at_approval(desk.make_firm(1, founder=founder), founder=founder, at=now)
    deciding.granted(application, at=now, later=now + timedelta(days=10))
    request_due_of(application, by=None, at=now + timedelta(days=10))
    deciding.pay(line, [payment_of(application, 1)], at=now + timedelta(days=11), outcome="failed")
    request_due_of(application, by=None, at=half(now))
    return application


def half(now: datetime) -> datetime:
    """When the second part has been due for long."""
    return now + timedelta(days=200)


def part_of(application: Application, number: int) -> Instalment:
    return Instalment.objects.get(entitlement__application=application, number=number)


def payment_of(application: Application, number: int) -> Payment:
    return Payment.objects.select_related("line").get(claim_key=part_of(application, number).claim_key)


def mend(application: Application, founder: User, at: datetime) -> None:
    mend_instalment(part_of(application, 1), **CORRECTED, by=founder, at=at)


def test_a_part_that_was_asked_for_already_goes_to_the_corrected_account(
    granted: Application, founder: User, now: datetime
) -> None:
    assert payment_of(granted, 2).account_number != RIGHT
    mend(granted, founder, half(now))
    for number in (1, 2):
        payment = payment_of(granted, number)
        assert (payment.account_number, payment.state) == (RIGHT, Payment.State.REQUESTED)
        assert part_of(granted, number).state == Instalment.State.REQUESTED
    assert (payment_of(granted, 1).attempt, payment_of(granted, 2).attempt) == (2, 1)


def test_two_parts_that_came_back_are_mended_by_one_correction(
    granted: Application, line: BudgetLine, founder: User, now: datetime
) -> None:
    deciding.pay(line, [payment_of(granted, 2)], at=half(now), outcome="failed")
    assert part_of(granted, 2).state == Instalment.State.RETURNED
    mend(granted, founder, half(now))
    assert [payment_of(granted, number).state for number in (1, 2)] == [Payment.State.REQUESTED] * 2
    assert [part_of(granted, number).state for number in (1, 2)] == [Instalment.State.REQUESTED] * 2
    assert [payment_of(granted, number).attempt for number in (1, 2)] == [2, 2]


def test_a_batch_that_was_checked_before_goes_back_and_out_again_with_the_corrected_account(
    granted: Application, line: BudgetLine, founder: User, now: datetime, client: Client
) -> None:
    at = half(now)
    keeper, chief = deciding.keeper(), make_user("chief", Role.APPROVER, unit=desk.unit_of("czj"))
    batch = form_batch(line.unit, [payment_of(granted, 2)], title="房租补贴", by=keeper, at=at)
    batch = check_batch(batch, revision=batch.revision, by=keeper, at=at)
    approved = approve_batch(batch, revision=batch.revision, by=chief, at=at)
    mend(granted, founder, at)
    assert payment_of(granted, 2).account_number != RIGHT, "what somebody has approved is not changed under their hands"
    page = {}
    for person in (keeper, chief):
        client.force_login(person)
        page[person] = client.get(reverse("budget:batch", args=(batch.pk,))).content.decode()
        assert "收款人已更正账户" in page[person]
    assert reverse("budget:batch_return", args=(batch.pk,)) in page[chief]
    assert "登记已报送" not in page[keeper]
    with pytest.raises(BatchRefused, match="收款人已更正账户"):
        send_batch(approved, sha256="", revision=approved.revision, by=keeper, at=at)
    back = return_batch(approved, reason="账户已更正", revision=approved.revision, by=chief, at=at)
    assert (back.state, back.approved_by) == ("draft", None)
    again = check_batch(back, revision=back.revision, by=keeper, at=at)
    assert payment_of(granted, 2).account_number == RIGHT
    again = approve_batch(again, revision=again.revision, by=chief, at=at)
    assert send_batch(again, sha256="", revision=again.revision, by=keeper, at=at).state == "sent"


def test_a_case_that_grew_out_of_it_is_paid_to_the_corrected_account(
    granted: Application, founder: User, now: datetime
) -> None:
    child = new_case(granted, Kind.CORRECTION, by=founder, at=now)
    child.number, child.state = "310112202601010009", Application.State.IN_REVIEW
    child.submitted_at = child.accepted_at = now
    child.save(force_insert=True)
    mend(granted, founder, half(now))
    child.refresh_from_db()
    assert account_of(child)["number"] == RIGHT


def interest(facility: LoanFacility, number: int) -> tuple[InterestPeriod, Payment]:  # noqa: F811 - a fixture
    period = facility.periods.get(number=number)
    return period, Payment.objects.select_related("line").get(claim_key=period.claim_key)


@pytest.fixture
def returned(facility: LoanFacility, clerk: User) -> LoanFacility:  # noqa: F811 - fixtures
    """A loan whose first period came back while the second is asked for and the third is not confirmed."""
    line = loans._line(1_000_000)
    for number in (1, 2):
        settle_period(facility.periods.get(number=number), by=clerk, at=loans.NOW)
    deciding.pay(line, [interest(facility, 1)[1]], at=loans.NOW, outcome="failed")
    return facility


def test_every_period_of_interest_to_come_goes_to_the_corrected_account(
    returned: LoanFacility,
    clerk: User,  # noqa: F811 - a fixture
) -> None:
    boss = User.objects.get(username="boss")
    mend_account(interest(returned, 1)[1], **CORRECTED, by=boss, at=loans.NOW)
    settle_period(returned.periods.get(number=3), by=clerk, at=loans.NOW)
    for number in (1, 2, 3):
        period, payment = interest(returned, number)
        assert (period.state, payment.state) == (InterestPeriod.State.REQUESTED, Payment.State.REQUESTED)
        assert payment.account_number == RIGHT
    assert account_of(Application.objects.get(pk=returned.application_id))["number"] == RIGHT
