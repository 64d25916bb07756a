"""拨付结果 - what an answer of the treasury does to a part of a grant and its case, and who is told.

The budget calls these inside its own transaction; each changes the one part whose claim was answered.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.applicant_access import can_hand_in, is_counter_clerk
from chuangju.applications.case_money import PREFIX
from chuangju.applications.case_people import tell_applicants
from chuangju.applications.evaluation import pinned_policy
from chuangju.applications.instalments import (
    ENDED,
    InstalmentRefused,
    due_instalments,
    fund_entitlement,
    keep_instalment,
    locked_instalment,
    request_instalment,
)
from chuangju.applications.living_conditions import broken_conditions
from chuangju.applications.models import Application, Instalment, Step
from chuangju.applications.payee_accounts import account_for, hold_family, take_over_account
from chuangju.applications.publications import close_case
from chuangju.applications.steps import finish_step
from chuangju.budget.models import Payment
from chuangju.budget.payment_owners import PayeeAccount, PaymentOwner
from chuangju.budget.payments import mend_account
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.models import User
from chuangju.kernel.money import format_yuan
from chuangju.kernel.refusals import Refused

State = Instalment.State
log = logging.getLogger(__name__)


def instalment_of(payment: Payment) -> Instalment | None:
    """The part that a payment is for."""
    key = payment.claim_key.partition(":")[2]
    rows = Instalment.objects.select_related("entitlement__application__unit", "entitlement__decision")
    return rows.filter(pk=key).first()


def payment_of(instalment: Instalment) -> Payment | None:
    """The payment of a part, where finance was asked for one."""
    return Payment.objects.select_related("line").filter(claim_key=instalment.claim_key).first()


def on_paid(payment: Payment, by: User | None, at: datetime) -> None:
    """The money has arrived: the applicant is told; `close_paid_cases` ends the case, in a transaction of its own."""
    held = _hold(payment)
    if held is None:
        return
    part, application = held
    keep_instalment(part, State.PAID, "", by=by, at=at, paid_on=payment.paid_on)
    _tell(application, "applications.paid", payment, at)
    finish_payments(application, by=by, at=at)


def on_failed(payment: Payment, by: User | None, at: datetime) -> None:
    """The treasury could not pay: the applicant is asked to mend the account."""
    _back(payment, by, at)


def on_returned(payment: Payment, by: User | None, at: datetime) -> None:
    """The bank sent it back: the applicant is asked to mend the account."""
    _back(payment, by, at)


def on_stopped(payment: Payment, by: User | None, at: datetime) -> None:
    """Finance never pays this: its part says so and why, and the applicant is told."""
    held = _hold(payment)
    if held is None or held[0].state not in {State.REQUESTED, State.RETURNED}:
        return
    part, application = held
    keep_instalment(part, State.STOPPED, payment.reason, by=by, at=at)
    values = {"part": part.number, "reason": payment.reason}
    tell_applicants(application, "applications.instalment_stopped", at=at, values=values)
    finish_payments(application, by=by, at=at)


def on_recovered(payment: Payment, by: User | None, at: datetime) -> None:
    """Money came back by a decision: a part that came back whole is recovered."""
    held = _hold(payment)
    if held is None:
        return
    part, _application = held
    if payment.state == Payment.State.RECOVERED:
        keep_instalment(part, State.RECOVERED, payment.reason, by=by, at=at, paid_on=part.paid_on)


def on_mended(payment: Payment, by: User | None, at: datetime) -> None:
    """The account was corrected, here or among one's payments: the part goes out again, and all that is to come goes there too."""
    held = _hold(payment)
    if held is None:
        return
    part, application = held
    keep_instalment(part, State.REQUESTED, "", by=by, at=at)
    take_over_account(application, payment, by=by, at=at)


def hold_cases(payment: Payment) -> None:
    """Hold the case of a part with its relatives."""
    part = instalment_of(payment)
    if part is not None:
        hold_family(part.entitlement.application)


def account_said(payment: Payment) -> PayeeAccount | None:
    """The account that stands in the case."""
    part = instalment_of(payment)
    return account_for(part.entitlement.application, payment.payee) if part is not None else None


def recheck(payment: Payment, on: date) -> str:
    """Why a payment must not go out on this day: its part was stopped, or a living condition no longer holds."""
    part = instalment_of(payment)
    if part is None:
        return ""
    if part.state != State.REQUESTED:
        return _("这一期现在是“%(state)s”") % {"state": part.get_state_display()}
    application = part.entitlement.application
    if part.number == 1:
        return ""
    broken = broken_conditions(application, pinned_policy(application), on=on)
    return _("存续条件不再满足：%(labels)s") % {"labels": _("、").join(broken)} if broken else ""


def asked_back(payment: Payment) -> str:
    """Where money that comes back is registered once a recovery asks for it: what is left to pay back is counted there."""
    part = instalment_of(payment)
    if part is None:
        return ""
    open_ones = Application.objects.filter(kind=Application.Kind.RECOVERY, state=Application.State.GRANTED)
    case = part.entitlement.application_id
    found = open_ones.filter(Q(parent=case) | Q(parent__parent=case), closed_at__isnull=True).first()
    return _("已决定追回，请在追回办件 %(number)s 登记退回资金") % {"number": found.number} if found else ""


def label_of(payment: Payment) -> str:
    """What finance reads of the claim."""
    part = instalment_of(payment)
    return f"{part.entitlement.application.number} {part.entitlement.application.title}" if part else payment.purpose


def address_of(payment: Payment) -> str:
    """Where staff read the case."""
    part = instalment_of(payment)
    return f"/cases/{part.entitlement.application_id}/" if part else ""


def concerned(payment: Payment) -> frozenset[int]:
    """Who proposed or approved the decision that is paid here."""
    part = instalment_of(payment)
    if part is None:
        return frozenset()
    decision = part.entitlement.decision
    return frozenset(key for key in (decision.proposed_by_id, decision.approved_by_id) if key is not None)


OWNER = PaymentOwner(
    on_paid=on_paid,
    on_failed=on_failed,
    on_returned=on_returned,
    on_recovered=on_recovered,
    on_stopped=on_stopped,
    asked_back=asked_back,
    recheck=recheck,
    label=label_of,
    address=address_of,
    concerned=concerned,
    on_mended=on_mended,
    hold=hold_cases,
    account=account_said,
)


@transaction.atomic
def mend_instalment(
    instalment: Instalment, *, account_name: str, account_number: str, bank: str, by: User, at: datetime
) -> Payment:
    """The applicant corrects the account of a part that came back, which then goes out again. Raises InstalmentRefused."""
    payment = payment_of(instalment)
    application = instalment.entitlement.application
    if not can_hand_in(by, application, timezone.localdate(at)) and not is_counter_clerk(by, application):
        raise InstalmentRefused(_("收款账户由申请人更正"))
    if payment is None or payment.state not in Payment.MENDABLE:
        raise InstalmentRefused(_("这一期没有被退回，不需要更正账户"))
    return mend_account(payment, account_name=account_name, account_number=account_number, bank=bank, by=by, at=at)


def request_due_instalments(period: DutyPeriod) -> int:
    """What the duty does every quarter of an hour: fund what waits, in the order of approval, then ask for what is due."""
    on, at = timezone.localdate(period.at), period.at
    waiting = Instalment.objects.filter(state=State.WAITING, number=1).select_related("entitlement")
    for part in waiting.order_by("entitlement__decision__approved_at", "pk"):
        _tried(partial(fund_entitlement, part, by=None, at=at), part)
    close_paid_cases(at=at)
    asked = 0
    for part in due_instalments(on).select_related("entitlement"):
        asked += _tried(partial(request_instalment, part, by=None, at=at), part) is not None
    return asked


def _tried(act: Callable[[], Any], part: Instalment) -> Any:
    """One part that cannot go on keeps nobody else's money back; None, and the log says why."""
    try:
        with transaction.atomic():
            return act()
    except Refused as refused:
        log.warning("instalment %s does not go on: %s", part.pk, refused.sentence)
        return None


def close_paid_cases(*, at: datetime) -> int:
    """办结: cases whose first part has arrived; apart from the treasury's answer, whose transaction holds the ledger."""
    paid = Instalment.objects.filter(state=State.PAID).values("entitlement__application")
    cases = Application.objects.filter(pk__in=paid, closed_at__isnull=True).order_by("pk")
    for application in cases:
        close_case(application, by=None, at=at)
    return len(cases)


def request_due_of(application: Application, *, by: User | None, at: datetime) -> int:
    """The same for one case, at once."""
    due = due_instalments(timezone.localdate(at)).filter(entitlement__application=application)
    return sum(request_instalment(part, by=by, at=at) is not None for part in due.select_related("entitlement"))


def finish_payments(application: Application, *, by: User | None, at: datetime) -> None:
    """End the step of payment once no part is still to come."""
    parts = Instalment.objects.filter(entitlement__application=application)
    if parts.exclude(state__in=ENDED).exists():
        return
    step = application.steps.filter(kind=Step.Kind.PAY, state=Step.State.OPEN).first()
    if step is not None:
        step.application = application
        finish_step(step, Step.Result.PASSED, opinion=_("已全部拨付"), by=by, at=at)


def _hold(payment: Payment) -> tuple[Instalment, Application] | None:
    if not payment.claim_key.startswith(f"{PREFIX}:"):
        return None
    part = instalment_of(payment)
    return locked_instalment(part) if part is not None else None


def _back(payment: Payment, by: User | None, at: datetime) -> None:
    held = _hold(payment)
    if held is None:
        return
    part, application = held
    keep_instalment(part, State.RETURNED, payment.reason, by=by, at=at)
    _tell(application, "applications.payment_returned", payment, at)


def _tell(application: Application, template: str, payment: Payment, at: datetime) -> None:
    values: dict[str, Any] = {
        "amount": lambda: format_yuan(payment.amount),
        "paid_on": payment.paid_on or timezone.localdate(at),
        "reason": payment.reason or "—",
    }
    tell_applicants(application, template, at=at, values=values)
