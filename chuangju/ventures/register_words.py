"""Findings in the reader's language: what is wrong with a register, named by sheet, row and column."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chuangju.papers.grids import UnreadableFile
from chuangju.papers.sentences import say_refusal
from chuangju.rules.facts import Fact
from chuangju.rules.kinds import KIND_NAMES, Words
from chuangju.ventures.models import RegisterSnapshot
from chuangju.ventures.registers import dictionary
from chuangju.ventures.registers.findings import NOTICES, SENTENCES, TEXTS


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding as a page shows it."""

    row: int | None
    sheet: str
    column: str
    text: str
    code: str
    is_notice: bool


@dataclass(frozen=True, slots=True)
class ShownCount:
    """How many findings of a kind there are in a column."""

    code: str
    label: str
    column: str
    sheet: str
    count: int
    is_notice: bool


# What each kind of finding is called in a summary; docs/registers.md lists the codes.
def kind_labels() -> dict[str, str]:
    """The kinds of findings, in a few words."""
    return {
        "wrong_type": _("类型不对"),
        "not_whole": _("不是整数"),
        "too_fine": _("过于精细"),
        "impossible_date": _("日期不存在"),
        "future_date": _("日期晚于数据日期"),
        "out_of_bounds": _("超出范围"),
        "negative_money": _("金额为负"),
        "unknown_code": _("未知代码"),
        "bad_credit_code": _("信用代码有误"),
        "missing_id": _("缺少编号"),
        "duplicate_id": _("编号重复"),
        "orphan": _("没有对应的企业"),
        "ends_before_start": _("先后颠倒"),
        "too_many_items": _("项数过多"),
        "hidden_signs": _("含控制字符"),
        "too_long": _("文字过长"),
        "error_cell": _("公式错误"),
        "formula_without_value": _("公式没有结果"),
        "surplus_cells": _("多余的单元格"),
        "wrong_column": _("整列类型不对"),
        "duplicate_column": _("重复的列"),
        "unknown_column": _("未认出的列"),
        "missing_column": _("缺少的列"),
        "unread_sheet": _("未采用的表"),
    }


def said(words: Words) -> str:
    """The dictionary's words in the reader's language."""
    return words.en if (get_language() or "").startswith("en") else words.zh


def column_name(label: str) -> str:
    """What a finding's column is called: the dictionary's name for a key, the file's own for any other."""
    fact, field = _fact_of(label)
    if fact is None:
        return label
    return said(fact.name) if field is None else f"{said(fact.name)}·{said(field.name)}"


def findings_of(snapshot: RegisterSnapshot) -> list[ShownFinding]:
    """The findings that were kept, faults before notices, in the order of the file."""
    found = [_shown(each) for each in report_of(snapshot).get("findings", [])]
    return sorted(found, key=lambda each: (each.is_notice, each.sheet, each.row is not None, each.row or 0))


def counts_of(snapshot: RegisterSnapshot) -> list[ShownCount]:
    """How many findings there are by kind and column, faults before notices."""
    labels = kind_labels()
    return [
        ShownCount(
            each["code"],
            labels.get(each["code"], each["code"]),
            column_name(each["column"]),
            each["sheet"],
            each["count"],
            each["code"] in NOTICES,
        )
        for each in report_of(snapshot).get("counts", [])
    ]


def report_of(snapshot: RegisterSnapshot) -> dict[str, Any]:
    """The report as it was kept; empty before the check."""
    found: dict[str, Any] = json.loads(snapshot.report) if snapshot.report else {}
    return found


def columns_of(snapshot: RegisterSnapshot) -> list[dict[str, Any]]:
    """The columns of the files' list of enterprises; empty before the check."""
    found: list[dict[str, Any]] = json.loads(snapshot.columns) if snapshot.columns else []
    return found


def problem_of(snapshot: RegisterSnapshot) -> str:
    """Why the files cannot be used, in the reader's language."""
    told = UnreadableFile(snapshot.problem, code=snapshot.problem_code, params=snapshot.problem_params)
    return say_refusal(told, _, SENTENCES)


def _shown(each: dict[str, Any]) -> ShownFinding:
    code, params = each["code"], dict(each["params"])
    fact, field = _fact_of(each["column"])
    known = field or fact
    if known is not None:
        params["kind"] = said(Words(*KIND_NAMES[known.kind]))
        params["list"] = said(known.codes.name) if known.codes else ""
    if "other_key" in params and fact is not None:
        other = fact.fields.get(params["other_key"]) or dictionary().facts.get(params["other_key"])
        params["other"] = said(other.name) if other else params["other"]
    text = _(TEXTS[code]) % params if code in TEXTS else code
    return ShownFinding(each["row"], each["sheet"], column_name(each["column"]), text, code, code in NOTICES)


def _fact_of(label: str) -> tuple[Fact | None, Fact | None]:
    key, _dot, name = label.partition(".")
    fact = dictionary().facts.get(key)
    return fact, fact.fields.get(name) if fact is not None else None
