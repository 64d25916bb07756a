"""按期贴息 - the periods of a loan as the bank's movements make them; once one is over a clerk confirms it and it is paid.

What was confirmed is not changed by later movements: `interest_differences` tells where the bank's newest figures say
otherwise, and `chuangju verify` does too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.case_locks import lock_application
from chuangju.applications.decision_rights import is_taken_back
from chuangju.applications.exclusions import grants_beside_interest
from chuangju.applications.facilities import LoanRefused, is_overdue_on, moves_of, overdue_spans
from chuangju.applications.loan_access import can_settle_periods
from chuangju.applications.loan_schedule import Period, periods_of
from chuangju.applications.loan_settings import SubsidyRule, loan_settings, subsidy_rule, terms_of
from chuangju.applications.models import InterestPeriod, LoanFacility, LoanFile
from chuangju.applications.payee_accounts import account_of
from chuangju.budget.ledger import BudgetEmpty, commit_money, reserve_money
from chuangju.budget.lines import line_for
from chuangju.budget.models import BudgetLine
from chuangju.budget.payments import request_payment
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.ventures.facts import known_facts

State = InterestPeriod.State
# In these a period still follows the bank's movements.
OPEN_STATES = (State.RUNNING, State.DUE)


@transaction.atomic
def refresh_periods(facility: LoanFacility, *, by: User | None, at: datetime) -> int:
    """Bring the periods that are not confirmed yet into line with the movements; how many changed."""
    take_locks(f"applications.loan:{facility.pk}")
    on = timezone.localdate(at)
    rule = subsidy_rule(facility.drawn_on) if facility.drawn_on else None
    if rule is None:
        return 0
    kept = {one.number: one for one in facility.periods.all()}
    planned = planned_periods(facility, rule, on=on)
    changed = 0
    for one in planned:
        changed += _keep(facility, one, kept.get(one.number), rule, by=by, at=at)
    beyond = [row for number, row in kept.items() if number > len(planned) and row.state in OPEN_STATES]
    for row in beyond:
        # The loan was repaid before this period began.
        row.state, row.reason, row.interest, row.subsidy = State.STOPPED, _("贷款已提前还清，本期没有利息"), 0, 0
        row.save()
        record_event("applications.interest_changed", row, by=by, at=at, after=snapshot(row), about=facility)
    return changed + len(beyond)


def refresh_after(file: LoanFile, *, by: User | None, at: datetime) -> int:
    """Bring the periods of every loan in a bank's file into line; how many changed."""
    moved = LoanFacility.objects.filter(movements__file=file).distinct().order_by("pk")
    return sum(refresh_periods(one, by=by, at=at) for one in moved)


def planned_periods(facility: LoanFacility, rule: SubsidyRule, *, on: date) -> list[Period]:
    """What the movements make of the periods that have begun on a day."""
    assert facility.drawn_on is not None  # noqa: S101 - asked for drawn loans only
    movements = list(facility.movements.order_by("on", "pk"))
    return periods_of(
        moves_of(movements),
        overdue_spans(movements),
        terms_of(facility.rate, rule),
        drawn_on=facility.drawn_on,
        ends_on=facility.ends_on,
        on=on,
    )


def _keep(
    facility: LoanFacility,
    planned: Period,
    kept: InterestPeriod | None,
    rule: SubsidyRule,
    *,
    by: User | None,
    at: datetime,
) -> int:
    if kept is not None and kept.state not in OPEN_STATES:
        return 0
    state, reason = State.RUNNING, ""
    if planned.ends_on <= timezone.localdate(at):
        state = State.DUE if planned.subsidy else State.STOPPED
        reason = "" if planned.subsidy else _("本期逾期或没有利息，不予贴息")
    facts = {
        "begins_on": planned.begins_on,
        "ends_on": planned.ends_on,
        "interest": planned.interest,
        "subsidy": planned.subsidy,
        "overdue_days": planned.overdue_days,
        "state": state,
        "reason": reason,
    }
    if kept is not None and all(getattr(kept, name) == value for name, value in facts.items()):
        return 0
    one = kept or InterestPeriod(facility=facility, number=planned.number, policy_key=rule.policy.key, share=rule.share)
    for name, value in facts.items():
        setattr(one, name, value)
    one.save()
    record_event("applications.interest_changed", one, by=by, at=at, after=snapshot(one), about=facility)
    return 1


@transaction.atomic
def settle_period(period: InterestPeriod, *, by: User, at: datetime) -> InterestPeriod:
    """A clerk confirms a period that is over: its money is set aside, owed and asked for; raises LoanRefused.

    What must still hold is looked at again; where the line is empty the period waits for money and can be confirmed later.
    """
    take_locks(f"applications.loan:{period.facility_id}")
    fresh = InterestPeriod.objects.select_for_update(of=("self",)).select_related(
        "facility__application__unit", "facility__borrower"
    )
    found = fresh.get(pk=period.pk)
    if found.state not in (State.DUE, State.WAITING):
        raise LoanRefused(_("只有已结息、尚未拨付的期次可以核定"))
    facility = found.facility
    # An account that is corrected at this moment is either read here or followed afterwards.
    facility.application = lock_application(facility.application)
    if not can_settle_periods(by, facility, timezone.localdate(at)):
        raise LoanRefused(_("只有牵头单位的经办人可以核定贴息"))
    problem = living_problem(facility, on=timezone.localdate(at))
    if problem:
        raise LoanRefused(_("暂不能核定：%(why)s") % {"why": problem})
    take_locks(f"applications.party:{facility.borrower.body_id}")
    beside = grants_beside_interest(found)
    if beside:
        raise LoanRefused(_("不能重复或同时享受：%(others)s") % {"others": _("、").join(beside[:5])})
    before = {"state": found.state}
    found.settled_by, found.settled_at = by, at
    line = _line_of(found, on=timezone.localdate(at))
    if line is not None and _set_aside(found, line, by=by, at=at):
        _ask_for(found, line, by=by, at=at)
        found.state, found.reason = State.REQUESTED, ""
    else:
        found.state, found.reason = State.WAITING, _("本年度贴息资金不足，已核定，等待资金")
    found.save()
    record_event(
        "applications.interest_settled",
        found,
        by=by,
        at=at,
        before=before,
        after={"state": found.state, "subsidy": found.subsidy},
        about=facility,
    )
    return found


@transaction.atomic
def stop_period(period: InterestPeriod, *, reason: str, by: User, at: datetime) -> InterestPeriod:
    """A clerk says that a period is not subsidised, and why; raises LoanRefused."""
    take_locks(f"applications.loan:{period.facility_id}")
    found = InterestPeriod.objects.select_related("facility__application").get(pk=period.pk)
    if found.state not in (State.DUE, State.WAITING):
        raise LoanRefused(_("只有已结息、尚未拨付的期次可以停止"))
    if not can_settle_periods(by, found.facility, timezone.localdate(at)):
        raise LoanRefused(_("只有牵头单位的经办人可以核定贴息"))
    if not reason.strip():
        raise LoanRefused(_("请写明不予贴息的原因"))
    found.state, found.reason, found.settled_by, found.settled_at = State.STOPPED, reason.strip()[:500], by, at
    found.save()
    record_event(
        "applications.interest_stopped", found, by=by, at=at, after=snapshot(found), about=found.facility, reason=reason
    )
    return found


def living_problem(facility: LoanFacility, *, on: date) -> str:
    """Why the borrower has no claim to the subsidy any more on a day; empty where all holds or is not known otherwise."""
    if is_taken_back(facility.application):
        return _("这笔贷款的支持决定已被撤销")
    if facility.state == LoanFacility.State.CLAIMED:
        return _("贷款已由担保基金代偿")
    if is_overdue_on(facility.movements.order_by("on", "pk"), on):
        return _("贷款目前逾期")
    known = known_facts(facility.borrower, on=on)
    for key, value in loan_settings()["schedule"]["living"].items():
        found = known.get(key)
        if found is not None and found.value is not None and str(found.value) != str(value):
            return _("借款人的登记情况已变化，不再符合条件")
    return ""


def _line_of(period: InterestPeriod, *, on: date) -> BudgetLine | None:
    return line_for(period.policy_key.partition("@")[0], year=on.year, unit=period.facility.application.unit)


def _set_aside(period: InterestPeriod, line: BudgetLine, *, by: User, at: datetime) -> bool:
    try:
        with transaction.atomic():
            reserve_money(line, period.claim_key, period.subsidy, by=by, at=at)
    except BudgetEmpty:
        return False
    commit_money(line, period.claim_key, period.subsidy, by=by, at=at)
    return True


def _ask_for(period: InterestPeriod, line: BudgetLine, *, by: User, at: datetime) -> None:
    facility = period.facility
    account = account_of(facility.application)
    if not account:
        raise LoanRefused(_("办件里没有收款账户，请让申请人补充后再核定"))
    request_payment(
        period.claim_key,
        line=line,
        amount=period.subsidy,
        payee=facility.borrower,
        account_name=account["name"],
        account_number=account["number"],
        bank=account["bank"],
        purpose=_("担保贷款贴息第 %(number)d 期（合同 %(contract)s）")
        % {"number": period.number, "contract": facility.contract},
        due_on=timezone.localdate(at),
        by=by,
        at=at,
        instalment=period.number,
    )


def interest_differences() -> Iterator[tuple[InterestPeriod, Period]]:
    """Confirmed periods of which the bank's newest movements say otherwise; for the page and for `verify`."""
    facilities = LoanFacility.objects.filter(periods__state__in=InterestPeriod.HAD, drawn_on__isnull=False).distinct()
    for facility in facilities.order_by("pk").iterator():
        rule = subsidy_rule(facility.drawn_on) if facility.drawn_on else None
        if rule is None:
            continue
        kept = {one.number: one for one in facility.periods.filter(state__in=InterestPeriod.HAD)}
        last = max(one.ends_on for one in kept.values())
        for planned in planned_periods(facility, rule, on=last):
            one = kept.get(planned.number)
            if one is not None and (one.interest, one.subsidy) != (planned.interest, planned.subsidy):
                yield one, planned
