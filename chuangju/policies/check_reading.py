"""填写的回答 - what stands in a question's form, read into values; each problem is a sentence beside its field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from chuangju.kernel.languages import reads_english
from chuangju.policies.check_questions import Question
from chuangju.policies.check_series import read_series
from chuangju.rules.facts import Fact
from chuangju.rules.given import clean_value
from chuangju.rules.kinds import Fault, Kind, Words
from chuangju.rules.showing import show_value
from chuangju.ventures.registers import dictionary

_DAY = re.compile(r"(\d{4})[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月)?")
_MOST_ALIKE = 500
Form = Mapping[str, Sequence[str]]


@dataclass
class ReadAnswer:
    """The values by fact, and by field what is wrong; nothing is kept while anything is wrong."""

    given: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


def say(words: Words) -> str:
    """The words in the language of the page."""
    return words.en if reads_english() else words.zh


def read_answer(question: Question, form: Form, *, levels: Mapping[str, str] | None = None) -> ReadAnswer:
    """The answer that a form holds; `levels` gives the level of each policy that may be named in it."""
    found = ReadAnswer()
    if _one(form, "none"):
        found.given = dict(question.none_sets) or dict.fromkeys(question.facts, False)
        return found
    match question.kind:
        case "rows":
            _read_rows(question, form, found, levels or {})
        case "flags":
            ticked = set(form.get("value", ()))
            # Only what was shown was answered.
            found.given = {key: key in ticked for key in form.get("shown", ()) if key in question.facts}
        case "several":
            codes = [code for code in form.get("value", ()) if code]
            _keep(found, question.facts[0], codes, question.fact, "value")
        case _:
            text = _one(form, "value")
            if not text:
                found.problems["value"] = _("请选择或填写，不清楚可以跳过")
            else:
                _keep(found, question.facts[0], prepared(text, question.fact), question.fact, "value")
    return found


def prepared(text: str, fact: Fact) -> Any:
    """What people type, as the dictionary takes it: yuan without a unit, per cent without a sign, days in any writing."""
    plain = unicodedata.normalize("NFKC", text).strip()
    match fact.kind:
        case Kind.BOOL:
            return {"yes": True, "no": False}.get(plain, plain)
        case Kind.DATE:
            return day_of(plain)
        case Kind.MONEY if re.fullmatch(r"[\d,]+(\.\d{1,2})?", plain):
            return f"{plain}元"
        case Kind.RATE if re.fullmatch(r"\d+(\.\d{1,2})?", plain):
            return f"{plain}%"
        case Kind.INT:
            return plain.replace(",", "")
        case Kind.INTS:
            return read_series(plain, fact)
        case _:
            return plain


def day_of(text: str) -> str:
    """2026-03, 2026.3.1 or 2026年3月1日 as an ISO day; a month is its first day. Anything else stays as it is."""
    match = _DAY.fullmatch(text)
    if not match:
        return text
    return f"{match[1]}-{int(match[2]):02d}-{int(match[3] or 1):02d}"


def _one(form: Form, name: str) -> str:
    values = form.get(name, ())
    return values[0].replace("\x00", "").strip() if values else ""


def _keep(found: ReadAnswer, key: str, value: Any, fact: Fact, name: str) -> None:
    try:
        found.given[key] = show_value(clean_value(value, fact))
    except Fault as fault:
        found.problems[name] = say(fault.words)


def _read_rows(question: Question, form: Form, found: ReadAnswer, levels: Mapping[str, str]) -> None:
    record, rows = dictionary().facts[question.facts[0]], []
    for number in range(question.rows):
        texts = {name: _one(form, f"{number}-{name}") for name in question.fields}
        count_text = _one(form, f"{number}-count")
        if not any(texts.values()) and not count_text:
            continue
        row = _read_row(record, texts, number, found)
        if "policy" in row:
            row["level"] = levels.get(row["policy"])
        rows += [row] * _count(question, count_text, number, found)
    if not rows and not found.problems:
        found.problems["0-" + question.fields[0]] = _("请至少填一行；没有的请点“%(none)s”") % {
            "none": say(question.none) if question.none else ""
        }
    found.given[question.facts[0]] = rows
    for key, name in question.sums.items():
        amounts = [row.get(name) for row in rows]
        found.given[key] = None if None in amounts else sum(amounts)
    for key, source in question.mirrors.items():
        found.given[key] = found.given[source]


def _read_row(record: Fact, texts: Mapping[str, str], number: int, found: ReadAnswer) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, text in texts.items():
        fact = record.fields[name]
        if not text:
            continue
        value: Any = prepared(text, fact)
        if fact.kind is Kind.CODES:
            value = [] if text == "none" else [text]
        try:
            row[name] = show_value(clean_value(value, fact))
        except Fault as fault:
            found.problems[f"{number}-{name}"] = say(fault.words)
    begins, ends = row.get("from"), row.get("to")
    if begins and ends and date.fromisoformat(ends) < date.fromisoformat(begins):
        found.problems[f"{number}-to"] = _("结束日期不能早于开始日期")
    return row


def _count(question: Question, text: str, number: int, found: ReadAnswer) -> int:
    if not question.is_counted:
        return 1
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_ALIKE:
        found.problems[f"{number}-count"] = _("请填写人数，1 至 500")
        return 0
    return int(text)
