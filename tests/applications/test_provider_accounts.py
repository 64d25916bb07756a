"""The account of a provider, corrected once, is right for all that a voucher still owes them."""

from __future__ import annotations

import pytest

from chuangju.applications.models import Voucher, VoucherUse
from chuangju.applications.voucher_money import settle_use
from chuangju.applications.vouchers import answer_order, confirm_as_holder, confirm_as_provider, order_service
from chuangju.budget.models import BudgetLine, Payment
from chuangju.budget.payments import mend_account
from chuangju.kernel.models import User
from chuangju.ventures.models import Party
from tests.applications import deciding
from tests.applications.desk import clerk_of
from tests.applications.test_vouchers import (  # noqa: F401 - fixtures
    ACCOUNT,
    NOW,
    boss,
    decision,
    helper,
    line,
    provider,
    voucher,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]
RIGHT = "6222000099998888"


@pytest.fixture
def done(voucher: Voucher, provider: Party, boss: User, helper: User) -> list[VoucherUse]:  # noqa: F811 - fixtures
    """Three services that both sides say were done."""
    found = []
    for number in range(3):
        use = order_service(voucher, provider, service=f"检测{number}", price=900, amount=500, by=boss, at=NOW)
        answer_order(use, accepts=True, by=helper, at=NOW)
        confirm_as_holder(use, by=boss, at=NOW)
        found.append(confirm_as_provider(use, **ACCOUNT, by=helper, at=NOW))
    return found


def payment_of(use: VoucherUse) -> Payment:
    return Payment.objects.select_related("line").get(claim_key=use.claim_key)


def test_what_is_asked_for_already_and_what_is_settled_later_follow(
    done: list[VoucherUse],
    line: BudgetLine,  # noqa: F811 - a fixture
    helper: User,  # noqa: F811 - a fixture
) -> None:
    clerk = clerk_of("kw")
    for use in done[:2]:
        settle_use(use, by=clerk, at=NOW)
    deciding.pay(line, [payment_of(done[0])], at=NOW, outcome="failed")
    corrected = {"account_name": "服务机构", "account_number": RIGHT, "bank": "某行"}
    mend_account(payment_of(done[0]), **corrected, by=helper, at=NOW)
    settle_use(done[2], by=clerk, at=NOW)
    for use in done:
        use.refresh_from_db()
        payment = payment_of(use)
        assert (use.state, payment.state) == (VoucherUse.State.REQUESTED, Payment.State.REQUESTED)
        assert payment.account_number == RIGHT
