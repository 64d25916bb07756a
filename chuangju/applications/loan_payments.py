"""贴息拨付 - what the treasury's answers do to a period of interest, and what finance is shown of it."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangju.applications.case_people import tell_applicants
from chuangju.applications.interest_periods import living_problem
from chuangju.applications.models import InterestPeriod
from chuangju.applications.payee_accounts import account_for, hold_family, take_over_account
from chuangju.budget.models import Payment
from chuangju.budget.payment_owners import PayeeAccount, PaymentOwner
from chuangju.kernel.audit import record_event
from chuangju.kernel.models import MessageTopic, User
from chuangju.kernel.money import format_yuan
from chuangju.kernel.outbox import MessageTemplate

PREFIX = "applications.interest"
State = InterestPeriod.State
MESSAGES = (
    MessageTemplate(
        key="applications.interest_paid",
        subject=gettext_lazy("贷款贴息第 %(period)s 期已到账"),
        body=gettext_lazy("%(title)s：第 %(period)s 期贴息 %(amount)s 已支付到收款账户。"),
        audience="public",
        topic=MessageTopic.CASES,
    ),
    MessageTemplate(
        key="applications.interest_withheld",
        subject=gettext_lazy("贷款贴息第 %(period)s 期停止拨付"),
        body=gettext_lazy("%(title)s：第 %(period)s 期贴息停止拨付：%(reason)s。数据有误的，请联系承办单位更正。"),
        audience="public",
        topic=MessageTopic.CASES,
    ),
)


def _period_of(payment: Payment) -> InterestPeriod:
    key = payment.claim_key.partition(":")[2]
    return InterestPeriod.objects.select_related("facility__application", "facility__borrower").get(pk=key)


def _on_paid(payment: Payment, by: User | None, at: datetime) -> None:
    period = _period_of(payment)
    period.state, period.paid_on, period.reason = State.PAID, payment.paid_on, ""
    _follow(period, "applications.interest_paid", by=by, at=at)
    tell_applicants(
        period.facility.application,
        "applications.interest_paid",
        at=at,
        values={"period": period.number, "amount": format_yuan(period.subsidy)},
    )


def _on_failed(payment: Payment, by: User | None, at: datetime) -> None:
    period = _period_of(payment)
    period.state, period.reason, period.paid_on = State.RETURNED, payment.reason or _("银行退回"), None
    _follow(period, "applications.interest_returned", by=by, at=at)


def _on_mended(payment: Payment, by: User | None, at: datetime) -> None:
    period = _period_of(payment)
    period.state, period.reason, period.paid_on = State.REQUESTED, "", None
    _follow(period, "applications.interest_mended", by=by, at=at)
    take_over_account(period.facility.application, payment, by=by, at=at)


def _account(payment: Payment) -> PayeeAccount | None:
    return account_for(_period_of(payment).facility.application, payment.payee)


def _on_recovered(payment: Payment, by: User | None, at: datetime) -> None:
    period = _period_of(payment)
    period.state, period.reason = State.STOPPED, _("贴息已追回")
    _follow(period, "applications.interest_stopped", by=by, at=at)


def _on_stopped(payment: Payment, by: User | None, at: datetime) -> None:
    """Finance never pays this: the period says so and why, and the borrower is told."""
    period = _period_of(payment)
    if period.state not in {State.REQUESTED, State.RETURNED}:
        return
    period.state, period.reason, period.paid_on = State.STOPPED, payment.reason, None
    _follow(period, "applications.interest_stopped", by=by, at=at)
    values = {"period": period.number, "reason": payment.reason}
    tell_applicants(period.facility.application, "applications.interest_withheld", at=at, values=values)


def _follow(period: InterestPeriod, action: str, *, by: User | None, at: datetime) -> None:
    period.save()
    after = {"state": period.state, "paid_on": period.paid_on}
    record_event(action, period, by=by, at=at, after=after, about=period.facility)


def _concerned(payment: Payment) -> frozenset[int]:
    settled_by = _period_of(payment).settled_by_id
    return frozenset({settled_by}) if settled_by else frozenset()


def _address(payment: Payment) -> str:
    return reverse("applications:loan", args=(_period_of(payment).facility_id,))


OWNER = PaymentOwner(
    on_paid=_on_paid,
    on_failed=_on_failed,
    on_returned=_on_failed,
    on_recovered=_on_recovered,
    on_stopped=_on_stopped,
    recheck=lambda payment, on: living_problem(_period_of(payment).facility, on=on),
    label=lambda payment: str(_period_of(payment).facility),
    address=_address,
    concerned=_concerned,
    on_mended=_on_mended,
    hold=lambda payment: hold_family(_period_of(payment).facility.application),
    account=_account,
)
