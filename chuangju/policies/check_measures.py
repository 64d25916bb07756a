"""本人数值 - what a condition measures of somebody and what it asks for: "20 months, at most 36", "0 people, 1 needed".

Read off the condition's own tree, so that a policy needs nothing written for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangju.kernel.languages import reads_english
from chuangju.rules.amounts import write_money, write_money_en
from chuangju.rules.closures import Function, compile_tree
from chuangju.rules.explain import ConditionAnswer
from chuangju.rules.kinds import NUMBERS, Kind, Value
from chuangju.rules.program import ConditionProgram
from chuangju.rules.saying_values import say_value
from chuangju.rules.transforms import with_today
from chuangju.rules.tree import (
    Aggregate,
    And,
    Compare,
    Const,
    DaysBetween,
    FactRef,
    MonthsBetween,
    Mul,
    Node,
    Today,
    YearsBetween,
    walk,
)
from chuangju.ventures.registers import dictionary

_SPANS: dict[type[Node], str] = {MonthsBetween: "months", YearsBetween: "years", DaysBetween: "days"}
_SHOWN_CODES = 3


@dataclass(frozen=True, slots=True)
class _Measure:
    left: Function
    right: Function
    op: str
    unit: str
    of: str
    since_today: bool
    whole: Function


@lru_cache(maxsize=1024)
def _measures_of(program: ConditionProgram, day: date) -> tuple[_Measure, ...]:
    """The numeric comparisons of a condition, itself or the parts that must all hold."""
    bound = with_today(program.bound, Const(Kind.DATE, day))
    parts = bound.parts if isinstance(bound, And) else (bound,)
    found = []
    originals = program.bound.parts if isinstance(program.bound, And) else (program.bound,)
    for part, original in zip(parts, originals, strict=True):
        if not isinstance(part, Compare) or part.left.kind not in NUMBERS or part.op == "!=":
            continue
        if isinstance(part.left, Mul) or not any(isinstance(one, FactRef) for one in walk(part.left)):
            continue
        is_span = (
            isinstance(original, Compare)
            and isinstance(original.left, MonthsBetween | YearsBetween | DaysBetween)
            and original.left.end == Today(Kind.DATE)
        )
        unit, of = _unit(part.left)
        found.append(
            _Measure(
                compile_tree(part.left),
                compile_tree(part.right),
                part.op,
                unit,
                of,
                is_span,
                compile_tree(part),
            )
        )
    return tuple(found)


def _unit(node: Node) -> tuple[str, str]:
    if isinstance(node, YearsBetween) and isinstance(node.start, FactRef) and node.start.fact.key.endswith(_BORN):
        return "age", ""
    if type(node) in _SPANS:
        return _SPANS[type(node)], ""
    if node.kind is Kind.MONEY:
        return "money", ""
    if node.kind is Kind.RATE:
        return "rate", ""
    refs = [one for one in walk(node) if isinstance(one, FactRef)]
    if isinstance(node, Aggregate):
        return ("people" if node.source.fact.unit.zh == "人" or node.source.fact.key in _PEOPLE else "items"), ""
    return ("people" if refs and refs[0].fact.unit.zh == "人" else "plain"), refs[0].fact.key if refs else ""


_PEOPLE = frozenset({"employees", "trainees"})
_BORN = "born_on"


def own_value(answer: ConditionAnswer, facts: Mapping[str, Value], on: date) -> str:
    """What somebody's own value is, and where it fails what is asked for; empty where there is nothing to add."""
    measures = _measures_of(answer.program, on)
    chosen = next((one for one in measures if one.whole(facts, None) is answer.answer), None)
    if chosen is None:
        return _plain_value(answer)
    have, want = chosen.left(facts, None), chosen.right(facts, None)
    if have is None:
        return ""
    had = say_measure(have, chosen)
    if answer.answer is not False or want is None:
        return _("已 %(had)s") % {"had": had} if chosen.since_today and chosen.unit != "age" else had
    asked = say_measure(want, chosen)
    if chosen.op in {">=", ">"}:
        return _("现 %(had)s，需 %(asked)s") % {"had": had, "asked": asked}
    return _("现 %(had)s，不超过 %(asked)s") % {"had": had, "asked": asked}


def say_measure(value: int, measure: Any) -> str:
    """A number with its unit."""
    return say_quantity(value, measure.unit, measure.of)


def say_quantity(value: int, unit: str, of: str = "") -> str:
    """A number with its unit: months, years, days, people, items, money, rate."""
    match unit:
        case "money":
            return write_money_en(value) if reads_english() else write_money(value)
        case "rate":
            return say_value(value, Kind.RATE, None).zh
        case "months":
            return ngettext("%(count)d 个月", "%(count)d 个月", value) % {"count": value}
        case "age":
            return ngettext("%(count)d 岁", "%(count)d 岁", value) % {"count": value}
        case "years":
            return ngettext("%(count)d 年", "%(count)d 年", value) % {"count": value}
        case "days":
            return ngettext("%(count)d 天", "%(count)d 天", value) % {"count": value}
        case "people":
            return ngettext("%(count)d 人", "%(count)d 人", value) % {"count": value}
        case "items":
            return ngettext("%(count)d 项", "%(count)d 项", value) % {"count": value}
    words = say_value(value, Kind.INT, dictionary().facts.get(of))
    return words.en if reads_english() else words.zh


def _plain_value(answer: ConditionAnswer) -> str:
    """The value of a condition that asks after one fact with a name of its own: a town, a kind of business, a day."""
    if len(answer.values) != 1 or answer.answer is None:
        return ""
    key, value = next(iter(answer.values.items()))
    fact = dictionary().facts[key]
    if (
        fact.kind not in {Kind.TEXT, Kind.DATE, Kind.CODES}
        or value is None
        or (fact.kind is Kind.TEXT and not fact.codes)
    ):
        return ""
    shown = value[:_SHOWN_CODES] if fact.kind is Kind.CODES else value
    words = say_value(shown, fact.kind, fact)
    return words.en if reads_english() else words.zh
