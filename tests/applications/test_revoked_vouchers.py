"""Vouchers beyond their first day: those that wait get money when there is some, and none outlives the decision that gave it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chuangju.applications.desk_actions import actions_for
from chuangju.applications.grants import grant_what_was_decided
from chuangju.applications.models import Application, Decision, Step, Voucher, VoucherUse
from chuangju.applications.replacements import replace_decision
from chuangju.applications.review_page import ReviewPage
from chuangju.applications.step_decisions import review_step
from chuangju.applications.voucher_money import settle_use
from chuangju.applications.vouchers import (
    VoucherRefused,
    balance_of,
    fund_vouchers,
    issue_voucher,
    order_service,
    revoke_voucher,
)
from chuangju.budget.ledger import balances_of, claim_balances, release_money, reserve_money
from chuangju.budget.models import BudgetLine, Payment
from chuangju.budget.payments import withhold_payment
from chuangju.kernel.models import Message, User
from chuangju.units.models import Role
from chuangju.ventures.models import Party
from tests.applications.desk import clerk_of, unit_of
from tests.applications.test_vouchers import (  # noqa: F401 - fixtures
    NOW,
    boss,
    confirmed,
    decision,
    helper,
    line,
    ordered,
    provider,
    voucher,
)
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


def test_a_voucher_that_waits_gets_its_money_as_soon_as_there_is_some(
    decision: Decision,  # noqa: F811 - a fixture
    line: BudgetLine,  # noqa: F811 - a fixture
) -> None:
    reserve_money(line, "other:1", 700_000, by=None, at=NOW)
    waiting = issue_voucher(decision, by=None, at=NOW)
    assert waiting is not None
    assert waiting.state == Voucher.State.WAITING
    later = NOW + timedelta(days=1)
    assert fund_vouchers(on=later.date(), at=later) == 0
    release_money(line, "other:1", 700_000, by=None, at=later)
    assert fund_vouchers(on=later.date(), at=later) == 1
    waiting.refresh_from_db()
    assert (waiting.state, balances_of(line).reserved) == (Voucher.State.ACTIVE, 500_000)


def test_a_voucher_goes_with_the_decision_that_gave_it(
    decision: Decision,  # noqa: F811 - a fixture
    voucher: Voucher,  # noqa: F811 - a fixture
    provider: Party,  # noqa: F811 - a fixture
    line: BudgetLine,  # noqa: F811 - a fixture
    boss: User,  # noqa: F811 - a fixture
) -> None:
    use = order_service(voucher, provider, service="代理记账", price=200_000, amount=200_000, by=boss, at=NOW)
    revoked = revoke_voucher(decision, reason="原决定已变更", by=None, at=NOW)
    assert revoked is not None
    use.refresh_from_db()
    assert (revoked.state, use.state) == (Voucher.State.REVOKED, VoucherUse.State.CANCELLED)
    assert balances_of(line).reserved == 0
    with pytest.raises(VoucherRefused, match="不能使用"):
        order_service(voucher, provider, service="代理记账", price=100, amount=100, by=boss, at=NOW)
    assert revoke_voucher(decision, reason="原决定已变更", by=None, at=NOW) is None


def test_a_decision_in_the_place_of_another_gives_what_was_not_spent_of_it(
    decision: Decision,  # noqa: F811 - a fixture
    voucher: Voucher,  # noqa: F811 - a fixture
    provider: Party,  # noqa: F811 - a fixture
    line: BudgetLine,  # noqa: F811 - a fixture
    boss: User,  # noqa: F811 - a fixture
) -> None:
    use = order_service(voucher, provider, service="代理记账", price=200_000, amount=200_000, by=boss, at=NOW)
    VoucherUse.objects.filter(pk=use.pk).update(state=VoucherUse.State.ACCEPTED, accepted_at=NOW)
    parent = decision.application
    child = type(parent).objects.get(pk=parent.pk)
    child.pk, child.kind, child.parent, child.number = None, child.Kind.REOPENING, parent, "310112202506020002"
    child.unit = unit_of("kw")
    child.save(force_insert=True)
    again = Decision.objects.create(
        application=child,
        outcome=Decision.Outcome.GRANTED,
        state=Decision.State.PUBLISHED,
        amount=500_000,
        proposed_at=NOW,
        approved_at=NOW,
        published_at=NOW,
        effective_on=NOW.date(),
    )
    replace_decision(again, by=None, at=NOW)
    voucher.refresh_from_db()
    assert voucher.state == Voucher.State.REVOKED
    new = Voucher.objects.get(decision=again)
    assert (new.amount, new.state) == (300_000, Voucher.State.ACTIVE)
    assert balances_of(line).reserved == 500_000, "what is under way, and what is new"


def _waiting_payment(case: Application) -> Step:
    return Step.objects.create(
        application=case, position=9, kind=Step.Kind.PAY, state=Step.State.OPEN, word="pay", label="兑付",
        unit=case.unit, is_lead=True, opened_at=NOW,
    )  # fmt: skip


def test_a_voucher_that_is_paid_use_by_use_keeps_no_case_waiting_for_a_payment(
    decision: Decision,  # noqa: F811 - a fixture
    line: BudgetLine,  # noqa: F811 - a fixture
) -> None:
    step = _waiting_payment(decision.application)
    grant_what_was_decided(decision, by=None, at=NOW)
    step.refresh_from_db()
    assert (step.state, Voucher.objects.get().state) == (Step.State.SKIPPED, Voucher.State.ACTIVE)
    assert line.year == NOW.year


def test_a_payment_that_somebody_else_makes_is_ended_by_whoever_hears_of_it(
    decision: Decision,  # noqa: F811 - a fixture
) -> None:
    step = _waiting_payment(decision.application)
    finance = make_user("finance-kw", Role.FINANCE, unit=unit_of("kw"))
    page = ReviewPage(decision.application, on=NOW.date())
    assert actions_for(finance, page, on=NOW.date()).review == step
    review_step(step, "passed", opinion="市里已拨付", by=finance, at=NOW)
    decision.application.refresh_from_db()
    assert decision.application.closed_at == NOW


@pytest.mark.parametrize("is_revoked", [False, True])
def test_what_finance_never_pays_is_told_and_can_be_spent_again_while_the_voucher_is_good(
    is_revoked: bool,  # noqa: FBT001 - a case of the test
    confirmed: VoucherUse,  # noqa: F811 - a fixture
    line: BudgetLine,  # noqa: F811 - a fixture
    boss: User,  # noqa: F811 - a fixture
) -> None:
    settle_use(confirmed, by=clerk_of("kw"), at=NOW)
    held = confirmed.voucher
    if is_revoked:
        revoke_voucher(held.decision, reason="决定追回", by=None, at=NOW)
    withhold_payment(Payment.objects.get(), reason="机构已注销", by=User.objects.get(username="finance"), at=NOW)
    confirmed.refresh_from_db()
    assert (confirmed.state, confirmed.reason) == (VoucherUse.State.CANCELLED, "机构已注销")
    assert Message.objects.filter(user=boss, template="applications.voucher_use_stopped").count() == 1
    assert balances_of(line).committed == 0
    free = 0 if is_revoked else 500_000
    assert claim_balances(held.claim_key).reserved == free
    assert is_revoked or balance_of(held) == free
