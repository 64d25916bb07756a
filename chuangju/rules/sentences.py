"""A tree in words, Chinese and English, so that an officer can hold the machine's reading against the label.

`tell` speaks of a bound tree (figures stand in it, the day asked about does not); given facts, it puts each one's value
behind its name: that is the amount's formula with the applicant's numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chuangju.rules.facts import Fact
from chuangju.rules.kinds import Kind, Value, Words
from chuangju.rules.saying_lists import tell_list, tell_months, tell_none_of
from chuangju.rules.saying_times import tell_between, tell_moved, tell_time_gone
from chuangju.rules.saying_values import COMPARISONS, lower_first, say_value
from chuangju.rules.transforms import MIRRORED
from chuangju.rules.tree import (
    Add,
    AddDays,
    AddMonths,
    Aggregate,
    And,
    Compare,
    Const,
    Contains,
    DaysBetween,
    Extremum,
    FactRef,
    Field,
    If,
    InSet,
    Item,
    MonthsBetween,
    MonthVar,
    Mul,
    MulDiv,
    Node,
    Not,
    Or,
    OverMonths,
    ParamRef,
    Sub,
    Today,
    WorkingDaysSince,
    YearOf,
    YearsBetween,
    YearStart,
)

_RATIO = 10_000
_OF_DAYS = COMPARISONS | {
    ">=": ("不早于", "not before"),
    "<=": ("不晚于", "not after"),
    "<": ("早于", "before"),
    ">": ("晚于", "after"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """What is told by a name of its own: whole parts (a total of points), and dated figures by their key."""

    parts: tuple[tuple[Node, Words], ...] = ()
    figures: Mapping[str, Words] = field(default_factory=dict)


_NO_NAMES = Names()


def tell(node: Node, facts: Mapping[str, Value] | None = None, names: Names = _NO_NAMES) -> Words:
    """The tree in words; with facts, each with its value."""
    teller = _Teller(facts, names)
    return teller.say(node) if facts is not None else teller.condition(node)


class _Teller:
    def __init__(self, facts: Mapping[str, Value] | None, names: Names) -> None:
        self._facts = facts
        self._names = names

    def say(self, node: Node) -> Words:
        named = next((words for part, words in self._names.parts if part == node), None)
        if named is not None:
            return named
        maker: Any = _MAKERS.get(type(node))
        return maker(self, node) if maker else Words("（…）", "(…)")

    def const(self, node: Const) -> Words:
        return say_value(node.value, node.kind, None)

    def fact(self, node: FactRef) -> Words:
        words = node.fact.name
        if self._facts is None or node.kind is Kind.RECORDS:
            return words
        value = say_value(self._facts.get(node.fact.key), node.kind, node.fact)
        return Words(f"{words.zh}（{value.zh}）", f"{words.en} ({value.en})")

    def logic(self, node: And | Or) -> Words:
        zh, en = ("，且", " and ") if isinstance(node, And) else ("，或", " or ")
        parts = [self._inner(one, isinstance(node, And)) for one in node.parts]
        return Words(zh.join(one.zh for one in parts), en.join(one.en for one in parts))

    def _inner(self, node: Node, is_and: bool) -> Words:  # noqa: FBT001 - private, named at its only call
        words = self.condition(node)
        if isinstance(node, Or if is_and else And):
            return Words(f"（{words.zh}）", f"({words.en})")
        return words

    def negation(self, node: Not) -> Words:
        part = node.part
        if isinstance(part, FactRef | Field):
            return Words(f"{part.fact.name.zh}：否", f"{part.fact.name.en}: no")
        if isinstance(part, InSet | Contains):
            return self.membership(part, inverse=True)
        if isinstance(part, Aggregate) and part.op == "any":
            return tell_none_of(part, self.condition)
        words = self.say(part)
        return Words(f"不满足“{words.zh}”", f"not ({words.en})")

    def condition(self, node: Node) -> Words:
        """A part of logic; a plain yes-or-no fact says that it is so."""
        words = self.say(node)
        if isinstance(node, FactRef | Field) and node.kind is Kind.BOOL:
            return Words(f"{words.zh}：是", f"{words.en}: yes")
        return words

    def comparison(self, node: Compare) -> Words:
        left, right, op = node.left, node.right, node.op
        if isinstance(left, Const) and not isinstance(right, Const):
            left, right, op = right, left, MIRRORED[op]
        zh, en = COMPARISONS[op]
        if isinstance(left, MonthsBetween | YearsBetween | DaysBetween) and isinstance(left.end, Today):
            return tell_time_gone(left, op, right, self.say)
        if isinstance(left, Mul) and left.right == Const(Kind.INT, _RATIO) and isinstance(right, Mul):
            return self._ratio(left.left, right)
        if isinstance(left, Today):
            border, (zh, en) = self.say(right), _OF_DAYS[op]
            return Words(f"申请日{zh}{border.zh}", f"the day is {en} {border.en}".replace(" is is ", " is "))
        of = next((one.fact for one in (left, right) if isinstance(one, FactRef | Field)), None)
        first, second = self._side(left, of), self._side(right, of)
        if isinstance(right, Const) and right.kind is Kind.BOOL:
            is_so = (op == "==") == bool(right.value)
            return Words(f"{first.zh}：{'是' if is_so else '否'}", f"{first.en}: {'yes' if is_so else 'no'}")
        if left.kind is Kind.TEXT:
            zh, en = ("是", "is") if op == "==" else ("不是", "is not")
        if left.kind is Kind.DATE:
            zh, en = _OF_DAYS[op]
        space = " " if second.zh[:1].isascii() else ""
        return Words(f"{first.zh}{zh}{space}{second.zh}", f"{first.en} {en} {second.en}")

    def _side(self, node: Node, of: Fact | None) -> Words:
        return say_value(node.value, node.kind, of) if isinstance(node, Const) else self.say(node)

    def _ratio(self, part: Node, right: Mul) -> Words:
        one, whole = self.say(part), self.say(right.left)
        rate = right.right
        words = say_value(rate.value, Kind.RATE, None) if isinstance(rate, Const) else self.say(_as_rate(rate))
        return Words(
            f"{one.zh}占{whole.zh}的比例不低于 {words.zh}", f"{one.en} at least {words.en} of {lower_first(whole.en)}"
        )

    def membership(self, node: InSet | Contains, *, inverse: bool = False) -> Words:
        source = node.part if isinstance(node, InSet) else node.source
        of = source.fact if isinstance(source, FactRef | Field) else None
        kind = source.kind if isinstance(node, InSet) else Kind.TEXT
        named = (node.shown or node.values) if isinstance(node, InSet) else node.values
        values = [say_value(one, kind, of) for one in named[:12]]
        more = ("等", " and others") if len(named) > len(values) else ("", "")
        zh, en = "、".join(one.zh for one in values) + more[0], ", ".join(one.en for one in values) + more[1]
        words = self.say(source)
        if isinstance(node, Contains):
            every = node.every and len(node.values) > 1
            verb = ("不含" if inverse else "含") + ("全部：" if every else "")
            return Words(
                f"{words.zh}{verb}{zh}",
                f"{words.en} {'without' if inverse else 'with'} {'all of ' if every else ''}{en}",
            )
        if not node.values:
            return Words(
                f"{words.zh}{'不' if inverse else ''}在名单内", f"{words.en} is {'not ' if inverse else ''}on the list"
            )
        one_of = "之一" if len(named) > 1 else ""
        return Words(
            f"{words.zh}{'不' if inverse else ''}是{zh}{one_of}", f"{words.en} is {'not ' if inverse else ''}{en}"
        )

    def arithmetic(self, node: Add | Sub | Mul) -> Words:
        sign = {Add: "+", Sub: "-", Mul: "×"}[type(node)]
        left, right = self._factor(node.left, node), self._factor(node.right, node)
        if isinstance(node, Mul) and node.right == Const(Kind.INT, 1):
            return left
        return Words(f"{left.zh} {sign} {right.zh}", f"{left.en} {sign} {right.en}")

    def _factor(self, node: Node, above: Node) -> Words:
        words = self.say(node)
        if isinstance(node, Add | Sub) and not isinstance(above, Add):
            return Words(f"（{words.zh}）", f"({words.en})")
        return words

    def share(self, node: MulDiv) -> Words:
        left = self._factor(node.left, node)
        if node.purpose == "mean":
            series = node.left.source.fact.name if isinstance(node.left, Aggregate) else Words("各季", "quarters")
            return Words(f"{series.zh}的平均值", f"mean of {lower_first(series.en)}")
        right = self._factor(node.right, node)
        if node.purpose == "prorate":
            whole = self.say(node.divisor)
            return Words(f"{left.zh} × {right.zh} ÷ {whole.zh}", f"{left.en} × {right.en} ÷ {whole.en}")
        if node.purpose == "interest":
            basis = str(node.divisor.value // _RATIO) if isinstance(node.divisor, Const) else "365"
            return Words(f"{left.zh} × {right.zh}（天）÷ {basis}", f"{left.en} × {right.en} (days) ÷ {basis}")
        return Words(f"{left.zh} × {right.zh}", f"{left.en} × {right.en}")

    def choice(self, node: If) -> Words:
        condition, yes, no = self.condition(node.condition), self.say(node.yes), self.say(node.no)
        if isinstance(node.no, Const) and node.no.value is None:
            return yes
        return Words(f"（{condition.zh}的为 {yes.zh}，否则 {no.zh}）", f"({yes.en} if {condition.en}, else {no.en})")

    def extremum(self, node: Extremum) -> Words:
        parts = [self.say(one) for one in node.parts]
        if node.greatest and len(parts) == 2 and node.parts[1] == Const(node.kind, 0):  # noqa: PLR2004 - never below nothing
            return parts[0]
        if node.purpose == "deduct":
            limit, total = parts
            return Words(f"依次抵减 {total.zh}，以 {limit.zh} 为限", f"deduct in order {total.en}, up to {limit.en}")
        zh, en = ("取最大", "the greatest of") if node.greatest else ("取最小", "the least of")
        return Words(f"{zh}（{'，'.join(one.zh for one in parts)}）", f"{en} ({', '.join(one.en for one in parts)})")

    def year(self, node: YearOf | YearStart) -> Words:
        part = self.say(node.part)
        return Words(f"{part.zh}所在年度", f"the year of {lower_first(part.en)}")

    def aggregate(self, node: Aggregate) -> Words:
        return tell_list(node, self.say, self.condition)

    def months(self, node: OverMonths) -> Words:
        return tell_months(node, self.say, self.condition)

    def working_days(self, node: WorkingDaysSince) -> Words:
        start = self.say(node.start)
        return Words(f"自{start.zh}起的工作日数", f"working days since {lower_first(start.en)}")

    def figure(self, node: ParamRef) -> Words:
        words = self._names.figures.get(node.name, Words(node.name, node.name))
        return Words(f"当月的{words.zh}", f"{lower_first(words.en)} of the month")


def _as_rate(node: Node) -> Node:
    """The rate inside a product that made a plain number of it."""
    return node.left if isinstance(node, Mul) and node.right == Const(Kind.INT, 1) else node


_MAKERS: dict[type[Node], Any] = {
    Const: _Teller.const,
    FactRef: _Teller.fact,
    Field: lambda _self, node: node.fact.name,
    And: _Teller.logic,
    Or: _Teller.logic,
    Not: _Teller.negation,
    Compare: _Teller.comparison,
    InSet: _Teller.membership,
    Contains: _Teller.membership,
    Add: _Teller.arithmetic,
    Sub: _Teller.arithmetic,
    Mul: _Teller.arithmetic,
    MulDiv: _Teller.share,
    If: _Teller.choice,
    Extremum: _Teller.extremum,
    AddMonths: lambda self, node: tell_moved(node, self.say),
    AddDays: lambda self, node: tell_moved(node, self.say),
    MonthsBetween: lambda self, node: tell_between(node, self.say),
    YearsBetween: lambda self, node: tell_between(node, self.say),
    DaysBetween: lambda self, node: tell_between(node, self.say),
    YearOf: _Teller.year,
    YearStart: _Teller.year,
    Aggregate: _Teller.aggregate,
    OverMonths: _Teller.months,
    WorkingDaysSince: _Teller.working_days,
    ParamRef: _Teller.figure,
    MonthVar: lambda _self, _node: Words("当月", "the month"),
    Item: lambda _self, _node: Words("该项", "the value"),
    Today: lambda _self, _node: Words("申请日", "the day of application"),
}
