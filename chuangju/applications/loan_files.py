"""流水核对 - a bank's file is judged whole, row by row and cell by cell, before anything of it is taken in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from chuangju.applications.facilities import LoanRefused, ReportedMovement
from chuangju.applications.models import LoanFacility, LoanMovement
from chuangju.kernel.money import MoneyRefused, format_yuan, parse_yuan

Kind = LoanMovement.Kind
# How banks say it.
_WORDS: dict[str, tuple[str, ...]] = {
    Kind.DRAWN: ("放款", "发放", "贷款发放", "drawn"),
    Kind.REPAID: ("还本", "归还本金", "还款", "提前还款", "结清", "repaid"),
    Kind.OVERDUE: ("逾期", "转逾期", "overdue"),
    Kind.CLEARED: ("逾期结清", "逾期归还", "解除逾期", "cleared"),
    Kind.CLAIMED: ("代偿", "担保代偿", "claimed"),
    Kind.RECOVERED: ("代偿追回", "追回", "recovered"),
}
_KINDS = {word: kind for kind, words in _WORDS.items() for word in words}
_WITHOUT_AMOUNT = (Kind.OVERDUE, Kind.CLEARED)
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:\s.*)?\Z|(\d{4})(\d{2})(\d{2})\Z")
_LONGEST_REFERENCE = 60
COLUMN_WORDS = {"contract": "借款合同号", "on": "日期", "kind": "业务", "amount": "金额（元）", "reference": "流水号"}


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with one cell of a file: row, column, what stands there, a sentence."""

    row: int
    column: str
    text: str
    sentence: str


class MovementsRefused(LoanRefused):
    """A file with faults: nothing of it was taken in."""

    def __init__(self, faults: Sequence[RowFault]) -> None:
        super().__init__(
            _("流水中有 %(count)d 处错误，全部没有导入；请更正后重新上传整个文件") % {"count": len(faults)}
        )
        self.faults = list(faults)


def judge_movements(
    rows: Sequence[dict[str, Any]], facilities: dict[str, LoanFacility], *, on: date
) -> list[ReportedMovement]:
    """What each row says; raises MovementsRefused with every fault, LoanRefused for a file without rows."""
    if not rows:
        raise LoanRefused(_("文件里没有流水"))
    faults: list[RowFault] = []
    found: list[tuple[int, ReportedMovement]] = []
    seen = dict[tuple[str, str], int]()
    for row in rows:
        movement = _judge(row, facilities, faults, on=on)
        if movement is None:
            continue
        key = (movement.contract, movement.reference)
        if key in seen:
            _note(faults, row, "reference", _("与第 %(row)d 行重复") % {"row": seen[key]})
            continue
        seen[key] = int(row["row"])
        found.append((int(row["row"]), movement))
    _judge_balances(found, facilities, faults)
    if faults:
        raise MovementsRefused(sorted(faults, key=lambda one: one.row))
    return [one for _row, one in found]


def _judge(
    row: dict[str, Any], facilities: dict[str, LoanFacility], faults: list[RowFault], *, on: date
) -> ReportedMovement | None:
    cells, before = row["cells"], len(faults)
    facility = facilities.get(cells["contract"])
    if facility is None:
        _note(faults, row, "contract", _("没有登记过这个合同，请先登记借款合同"))
    kind = _KINDS.get(cells["kind"].casefold())
    if kind is None:
        known = "、".join(words[0] for words in _WORDS.values())
        _note(faults, row, "kind", _("看不懂这是什么业务，请写：%(known)s") % {"known": known})
    day = _day(cells["on"])
    if day is None:
        _note(faults, row, "on", _("不是日期，请写成 2026-03-01"))
    elif day > on:
        _note(faults, row, "on", _("日期在今天之后"))
    elif facility is not None and day < facility.signed_on:
        _note(faults, row, "on", _("日期早于签约日 %(day)s") % {"day": facility.signed_on.isoformat()})
    amount = _amount(row, kind, faults)
    if not 0 < len(cells["reference"]) <= _LONGEST_REFERENCE:
        _note(faults, row, "reference", _("请填写银行流水号（不超过 60 个字符）"))
    if len(faults) > before or kind is None or day is None:
        return None
    return ReportedMovement(cells["contract"], kind, day, amount, cells["reference"])


def _amount(row: dict[str, Any], kind: str | None, faults: list[RowFault]) -> int:
    text = row["cells"].get("amount", "")
    if kind in _WITHOUT_AMOUNT:
        return 0
    try:
        amount = parse_yuan(text)
    except MoneyRefused as refused:
        _note(faults, row, "amount", refused.sentence)
        return 0
    if amount <= 0:
        _note(faults, row, "amount", _("金额应大于零"))
    return amount


def _judge_balances(
    found: list[tuple[int, ReportedMovement]], facilities: dict[str, LoanFacility], faults: list[RowFault]
) -> None:
    """Nobody draws more than the contract, or pays back more than was drawn, together with what is there already."""
    entries: dict[str, list[tuple[date, int, int, int]]] = defaultdict(list)
    told = {(one.contract, one.reference): number for number, one in found}
    for contract in {one.contract for _row, one in found}:
        for kept in facilities[contract].movements.all():
            if (contract, kept.reference) not in told:
                entries[contract].append((kept.on, 0, _sign(kept.kind) * kept.amount, 0))
    for number, one in found:
        entries[one.contract].append((one.on, 1, _sign(one.kind) * one.amount, number))
    for contract, moves in entries.items():
        _walk(contract, sorted(moves, key=lambda one: (one[0], -one[2])), facilities[contract], faults)


def _walk(
    contract: str, moves: list[tuple[date, int, int, int]], facility: LoanFacility, faults: list[RowFault]
) -> None:
    owed = drawn = 0
    for _on, _new, amount, row in moves:
        owed, drawn = owed + amount, drawn + max(amount, 0)
        if drawn > facility.principal:
            told = {"most": format_yuan(facility.principal)}
            faults.append(RowFault(row, COLUMN_WORDS["amount"], contract, _("放款超过合同金额 %(most)s") % told))
            return
        if owed < 0:
            faults.append(RowFault(row, COLUMN_WORDS["amount"], contract, _("还本超过了当时的贷款余额")))
            return


def _sign(kind: str) -> int:
    if kind == Kind.DRAWN:
        return 1
    return -1 if kind in (Kind.REPAID, Kind.CLAIMED) else 0


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    year, month, day = (part for part in found.groups() if part)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _note(faults: list[RowFault], row: dict[str, Any], key: str, sentence: str) -> None:
    faults.append(RowFault(int(row["row"]), COLUMN_WORDS[key], row["cells"].get(key, ""), sentence))
