"""追回 - money goes back where it was given wrongly: the other side is heard, somebody else decides, finance records the receipt.

Each receipt becomes entries of the ledger under the very claims that were paid, so that no more can come back than went out.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.access import can_lead_case
from chuangju.applications.applicant_access import can_hand_in
from chuangju.applications.case_locks import lock_application
from chuangju.applications.case_money import paid_for, replaced_by
from chuangju.applications.case_people import tell_applicants
from chuangju.applications.decision_rights import DecisionRefused
from chuangju.applications.decision_settings import days_of
from chuangju.applications.earlier_grants import change_grant
from chuangju.applications.grown_cases import (
    APPROVAL,
    HEARING,
    INVESTIGATION,
    Growth,
    Kind,
    decided_by,
    grow_case,
    hearing_step,
    owed_back,
    refuse_second,
    repaid,
)
from chuangju.applications.instalments import end_unpaid
from chuangju.applications.models import Application, Decision, Instalment, Obligation, Repayment, Standing, Step
from chuangju.applications.obligations import waive_obligations
from chuangju.applications.publications import close_case
from chuangju.applications.standings import end_standing
from chuangju.applications.steps import finish_step
from chuangju.applications.vouchers import revoke_voucher
from chuangju.budget.access import can_keep_unit
from chuangju.budget.models import Payment
from chuangju.budget.payments import recover_payment
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.money import format_yuan
from chuangju.kernel.working_days import add_working_days

LONGEST_TEXT = 2000
_LONGEST_REFERENCE = 80


@transaction.atomic
def open_recovery(
    parent: Application, *, reason: str, hears: bool = True, by: User | None, at: datetime
) -> Application:
    """Begin to take back what a decision gave: the other side is heard first, unless `hears` says no. Raises DecisionRefused.

    `by` None: rules begin it, after a sample check or a broken obligation.
    """
    fresh = lock_application(parent)
    if by is not None and not can_lead_case(by, fresh, timezone.localdate(at)):
        raise DecisionRefused(_("只有责任单位的经办人可以办理追回"))
    decided_by(fresh)
    refuse_second(fresh, Kind.RECOVERY)
    days = days_of("recovery", "hearing_days")
    steps = (*((hearing_step(days),) if hears else ()), INVESTIGATION, APPROVAL)
    growth = Growth(Kind.RECOVERY, reason, steps, promised_days=days_of("recovery", "promised_days"))
    child = grow_case(fresh, growth, by=by, at=at)
    if not hears:
        return child
    values = {"reason": reason[:200], "due_on": add_working_days(timezone.localdate(at), days)}
    tell_applicants(child, "applications.hearing_asked", at=at, values=values)
    return child


def hearing_of(application: Application) -> Step | None:
    """The step at which the other side is heard, while it is open."""
    return application.steps.filter(kind=Step.Kind.CONFIRM, word=HEARING, state=Step.State.OPEN).first()


@transaction.atomic
def state_views(application: Application, *, text: str, by: User, at: datetime) -> Step:
    """陈述申辩: the other side says what it has to say; the case goes on with it. Raises DecisionRefused."""
    fresh = lock_application(application)
    if not can_hand_in(by, fresh, timezone.localdate(at)):
        raise DecisionRefused(_("只有当事人或受托代理人可以陈述意见"))
    step = hearing_of(fresh)
    if step is None:
        raise DecisionRefused(_("陈述意见的期限已过，请直接联系承办单位"))
    words = text.replace("\r\n", "\n").strip()
    if not words or len(words) > LONGEST_TEXT:
        raise DecisionRefused(_("请写明意见（不超过 2000 个字）"))
    step.application = fresh
    record_event("applications.hearing_held", step, by=by, at=at, about=fresh, reason=words[:500])
    return finish_step(step, Step.Result.UNDECIDED, opinion=words, by=by, at=at)


def end_hearings(period: DutyPeriod) -> int:
    """What the duty does every day: whoever said nothing until the day was heard by silence."""
    on = timezone.localdate(period.at)
    due = Step.objects.filter(kind=Step.Kind.CONFIRM, word=HEARING, state=Step.State.OPEN, due_on__lt=on)
    rows = list(due.select_related("application").order_by("pk"))
    for step in rows:
        finish_step(step, Step.Result.SILENT, opinion=_("期限内没有陈述意见"), by=None, at=period.at)
    return len(rows)


def follow_recovery(decision: Decision, by: User | None, at: datetime) -> None:
    """The recovery is decided: nothing more is paid, and a day is set for paying back."""
    application = decision.application
    if decision.outcome != Decision.Outcome.REVOKED or application.parent is None:
        return
    parent = lock_application(application.parent)
    earlier = decided_by(parent)
    on = timezone.localdate(at)
    for standing in Standing.objects.filter(decision=earlier):
        end_standing(standing, reason=_("决定追回，资格终止"), by=by, at=at)
    revoke_voucher(earlier, reason=_("决定追回，服务券收回"), by=by, at=at)
    waive_obligations(earlier, reason=_("决定追回，不再要求"), by=by, at=at)
    change_grant(earlier, amount=paid_for(parts_of_case(parent)), on=on, by=by, at=at)
    end_unpaid(parent, reason=_("决定追回，停止拨付"), by=by, at=at)
    if decision.amount:
        _ask_back(application, decision, decision.amount, by=by, at=at)


def change_recovery(decision: Decision, *, by: User | None, at: datetime) -> None:
    """An objection was right in part: less is asked back than the recovery said, and the day is set anew."""
    parent = decision.application.parent
    if parent is None or not decision.amount:
        return
    recovery, reason = lock_application(parent), _("应退回金额已变更")
    waive_obligations(decided_by(recovery), reason=reason, by=by, at=at)
    for one in Decision.objects.filter(application__parent=recovery, obligations__application=recovery).distinct():
        waive_obligations(one, reason=reason, by=by, at=at)
    left = decision.amount - repaid(recovery)
    if left:
        _ask_back(recovery, decision, left, by=by, at=at)


def _ask_back(application: Application, decision: Decision, amount: int, *, by: User | None, at: datetime) -> None:
    """A day is set for paying back, and the other side is told."""
    on = timezone.localdate(at)
    due_on = add_working_days(on, days_of("recovery", "repay_days"))
    obligation = Obligation.objects.create(
        application=application,
        decision=decision,
        kind=Obligation.Kind.REPAYMENT,
        title=f"退回资金{format_yuan(amount)}",
        title_en=f"Pay back {amount / 100:,.2f} yuan",
        due_on=due_on,
    )
    record_event("applications.obliged", obligation, by=by, at=at, after=snapshot(obligation), about=application)
    values = {"amount": lambda: format_yuan(amount), "due_on": due_on}
    tell_applicants(application, "applications.repayment_due", at=at, values=values)


def parts_of_case(application: Application) -> QuerySet[Instalment]:
    """The parts that were granted by a case, and by those in whose place its decision stands: what they paid counts as its."""
    return Instalment.objects.filter(entitlement__application__in=[application, *replaced_by(application)])


@transaction.atomic
def record_repayment(
    application: Application, *, amount: int, reference: str, received_on: date, by: User, at: datetime
) -> list[Repayment]:
    """Finance records money that came back, each receipt once; the ledger follows. Raises DecisionRefused."""
    fresh = lock_application(application)
    owed, on = owed_back(fresh), timezone.localdate(at)
    if fresh.kind != Kind.RECOVERY or fresh.parent is None or not owed:
        raise DecisionRefused(_("只有已决定追回的办件可以登记退回资金"))
    number = " ".join(reference.split())
    if not number or len(number) > _LONGEST_REFERENCE:
        raise DecisionRefused(_("请填写缴款凭证号"))
    take_locks("applications.repayments")
    earlier_receipt = Repayment.objects.filter(reference=number).select_related("application").first()
    if earlier_receipt is not None:
        raise DecisionRefused(
            _("这张凭证已经登记过，在办件 %(number)s") % {"number": earlier_receipt.application.number}
        )
    if received_on > on:
        raise DecisionRefused(_("到账日期不能晚于今天"))
    left = owed - repaid(fresh)
    if not 0 < amount <= left:
        raise DecisionRefused(_("还应退回 %(left)s，请核对金额") % {"left": format_yuan(left)})
    spread = _spread(fresh.parent, amount)
    if any(not can_keep_unit(by, payment.line.unit, on=on) for payment, _part in spread):
        raise DecisionRefused(_("退回资金由预算单位的财务人员登记"))
    words = _("追回：%(number)s，凭证 %(reference)s") % {"number": fresh.number, "reference": number}
    earlier = decided_by(fresh.parent)
    remaining = paid_for(parts_of_case(fresh.parent)) - amount
    change_grant(earlier, amount=remaining, on=on, by=by, at=at)
    rows = []
    for payment, part in spread:
        recover_payment(payment, amount=part, reason=words, by=by, at=at)
        row = Repayment.objects.create(
            application=fresh,
            instalment_id=payment.claim_key.partition(":")[2],
            amount=part,
            reference=number,
            received_on=received_on,
            recorded_by=by,
            recorded_at=at,
        )
        record_event("applications.repaid", row, by=by, at=at, after=snapshot(row), about=fresh)
        rows.append(row)
    if amount == left:
        _settle(fresh, by=by, at=at)
    return rows


def _spread(parent: Application, amount: int) -> list[tuple[Payment, int]]:
    """Over the parts that were paid, the latest first."""
    keys = [part.claim_key for part in parts_of_case(parent)]
    paid = Payment.objects.filter(claim_key__in=keys, state=Payment.State.PAID).select_related("line__unit")
    spread: list[tuple[Payment, int]] = []
    left = amount
    for payment in paid.order_by("-instalment", "-pk"):
        part = min(left, payment.amount - payment.recovered)
        if part > 0:
            spread.append((payment, part))
            left -= part
    if left:
        raise DecisionRefused(_("已到账、尚未追回的金额不足，请核对"))
    return spread


def _settle(application: Application, *, by: User, at: datetime) -> None:
    """All of it came back: the obligation is met. The case is closed by `close_repaid_cases`, whose events come first."""
    for obligation in application.obligations.filter(kind=Obligation.Kind.REPAYMENT, state=Obligation.State.OPEN):
        before = snapshot(obligation)
        obligation.state, obligation.settled_by, obligation.settled_at = Obligation.State.MET, by, at
        obligation.save()
        record_event(
            "applications.obligation_settled",
            obligation,
            by=by,
            at=at,
            before=before,
            after=snapshot(obligation),
            about=application,
        )


def close_repaid_cases(period: DutyPeriod) -> int:
    """What the duty does: recoveries for which everything came back are over."""
    open_cases = Application.objects.filter(kind=Kind.RECOVERY, state=Application.State.GRANTED, closed_at__isnull=True)
    met = open_cases.exclude(obligations__kind=Obligation.Kind.REPAYMENT, obligations__state=Obligation.State.OPEN)
    cases = list(met.order_by("pk"))
    for application in cases:
        close_case(application, by=None, at=period.at)
    return len(cases)
