"""资金条目 - how lines are entered, corrected and opened, and which line pays for a policy."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.budget.access import can_keep_unit
from chuangju.budget.ledger import LedgerRefused
from chuangju.budget.models import BudgetLine, LineBalance
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm
from chuangju.units.models import Unit


class LineRefused(LedgerRefused):
    """A line cannot be entered or changed like this; the sentence says why."""


@dataclass(frozen=True)
class LineFacts:
    """The outside of a line, as finance writes it."""

    year: int
    code: str
    name: str
    unit: Unit
    name_en: str = ""
    policy_id: str = ""
    task_code: str = ""
    earmark: str = ""
    document: str = ""
    note: str = ""


def line_for(
    policy_id: str, *, year: int, unit: Unit | None = None, earmarks: Collection[str] = ()
) -> BudgetLine | None:
    """The open line that pays for a policy: one kept for these people before a general one, one with money first.

    A line without a policy pays for any policy of its own unit; None where nothing fits.
    """
    fitting = BudgetLine.objects.filter(year=year, state=BudgetLine.State.OPEN, policy_id__in=(policy_id, ""))
    found = [
        line
        for line in fitting.select_related("balance", "unit").order_by("code")
        if (line.policy_id or (unit is not None and line.unit_id == unit.pk)) and line.earmark in {"", *earmarks}
    ]
    if not found:
        return None

    def preference(line: BudgetLine) -> tuple[bool, bool, bool, bool, str]:
        is_of_unit = unit is None or line.unit_id == unit.pk
        return line.balance.available <= 0, not line.policy_id, not is_of_unit, not line.earmark, line.code

    return min(found, key=preference)


@transaction.atomic
def enter_line(facts: LineFacts, *, by: User | None, at: datetime, is_demo: bool = False) -> BudgetLine:
    """Enter a line, as a draft without money; raises LineRefused. Nobody at all may enter demo lines."""
    if not is_demo or by is not None:
        _require_keeper(facts.unit, by, at)
    take_locks(f"budget.code:{facts.year}:{facts.code.strip()}")
    line = BudgetLine(created_by=by, created_at=at, is_demo=is_demo)
    _apply(line, facts)
    line.save()
    LineBalance.objects.create(line=line)
    record_event("budget.line_entered", line, by=by, at=at, after=line_facts(line))
    return line


@transaction.atomic
def change_line(line: BudgetLine, facts: LineFacts, *, revision: int, by: User, at: datetime) -> BudgetLine:
    """Correct the outside of a line; raises LineRefused, StaleForm."""
    fresh = locked_line(line, revision=revision)
    _require_keeper(fresh.unit, by, at)
    _require_keeper(facts.unit, by, at)
    if fresh.state == BudgetLine.State.CLOSED:
        raise LineRefused(_("资金条目已年终结账，不能再修改"))
    before = line_facts(fresh)
    if fresh.entries.exists() and (facts.year, facts.unit.pk) != (fresh.year, fresh.unit_id):
        raise LineRefused(_("已有分录的资金条目不能再改年度和预算单位"))
    _apply(fresh, facts)
    if line_facts(fresh) == before:
        raise LineRefused(_("没有任何改动"))
    return save_line(fresh, "line_changed", before, by=by, at=at)


@transaction.atomic
def open_line(line: BudgetLine, *, revision: int, by: User | None, at: datetime) -> BudgetLine:
    """Let money be taken from a line that has some; raises LineRefused, StaleForm."""
    fresh = locked_line(line, revision=revision)
    if not fresh.is_demo or by is not None:
        _require_keeper(fresh.unit, by, at)
    if fresh.state != BudgetLine.State.DRAFT:
        raise LineRefused(_("只有编制中的资金条目可以启用"))
    if fresh.balance.planned + fresh.balance.carried_in == 0:
        raise LineRefused(_("请先下达预算数，再启用"))
    before = line_facts(fresh)
    fresh.state, fresh.opened_at = BudgetLine.State.OPEN, at
    return save_line(fresh, "line_opened", before, by=by, at=at)


def locked_line(line: BudgetLine, *, revision: int | None = None) -> BudgetLine:
    """The line as it stands now, locked; refused where the form was made from an older one."""
    take_locks(f"budget.line:{line.pk}")
    rows = BudgetLine.objects.select_for_update(of=("self",)).select_related("unit", "balance")
    fresh = rows.filter(pk=line.pk).first()
    if fresh is None or (revision is not None and fresh.revision != revision):
        raise StaleForm(_("这个资金条目刚刚被他人修改过，请核对最新内容后再提交"))
    return fresh


def save_line(line: BudgetLine, action: str, before: dict[str, Any], *, by: User | None, at: datetime) -> BudgetLine:
    """Write the changed line with its event."""
    line.revision += 1
    line.save()
    record_event(f"budget.{action}", line, by=by, at=at, before=before, after=line_facts(line))
    return line


def line_facts(line: BudgetLine) -> dict[str, Any]:
    """What the history tells of a line."""
    return {key: value for key, value in snapshot(line).items() if key != "revision"}


def _require_keeper(unit: Unit, by: User | None, at: datetime) -> None:
    if by is None or not can_keep_unit(by, unit, on=timezone.localdate(at)):
        raise LineRefused(_("只有预算单位的财务人员和财政部门可以办理"))


def _apply(line: BudgetLine, facts: LineFacts) -> None:
    line.year, line.code, line.unit = facts.year, facts.code.strip(), facts.unit
    line.name, line.name_en = " ".join(facts.name.split()), " ".join(facts.name_en.split())
    line.policy_id, line.task_code, line.earmark = facts.policy_id.strip(), facts.task_code.strip(), facts.earmark
    line.document, line.note = facts.document.strip(), facts.note.strip()
    if not line.code or not line.name:
        raise LineRefused(_("请填写条目编号和名称"))
    if BudgetLine.objects.filter(year=line.year, code=line.code).exclude(pk=line.pk).exists():
        raise LineRefused(_("本年度已有这个编号的资金条目"))
