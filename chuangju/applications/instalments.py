"""拨付期次 - each part of a grant: when it is due its living conditions are looked at again, then finance is asked to pay.

The claim of a part is paid once: the budget refuses a second request for it, and the part's state is changed under the
lock of its case. A part that waits for money takes its turn by the moment of approval.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.access import desk_units, reads_whole_desk, stands_in_case
from chuangju.applications.case_clocks import stop_all_clocks
from chuangju.applications.case_locks import lock_application
from chuangju.applications.case_money import claim_line, line_of, release_claim
from chuangju.applications.case_people import tell_applicants
from chuangju.applications.decision_rights import gives_way
from chuangju.applications.evaluation import freeze_facts, pinned_policy
from chuangju.applications.flags import lower_flag
from chuangju.applications.living_conditions import broken_conditions
from chuangju.applications.models import Application, ApplicationFlag, FrozenFacts, Instalment, Step
from chuangju.applications.payee_accounts import account_of
from chuangju.applications.steps import skip_steps
from chuangju.budget.ledger import BudgetEmpty, claim_balances, commit_money, reserve_money
from chuangju.budget.models import Payment
from chuangju.budget.payments import locked_payment, request_payment, stop_payment
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.units.access import Visitor
from chuangju.units.models import Role

State = Instalment.State
_LONGEST = 500
# A grant has come to its end when each of its parts stands like this.
ENDED = (State.PAID, State.STOPPED, State.RECOVERED)
# Money that has left the house, whatever the treasury will answer.
_GONE = (Payment.State.SENT, Payment.State.PAID, Payment.State.RECOVERED)


class InstalmentRefused(Refused):
    """The part cannot be paid, stopped or resumed like this; the sentence says why."""


def instalments_visible_to(user: Visitor, on: date) -> QuerySet[Instalment]:
    """Parts on the staff side: of one's unit's cases; leaders and the office see all."""
    if reads_whole_desk(user, on):
        return Instalment.objects.all()
    return Instalment.objects.filter(entitlement__application__unit__in=desk_units(user, on))


def due_instalments(on: date) -> QuerySet[Instalment]:
    """Parts whose day has come and whose money is there."""
    overdue = ApplicationFlag.objects.filter(kind=ApplicationFlag.Kind.OVERDUE, ended_at__isnull=True)
    found = Instalment.objects.filter(state=State.PLANNED, due_on__lte=on)
    return found.exclude(entitlement__application__in=overdue.values("application")).order_by("due_on", "pk")


@transaction.atomic
def request_instalment(instalment: Instalment, *, by: User | None, at: datetime) -> Payment | None:
    """Ask finance to pay a part that is due; None where something is still awaited. Raises InstalmentRefused.

    A part whose living conditions no longer hold is stopped instead, with the reason told.
    """
    fresh, application = locked_instalment(instalment)
    on = timezone.localdate(at)
    if fresh.state != State.PLANNED:
        raise InstalmentRefused(_("这一期现在是“%(state)s”，不能申请拨付") % {"state": fresh.get_state_display()})
    if fresh.due_on > on or not payment_may_begin(application):
        return None
    policy, line, account = pinned_policy(application), claim_line(fresh.claim_key), account_of(application)
    if line is None or not account:
        return None
    broken = broken_conditions(application, policy, on=on) if fresh.number > 1 else []
    if broken:
        freeze_facts(application, FrozenFacts.Moment.RECHECKED, by=by, at=at)
        reason = _("存续条件不再满足：%(labels)s") % {"labels": _("、").join(broken)}
        _stop(fresh, application, reason, by=by, at=at)
        return None
    payment = request_payment(
        fresh.claim_key,
        line=line,
        amount=fresh.amount,
        payee=fresh.entitlement.payee,
        account_name=account["name"],
        account_number=account["number"],
        bank=account["bank"],
        purpose=f"{application.title}（{application.number}）",
        due_on=fresh.due_on,
        by=by,
        at=at,
        instalment=fresh.number,
    )
    if fresh.number > 1:
        freeze_facts(application, FrozenFacts.Moment.RECHECKED, by=by, at=at)
    keep_instalment(fresh, State.REQUESTED, "", by=by, at=at)
    return payment


@transaction.atomic
def fund_entitlement(instalment: Instalment, *, by: User | None, at: datetime) -> bool:
    """Give money to all waiting parts of a grant, or to none; False where the line still has too little."""
    _fresh, application = locked_instalment(instalment)
    on, policy = timezone.localdate(at), pinned_policy(application)
    take_locks(f"applications.window:{application.window_id}")
    line = line_of(application, policy, on=on)
    waiting = list(instalment.entitlement.instalments.filter(state=State.WAITING).order_by("number"))
    if line is None or not waiting:
        return False
    try:
        with transaction.atomic():
            for part in waiting:
                reserve_money(line, part.claim_key, part.amount, by=by, at=at)
                commit_money(line, part.claim_key, part.amount, by=by, at=at)
    except BudgetEmpty:
        return False
    for part in waiting:
        keep_instalment(part, State.PLANNED, "", by=by, at=at)
    lower_flag(application, ApplicationFlag.Kind.FUNDS, by=by, at=at)
    return True


@transaction.atomic
def stop_instalment(instalment: Instalment, *, reason: str, by: User, at: datetime) -> Instalment:
    """Hold a part back by hand; its money stays owed until it is resumed or given up. Raises InstalmentRefused."""
    fresh, application = locked_instalment(instalment)
    _refuse_unless_keeper(by, application, at)
    if fresh.state not in {State.PLANNED, State.WAITING}:
        raise InstalmentRefused(_("这一期现在是“%(state)s”，不能停止拨付") % {"state": fresh.get_state_display()})
    return _stop(fresh, application, _checked(reason), by=by, at=at)


@transaction.atomic
def resume_instalment(instalment: Instalment, *, reason: str, by: User, at: datetime) -> Instalment:
    """Let a part go on once its living conditions hold again; raises InstalmentRefused while they do not."""
    fresh, application = locked_instalment(instalment)
    _refuse_unless_keeper(by, application, at)
    if fresh.state != State.STOPPED:
        raise InstalmentRefused(_("这一期没有停止拨付"))
    if gives_way(fresh.entitlement.decision):
        raise InstalmentRefused(_("原决定已被撤销或变更，这一期不能恢复拨付"))
    broken = broken_conditions(application, pinned_policy(application), on=timezone.localdate(at))
    if broken:
        labels = _("、").join(broken)
        raise InstalmentRefused(_("存续条件仍不满足：%(labels)s。数据有误的，请先更正数据") % {"labels": labels})
    if Payment.objects.filter(claim_key=fresh.claim_key).exists():
        raise InstalmentRefused(_("这一期的款项已停付，不能恢复"))
    held = claim_balances(fresh.claim_key)
    state = State.PLANNED if held.committed else State.WAITING
    return keep_instalment(fresh, state, _checked(reason), by=by, at=at)


def end_unpaid(application: Application, *, reason: str, by: User | None, at: datetime) -> int:
    """What is not on its way yet is never paid, and its money is free again; how many fen were freed."""
    freed = 0
    open_states = (State.PLANNED, State.WAITING, State.REQUESTED, State.STOPPED, State.RETURNED)
    for part in _parts_of(application, open_states):
        payment = _held_payment(part)
        if payment is not None and payment.state in _GONE:
            continue
        keep_instalment(part, State.STOPPED, reason, by=by, at=at)
        if payment is None or payment.state == Payment.State.STOPPED:
            freed += release_claim(part.claim_key, reason=reason, by=by, at=at)
        elif payment.state in Payment.MENDABLE or (payment.state in Payment.WAITING and payment.batch_id is None):
            freed += payment.amount
            stop_payment(payment, reason=reason, by=by, at=at)
        # What is in a batch already and has not gone stays owed: its batch cannot be sent with it (`recheck`).
    _end_payment(application, by=by, at=at)
    return freed


def _end_payment(application: Application, *, by: User | None, at: datetime) -> None:
    """Where nothing is still to come nobody waits for a payment, and no clock runs for one."""
    parts = Instalment.objects.filter(entitlement__application=application)
    steps = list(application.steps.filter(kind=Step.Kind.PAY, state__in=(Step.State.WAITING, Step.State.OPEN)))
    if not steps or parts.exclude(state__in=ENDED).exists():
        return
    for step in steps:
        step.application = application
    skip_steps(steps, by=by, at=at)
    if application.state == Application.State.GRANTED and application.closed_at is None:
        stop_all_clocks(application, by=by, at=at)
        application.closed_at = at
        application.save(update_fields=["closed_at"])


def _held_payment(part: Instalment) -> Payment | None:
    """The payment of a part, held with its line, so that its batch is not sent meanwhile."""
    found = Payment.objects.filter(claim_key=part.claim_key).select_related("line").first()
    return locked_payment(found) if found is not None else None


def payment_may_begin(application: Application) -> bool:
    """Whether no step up to the payment, but the payment itself, is still open or waits."""
    awaited = application.steps.filter(state__in=(Step.State.WAITING, Step.State.OPEN)).exclude(kind=Step.Kind.PAY)
    payment = application.steps.filter(kind=Step.Kind.PAY).order_by("position").first()
    # What a file lets somebody do after the payment waits for the payment, and not the other way round.
    return not (awaited if payment is None else awaited.filter(position__lte=payment.position)).exists()


def locked_instalment(instalment: Instalment) -> tuple[Instalment, Application]:
    """The part and its case, both held."""
    application = lock_application(Application.objects.get(entitlements=instalment.entitlement_id))
    rows = Instalment.objects.select_for_update(of=("self",)).select_related("entitlement__payee")
    fresh = rows.get(pk=instalment.pk)
    fresh.entitlement.application = application
    return fresh, application


def keep_instalment(
    instalment: Instalment, state: str, reason: str, *, by: User | None, at: datetime, paid_on: date | None = None
) -> Instalment:
    """Write the changed part with its event."""
    before = snapshot(instalment)
    instalment.state, instalment.reason = state, reason[:_LONGEST]
    instalment.paid_on = paid_on
    instalment.save()
    about = instalment.entitlement.application
    record_event(
        "applications.instalment_changed",
        instalment,
        by=by,
        at=at,
        before=before,
        after=snapshot(instalment),
        about=about,
        reason=reason[:_LONGEST],
    )
    return instalment


def _stop(
    instalment: Instalment, application: Application, reason: str, *, by: User | None, at: datetime
) -> Instalment:
    keep_instalment(instalment, State.STOPPED, reason, by=by, at=at)
    values = {"part": instalment.number, "reason": reason}
    tell_applicants(application, "applications.instalment_stopped", at=at, values=values)
    return instalment


def _parts_of(application: Application, states: tuple[str, ...]) -> Iterator[Instalment]:
    rows = Instalment.objects.select_for_update(of=("self",)).select_related("entitlement__application")
    return iter(rows.filter(entitlement__application=application, state__in=states).order_by("number"))


def _refuse_unless_keeper(by: User, application: Application, at: datetime) -> None:
    is_of_unit = application.unit_id in desk_units(by, timezone.localdate(at), Role.CLERK, Role.APPROVER)
    if not is_of_unit or stands_in_case(by, application):
        raise InstalmentRefused(_("只有责任单位的经办人和审批人可以办理；申请一方的人应当回避"))


def _checked(reason: str) -> str:
    words = " ".join(reason.split())[:_LONGEST]
    if not words:
        raise InstalmentRefused(_("请写明原因，申请人会看到"))
    return words
