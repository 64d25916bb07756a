"""年终结转 - a line of a past year is closed: what is owed goes with its claims, the rest is carried over or given back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.budget import accounts
from chuangju.budget.access import can_keep_unit
from chuangju.budget.ledger import balances_of
from chuangju.budget.lines import LineRefused, line_facts, locked_line, save_line
from chuangju.budget.models import BudgetLine, ClaimBalance, LineBalance, Payment, Reallocation
from chuangju.budget.transfers import carry_available, carry_claim, surrender_money
from chuangju.kernel.audit import record_event
from chuangju.kernel.models import User

IN_FLIGHT = (Payment.State.CHECKED, Payment.State.APPROVED, Payment.State.SENT)
_MOVES_ON = (Payment.State.REQUESTED, Payment.State.FAILED, Payment.State.RETURNED)


@transaction.atomic
def close_line(line: BudgetLine, *, carried: int, revision: int, by: User | None, at: datetime) -> BudgetLine:
    """Close a line at the end of its year; `carried` of what nobody claimed goes on, the rest goes back (结余).

    Claims move to the line of the next year with all they hold, and their waiting payments with them. Raises LineRefused.
    """
    fresh = locked_line(line, revision=revision)
    if by is not None and not can_keep_unit(by, fresh.unit, on=timezone.localdate(at)):
        raise LineRefused(_("只有预算单位的财务人员和财政部门可以办理"))
    _require_closable(fresh, on=timezone.localdate(at))
    successor = _successor_of(fresh, by=by, at=at)
    keys = list(ClaimBalance.objects.filter(line=fresh).order_by("claim_key").values_list("claim_key", flat=True))
    accounts.hold_lines([fresh, successor], keys)
    left = balances_of(fresh).available
    if not 0 <= carried <= left:
        raise LineRefused(_("结转金额应在零和可用金额之间"))
    for key in keys:
        carry_claim(fresh, successor, key, by=by, at=at)
    if carried:
        carry_available(fresh, successor, carried, by=by, at=at)
    if left > carried:
        surrender_money(fresh, left - carried, reason=_("年终结余上缴"), by=by, at=at)
    Payment.objects.filter(line=fresh, state__in=_MOVES_ON).update(line=successor)
    before = line_facts(fresh)
    fresh.state, fresh.closed_at = BudgetLine.State.CLOSED, at
    return save_line(fresh, "line_closed", before, by=by, at=at)


def why_not_closable(line: BudgetLine, *, on: date) -> str:
    """The sentence that says why a line cannot be closed yet; empty where it can."""
    if line.state != BudgetLine.State.OPEN:
        return _("只有执行中的资金条目可以年终结账")
    if on.year <= line.year:
        return _("年度还没有结束，%(day)s 起可以年终结账") % {"day": date(line.year + 1, 1, 1).isoformat()}
    if Payment.objects.filter(line=line, state__in=IN_FLIGHT).exists():
        return _("还有款项在批次中等待审批或回执，请先办结")
    if Payment.objects.filter(line=line, batch__isnull=False, state=Payment.State.REQUESTED).exists():
        return _("还有款项在批次中等待审批或回执，请先办结")
    waiting = Reallocation.objects.filter(state=Reallocation.State.PROPOSED)
    if (waiting.filter(source=line) | waiting.filter(target=line)).exists():
        return _("还有调剂等待审批，请先办结")
    return ""


def _require_closable(line: BudgetLine, *, on: date) -> None:
    sentence = why_not_closable(line, on=on)
    if sentence:
        raise LineRefused(sentence)


def _successor_of(line: BudgetLine, *, by: User | None, at: datetime) -> BudgetLine:
    """The line of the next year: the one with the same code and unit, else a new one, open from the start."""
    found = BudgetLine.objects.filter(year=line.year + 1, code=line.code).select_related("unit").first()
    if found is not None and (found.unit_id != line.unit_id or found.follows_id not in {None, line.pk}):
        raise LineRefused(_("下一年度已有编号相同的其他资金条目，请先更改编号"))
    if found is not None:
        if found.follows_id is None:
            found.follows = line
            return save_line(found, "line_changed", {}, by=by, at=at)
        return found
    names = ("code", "name", "name_en", "unit", "policy_id", "task_code", "earmark", "is_demo")
    made = BudgetLine.objects.create(
        year=line.year + 1,
        follows=line,
        state=BudgetLine.State.OPEN,
        opened_at=at,
        created_by=by,
        created_at=at,
        **{name: getattr(line, name) for name in names},
    )
    LineBalance.objects.create(line=made)
    record_event("budget.line_entered", made, by=by, at=at, after=line_facts(made))
    return made
