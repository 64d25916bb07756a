"""预算调剂 - money moved in mid-year: proposed by finance, approved by somebody else, then written into the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.budget.access import can_approve_unit, can_keep_unit
from chuangju.budget.ledger import LedgerRefused, checked_reason, plan_money, shortage_of
from chuangju.budget.models import BudgetLine, Entry, Reallocation
from chuangju.budget.transfers import move_money
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User

State = Reallocation.State


class ReallocationRefused(LedgerRefused):
    """Money cannot be moved like this; the sentence says why."""


@dataclass(frozen=True)
class Proposal:
    """What finance asks for: without a source money is added, without a target it is cut."""

    source: BudgetLine | None
    target: BudgetLine | None
    amount: int
    reason: str
    document: str = ""


@transaction.atomic
def propose_reallocation(proposal: Proposal, *, by: User, at: datetime) -> Reallocation:
    """Ask that money be moved; raises ReallocationRefused."""
    words = checked_reason(proposal.reason)
    lines = [line for line in (proposal.source, proposal.target) if line is not None]
    on = timezone.localdate(at)
    if proposal.amount <= 0:
        raise ReallocationRefused(_("金额应当大于零"))
    if not lines or (len(lines) > 1 and lines[0].pk == lines[1].pk):
        raise ReallocationRefused(_("请选择调出或调入的资金条目，两者不能相同"))
    if not all(can_keep_unit(by, line.unit, on=on) for line in lines):
        raise ReallocationRefused(_("跨单位的调剂由财政部门提出；本单位只能调剂自己的资金条目"))
    if len({line.year for line in lines}) > 1:
        raise ReallocationRefused(_("只能在同一年度内调剂"))
    _require_open(lines)
    if proposal.source is not None and (short := shortage_of(proposal.source, proposal.amount)):
        raise ReallocationRefused(short)
    made = Reallocation.objects.create(
        source=proposal.source,
        target=proposal.target,
        amount=proposal.amount,
        reason=words,
        document=proposal.document.strip()[:120],
        proposed_by=by,
        proposed_at=at,
    )
    record_event("budget.reallocation_proposed", made, by=by, at=at, about=lines[0], after=snapshot(made))
    return made


@transaction.atomic
def approve_reallocation(reallocation: Reallocation, *, answer: str, by: User, at: datetime) -> Reallocation:
    """A second person agrees, and the money moves; raises ReallocationRefused, BudgetEmpty."""
    fresh = _locked(reallocation)
    _require_approver(fresh, by, at)
    _require_open([line for line in (fresh.source, fresh.target) if line is not None])
    before = snapshot(fresh)
    fresh.entry = _move(fresh, by=by, at=at)
    fresh.state, fresh.decided_by, fresh.decided_at = State.APPROVED, by, at
    fresh.answer = " ".join(answer.split())[:300]
    return _save(fresh, "reallocation_approved", before, by=by, at=at)


@transaction.atomic
def refuse_reallocation(reallocation: Reallocation, *, answer: str, by: User, at: datetime) -> Reallocation:
    """A second person does not agree, and says why; raises ReallocationRefused."""
    words = checked_reason(answer)
    fresh = _locked(reallocation)
    _require_approver(fresh, by, at)
    before = snapshot(fresh)
    fresh.state, fresh.decided_by, fresh.decided_at, fresh.answer = State.REFUSED, by, at, words
    return _save(fresh, "reallocation_refused", before, by=by, at=at)


@transaction.atomic
def withdraw_reallocation(reallocation: Reallocation, *, by: User, at: datetime) -> Reallocation:
    """Whoever proposed it takes it back before it is decided; raises ReallocationRefused."""
    fresh = _locked(reallocation)
    if fresh.proposed_by_id != by.pk:
        raise ReallocationRefused(_("只有提出人可以撤回"))
    before = snapshot(fresh)
    fresh.state, fresh.decided_at = State.WITHDRAWN, at
    return _save(fresh, "reallocation_withdrawn", before, by=by, at=at)


def may_decide(reallocation: Reallocation, user: User, *, at: datetime) -> bool:
    """Whether somebody may approve or refuse it: an approver of every unit concerned who did not propose it."""
    on = timezone.localdate(at)
    lines = [line for line in (reallocation.source, reallocation.target) if line is not None]
    return (
        reallocation.state == State.PROPOSED
        and reallocation.proposed_by_id != user.pk
        and all(can_approve_unit(user, line.unit, on=on) for line in lines)
    )


def _move(reallocation: Reallocation, *, by: User, at: datetime) -> Entry:
    source, target, amount, reason = (
        reallocation.source,
        reallocation.target,
        reallocation.amount,
        reallocation.reason,
    )
    if source is not None and target is not None:
        return move_money(source, target, amount, reason=reason, by=by, at=at)
    if target is not None:
        return plan_money(target, amount, reason=reason, by=by, at=at)
    if source is not None:
        return plan_money(source, -amount, reason=reason, by=by, at=at)
    raise ReallocationRefused(_("请选择调出或调入的资金条目，两者不能相同"))


def _locked(reallocation: Reallocation) -> Reallocation:
    take_locks(f"budget.reallocation:{reallocation.pk}")
    rows = Reallocation.objects.select_for_update(of=("self",)).select_related("source__unit", "target__unit")
    fresh = rows.get(pk=reallocation.pk)
    if fresh.state != State.PROPOSED:
        raise ReallocationRefused(_("这项调剂已经办理过了"))
    return fresh


def _require_approver(reallocation: Reallocation, by: User, at: datetime) -> None:
    if reallocation.proposed_by_id == by.pk:
        raise ReallocationRefused(_("提出人不能审批自己的调剂，请由其他人审批"))
    if not may_decide(reallocation, by, at=at):
        raise ReallocationRefused(_("只有有关预算单位的审批人可以审批；跨单位的由财政部门审批人审批"))


def _require_open(lines: list[BudgetLine]) -> None:
    closed = BudgetLine.objects.filter(pk__in=[line.pk for line in lines]).exclude(state=BudgetLine.State.OPEN)
    if closed.exists():
        raise ReallocationRefused(_("只能在执行中的资金条目之间调剂"))


def _save(
    reallocation: Reallocation, action: str, before: dict[str, object], *, by: User, at: datetime
) -> Reallocation:
    reallocation.save()
    about = reallocation.source or reallocation.target
    after = snapshot(reallocation)
    record_event(f"budget.{action}", reallocation, by=by, at=at, about=about, before=before, after=after)
    return reallocation
