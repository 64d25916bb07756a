"""Findings - what is wrong in a register, by row and column: all of it counted, the first of each kind kept in full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from chuangju.papers.grids import UnreadableFile

# So many of one kind in one column are kept with their rows; all are counted.
KEPT_OF_A_KIND = 50
KEPT_IN_ALL = 2_000
_LONGEST_VALUE = 60


def _(text: str) -> str:
    """Marks a source text for translation."""
    return text


# Why a file cannot be used at all; those of papers.sentences come on top.
SENTENCES = {
    "no_id_column": _("没有认出“统一社会信用代码（id）”列，表头是：%(header)s。请指定哪一列是什么。"),
    "no_rows": _("表头下面没有内容。"),
    "no_main_table": _("只有员工、租赁等明细，没有企业一览表。"),
    "too_many_rows": _("%(table)s有 %(count)s 行，超过 %(limit)s 行的上限。"),
    "not_parquet": _("文件不是完整的 Parquet 文件，可能没有传完，请重新导出。"),
    "unknown_kind": _("内容不是 Parquet、xlsx 或 csv，请重新导出。"),
    "no_columns": _("文件里没有列。"),
    "lying_extent": _("工作表声称有 %(count)s 个单元格，超过 %(limit)s 个的上限，不予读取。"),
}
# What may be wrong with a value, a row or a column; the value is then unknown, never false.
TEXTS = {
    "wrong_type": _("“%(value)s”不是%(kind)s"),
    "not_whole": _("“%(value)s”不是整数"),
    "too_fine": _("“%(value)s”的小数位太多"),
    "impossible_date": _("“%(value)s”这一天不存在"),
    "future_date": _("“%(value)s”在数据日期之后"),
    "out_of_bounds": _("“%(value)s”超出 %(low)s 至 %(high)s 的范围"),
    "negative_money": _("金额“%(value)s”为负数"),
    "unknown_code": _("“%(value)s”不在代码表“%(list)s”中"),
    "bad_credit_code": _("“%(value)s”的位数或校验位不符"),
    "missing_id": _("没有编号，整行未采用"),
    "duplicate_id": _("编号“%(value)s”与前面的行重复，整行未采用"),
    "orphan": _("编号“%(value)s”在企业一览表中没有，整行未采用"),
    "ends_before_start": _("“%(value)s”早于%(other)s，两项均不采用"),
    "too_many_items": _("有 %(value)s 项，超过 %(high)s 项的上限，整项不采用"),
    "hidden_signs": _("“%(value)s”含有不可见的控制字符"),
    "too_long": _("“%(value)s”太长"),
    "error_cell": _("单元格是公式错误值“%(value)s”"),
    "formula_without_value": _("单元格是公式，没有保存计算结果"),
    "surplus_cells": _("这一行有 %(value)s 个单元格，多于表头"),
    "wrong_column": _("整列是 %(value)s 类型，不是%(kind)s，未采用"),
    "duplicate_column": _("与前面的列含义相同，未采用"),
    "unknown_column": _("没有认出这一列，未采用"),
    "missing_column": _("没有这一列，其内容按未知处理"),
    "unread_sheet": _("没有认出这张表，未采用"),
}
# Only told, not held against the file: what it holds is right as far as it goes.
NOTICES = frozenset({"unknown_column", "missing_column", "unread_sheet"})


class UnreadableRegister(UnreadableFile):
    """The file cannot be used as a register; the sentence says why and what to do."""


def refuse(code: str, **params: object) -> UnreadableRegister:
    """The refusal of that code, its sentence filled in."""
    return UnreadableRegister(SENTENCES[code] % params, code=code, params=params)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: where it stands (row as in the sheet, counted from 1; none for a whole column)."""

    code: str
    row: int | None = None
    column: str = ""
    sheet: str = ""
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence in Chinese."""
        return TEXTS[self.code] % self.params

    @property
    def is_notice(self) -> bool:
        """Whether it is only told."""
        return self.code in NOTICES

    def as_dict(self) -> dict[str, Any]:
        """For keeping as JSON."""
        return asdict(self) | {"params": dict(self.params)}

    def public_dict(self) -> dict[str, Any]:
        """For whoever reads the report by machine."""
        return {"code": self.code, "row": self.row, "column": self.column, "sheet": self.sheet, "text": self.text}


class FindingLog:
    """Collects findings: counts every one, keeps the first of each kind and column."""

    def __init__(self) -> None:
        self.kept: list[Finding] = []
        self._counts: Counter[tuple[str, str, str]] = Counter()

    def add(self, finding: Finding, *, times: int = 1) -> None:
        """Write a finding down; `times` stands for so many of the kind whose rows are not told one by one."""
        kind = (finding.code, finding.sheet, finding.column)
        if self._counts[kind] < KEPT_OF_A_KIND and len(self.kept) < KEPT_IN_ALL:
            self.kept.append(finding)
        self._counts[kind] += times

    def room_for(self, code: str, sheet: str, column: str) -> int:
        """How many more of a kind are kept with their rows."""
        return max(0, min(KEPT_OF_A_KIND - self._counts[code, sheet, column], KEPT_IN_ALL - len(self.kept)))

    def count_only(self, code: str, sheet: str, column: str, times: int) -> None:
        """Count findings whose rows are not kept any more."""
        if times:
            self._counts[code, sheet, column] += times

    def counts(self) -> list[dict[str, Any]]:
        """How many of each kind in each column, notices apart, the most frequent first."""
        rows = [
            {"code": code, "sheet": sheet, "column": column, "count": count}
            for (code, sheet, column), count in self._counts.items()
        ]
        return sorted(rows, key=lambda row: (row["code"] in NOTICES, -int(str(row["count"])), str(row["column"])))

    @property
    def faults(self) -> int:
        """How many findings are held against the file."""
        return sum(count for (code, _sheet, _column), count in self._counts.items() if code not in NOTICES)


def shown(value: object) -> str:
    """A value as a sentence quotes it: short, on one line."""
    text = "".join(sign if sign.isprintable() else "·" for sign in str(value))
    return text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + "…"
