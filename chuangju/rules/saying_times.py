"""Days, months and years in words: how long ago, from one day to another, so much later."""

from __future__ import annotations

from collections.abc import Callable

from chuangju.rules.kinds import Words
from chuangju.rules.saying_values import lower_first
from chuangju.rules.tree import AddDays, AddMonths, DaysBetween, FactRef, MonthsBetween, Node, YearsBetween

Say = Callable[[Node], Words]
Counted = MonthsBetween | YearsBetween | DaysBetween
_COUNTS: dict[type[Node], tuple[str, str]] = {
    MonthsBetween: ("个月", "months"),
    YearsBetween: ("年", "years"),
    DaysBetween: ("天", "days"),
}


def tell_time_gone(left: Counted, op: str, right: Node, say: Say) -> Words:
    """How long it must have been since a day: 满 12 个月; of a birthday, an age."""
    start, number, (unit, unit_en) = say(left.start), say(right), _COUNTS[type(left)]
    is_age = (
        isinstance(left, YearsBetween) and isinstance(left.start, FactRef) and left.start.fact.key.endswith("born_on")
    )
    word, word_en = {
        ">=": ("满", "at least"),
        ">": ("超过", "more than"),
        "<=": ("不超过", "no more than"),
        "<": ("未满", "less than"),
        "==": ("正好", "just"),
        "!=": ("不是", "not"),
    }[op]
    if is_age:
        return Words(f"年龄{word} {number.zh} 周岁", f"aged {word_en} {number.en}")
    return Words(
        f"自{start.zh}起{word} {number.zh} {unit}", f"{word_en} {number.en} {unit_en} since {lower_first(start.en)}"
    )


def tell_moved(node: AddMonths | AddDays, say: Say) -> Words:
    """A date moved by months or days."""
    start = say(node.start)
    number = say(node.months if isinstance(node, AddMonths) else node.days)
    zh, en = ("个月", "months") if isinstance(node, AddMonths) else ("天", "days")
    return Words(f"{start.zh}后 {number.zh} {zh}", f"{number.en} {en} after {lower_first(start.en)}")


def tell_between(node: Counted, say: Say) -> Words:
    """The time from one day to another."""
    (zh, en), start, end = _COUNTS[type(node)], say(node.start), say(node.end)
    return Words(
        f"{start.zh}至{end.zh}的{zh.removeprefix('个')}数",
        f"{en} from {lower_first(start.en)} to {lower_first(end.en)}",
    )
