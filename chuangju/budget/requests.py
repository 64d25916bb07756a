"""预算申请 - next year's request: begun from this year's figures, given its targets, handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.budget.access import can_keep_unit
from chuangju.budget.forecasts import forecast_of, paces_of, pending_by_policy
from chuangju.budget.ledger import LedgerRefused
from chuangju.budget.models import BudgetLine, BudgetRequest, PerformanceTarget
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm

State = BudgetRequest.State
MOST_TARGETS = 30


class RequestRefused(LedgerRefused):
    """A request cannot be written like this; the sentence says why."""


@dataclass(frozen=True)
class RequestFacts:
    """What finance writes: how much, on which simulation, why and what for."""

    amount: int
    reasons: str
    title: str = ""
    goal: str = ""
    simulation: str = ""
    simulated: int | None = None


@transaction.atomic
def write_request(line: BudgetLine, facts: RequestFacts, *, by: User, at: datetime) -> BudgetRequest:
    """Begin next year's request for what a line pays for, with its figures as they stand; raises RequestRefused."""
    on = timezone.localdate(at)
    if not can_keep_unit(by, line.unit, on=on):
        raise RequestRefused(_("只有预算单位的财务人员和财政部门可以办理"))
    take_locks(f"budget.request:{line.pk}")
    if BudgetRequest.objects.filter(year=line.year + 1, line=line).exists():
        raise RequestRefused(_("这个资金条目已有下一年度的预算申请"))
    forecast = forecast_of(
        line, pending=pending_by_policy(on=on).get(line.policy_id), pace=paces_of([line], on=on).get(line.pk, 0), on=on
    )
    made = BudgetRequest(
        year=line.year + 1,
        unit=line.unit,
        line=line,
        spent=line.balance.paid,
        expected=forecast.expected_paid,
        is_demo=line.is_demo,
        written_by=by,
        written_at=at,
    )
    _apply(made, facts, fallback=line.name)
    made.save()
    record_event("budget.request_written", made, by=by, at=at, about=line, after=snapshot(made))
    return made


@transaction.atomic
def change_request(
    asked: BudgetRequest, facts: RequestFacts, *, revision: int, by: User, at: datetime
) -> BudgetRequest:
    """Correct a request that is not handed in yet; raises RequestRefused, StaleForm."""
    fresh = _locked(asked, by=by, at=at, revision=revision)
    before = snapshot(fresh)
    _apply(fresh, facts, fallback=fresh.title)
    return _save(fresh, "request_changed", before, by=by, at=at)


@transaction.atomic
def add_target(asked: BudgetRequest, *, kind: str, name: str, value: str, by: User, at: datetime) -> PerformanceTarget:
    """Say what the money is to achieve; raises RequestRefused."""
    fresh = _locked(asked, by=by, at=at)
    words, wanted = " ".join(name.split()), " ".join(value.split())
    if not words or not wanted:
        raise RequestRefused(_("请填写指标名称和指标值"))
    if fresh.targets.filter(kind=kind, name=words).exists():
        raise RequestRefused(_("已有同名指标"))
    if fresh.targets.count() >= MOST_TARGETS:
        raise RequestRefused(_("一份申请最多 %(limit)d 项指标") % {"limit": MOST_TARGETS})
    last = fresh.targets.order_by("-position").values_list("position", flat=True).first() or 0
    made = PerformanceTarget.objects.create(request=fresh, kind=kind, name=words, value=wanted, position=last + 1)
    record_event("budget.target_added", made, by=by, at=at, about=fresh, after=snapshot(made))
    return made


@transaction.atomic
def drop_target(target: PerformanceTarget, *, by: User, at: datetime) -> None:
    """Take a target back before the request is handed in; raises RequestRefused."""
    fresh = _locked(target.request, by=by, at=at)
    record_event("budget.target_dropped", target, by=by, at=at, about=fresh, before=snapshot(target))
    target.delete()


@transaction.atomic
def submit_request(asked: BudgetRequest, *, revision: int, by: User, at: datetime) -> BudgetRequest:
    """Hand a request in; it is not changed afterwards. Raises RequestRefused, StaleForm."""
    fresh = _locked(asked, by=by, at=at, revision=revision)
    if not fresh.targets.exists():
        raise RequestRefused(_("请至少填写一项绩效指标再上报"))
    before = snapshot(fresh)
    fresh.state, fresh.submitted_at = State.SUBMITTED, at
    return _save(fresh, "request_submitted", before, by=by, at=at)


def _apply(asked: BudgetRequest, facts: RequestFacts, *, fallback: str) -> None:
    if facts.amount <= 0:
        raise RequestRefused(_("金额应当大于零"))
    asked.title = " ".join(facts.title.split()) or fallback
    asked.amount, asked.simulated = facts.amount, facts.simulated
    asked.reasons, asked.goal = facts.reasons.strip(), facts.goal.strip()
    asked.simulation = " ".join(facts.simulation.split())


def _locked(asked: BudgetRequest, *, by: User, at: datetime, revision: int | None = None) -> BudgetRequest:
    take_locks(f"budget.request_of:{asked.pk}")
    rows = BudgetRequest.objects.select_for_update(of=("self",)).select_related("unit")
    fresh = rows.filter(pk=asked.pk).first()
    if fresh is None or (revision is not None and fresh.revision != revision):
        raise StaleForm(_("这份申请刚刚被他人修改过，请核对最新内容后再提交"))
    if not can_keep_unit(by, fresh.unit, on=timezone.localdate(at)):
        raise RequestRefused(_("只有预算单位的财务人员和财政部门可以办理"))
    if fresh.state != State.DRAFT:
        raise RequestRefused(_("申请已上报，不能再修改"))
    return fresh


def _save(asked: BudgetRequest, action: str, before: dict[str, object], *, by: User, at: datetime) -> BudgetRequest:
    asked.revision += 1
    asked.save()
    after = snapshot(asked)
    record_event(f"budget.{action}", asked, by=by, at=at, about=asked.unit, before=before, after=after)
    return asked
