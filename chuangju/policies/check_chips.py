"""答案标签 - what somebody has told, each answer in a few words; a tap leads back to its question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from chuangju.kernel.languages import reads_english
from chuangju.policies.check_answers import Answers
from chuangju.policies.check_questions import Question, question_book
from chuangju.policies.check_reading import say
from chuangju.policies.check_series import series_text
from chuangju.rules.facts import Fact
from chuangju.rules.given import clean_value
from chuangju.rules.kinds import Fault, Kind, Value
from chuangju.rules.saying_values import say_value
from chuangju.ventures.registers import dictionary

_SHOWN_FLAGS = 2


@dataclass(frozen=True)
class Chip:
    """An answer in a few words; a tap leads back to its question."""

    key: str
    text: str
    source: str = ""
    is_open: bool = False


def chips_of(answers: Answers, open_ones: Iterable[Question] = ()) -> list[Chip]:
    """What is known as chips in the order of the questions, then the next questions worth answering."""
    chips = []
    standpoint = answers.standpoint
    if standpoint is not None:
        chips.append(Chip("who", say(standpoint.name)))
    book, shown = question_book(), set(standpoint.facts if standpoint else ())
    keys = list(dict.fromkeys([*answers.answered, *_of_sources(answers)]))
    for key in keys:
        question = book.question(key)
        if question is None or set(question.facts) <= shown:
            continue
        text = _chip_text(question, answers)
        if text:
            sources = {answers.sources[one] for one in question.facts if one in answers.sources}
            chips.append(Chip(key, text, next(iter(sorted(sources)), "")))
    chips += [Chip(one.key, say(one.name), is_open=True) for one in open_ones]
    return chips


def _of_sources(answers: Answers) -> list[str]:
    found = [question_book().for_fact(key) for key in answers.sources]
    return [one.key for one in found if one is not None]


def _chip_text(question: Question, answers: Answers) -> str:
    values = {key: answers.given.get(key) for key in question.facts}
    main, fact = values[question.facts[0]], question.fact
    if question.kind == "flags":
        ticked = [say(dictionary().facts[key].name) for key, value in values.items() if value is True]
        if ticked:
            more = len(ticked) - _SHOWN_FLAGS
            text = _("、").join(ticked[:_SHOWN_FLAGS])
            return _("%(names)s 等 %(count)d 项") % {"names": text, "count": len(ticked)} if more > 0 else text
        return say(question.none_chip) if question.none_chip and False in values.values() else ""
    if main is None:
        return ""
    if main == [] and question.none_chip is not None:
        return say(question.none_chip)
    text = _rows_text(question, main, values) if question.kind == "rows" else _value_text(main, fact)
    if question.chip is not None:
        return say(question.chip).replace("{}", text)
    if question.kind in {"choice", "several"}:
        return text
    return f"{say(fact.name)} {text}"


def _rows_text(question: Question, rows: Any, values: Mapping[str, Any]) -> str:
    if question.key == "site" and values.get("monthly_rent") is not None:
        return _value_text(values["monthly_rent"], dictionary().facts["monthly_rent"])
    if question.key == "loans" and rows[0].get("principal") is not None:
        return _value_text(rows[0]["principal"], question.fact.fields["principal"])
    return str(len(rows))


def _value_text(value: Value, fact: Fact) -> str:
    if fact.kind is Kind.INTS:
        return series_text(value, fact)
    try:
        words = say_value(clean_value(value, fact), fact.kind, fact)
    except Fault:
        return ""
    if fact.kind is Kind.DATE and not reads_english():
        day = date.fromisoformat(value)
        return _("%(year)d年%(month)d月") % {"year": day.year, "month": day.month}
    return say(words)
