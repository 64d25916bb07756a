"""The functions of the language, each with the kinds that it takes and gives. There are no others."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable
from typing import cast, get_args

from chuangju.rules.kinds import LISTS, NUMBERS, Kind
from chuangju.rules.parser_loops import AGGREGATES, literal_count, read_aggregate
from chuangju.rules.reading import Reading
from chuangju.rules.tree import (
    Add,
    AddDays,
    AddMonths,
    Aggregate,
    BandRef,
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
    Mul,
    MulDiv,
    Node,
    ParamRef,
    Rounding,
    Today,
    WorkingDaysSince,
    YearOf,
    YearsBetween,
)

_DAY_COUNTS = {"act/365": 365, "act/360": 360, "30/360": 360}
_QUARTER_ENDS = 8


def read_call(reading: Reading, node: ast.Call) -> Node:
    """One call of a function of the language."""
    if not isinstance(node.func, ast.Name):
        raise reading.fault(node, "只能调用语言自带的函数", "only the language's own functions can be called")
    if node.keywords:
        raise reading.fault(node, "参数不写名称", "arguments are written without names")
    name = node.func.id
    if name in {"min", "max"} and not (len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp)):
        return _extremum(reading, node, greatest=name == "max")
    if name in AGGREGATES:
        _count_arguments(reading, node, 1, 1)
        return read_aggregate(reading, node, AGGREGATES[name], node.args[0])
    entry = FUNCTIONS.get(name)
    if entry is None:
        near = difflib.get_close_matches(name, [*FUNCTIONS, *AGGREGATES], 1)
        zh, en = (f"，是不是 {near[0]}？", f"; is it {near[0]}?") if near else ("", "")
        raise reading.fault(node, f"没有“{name}”这个函数{zh}", f"there is no function “{name}”{en}")
    read, least, most = entry
    _count_arguments(reading, node, least, most)
    return read(reading, node)


def _count_arguments(reading: Reading, node: ast.Call, least: int, most: int) -> None:
    count, name = len(node.args), cast("ast.Name", node.func).id
    if any(isinstance(one, ast.Starred) for one in node.args):
        raise reading.fault(node, "不能使用 *", "* is not allowed")
    if not least <= count <= most:
        wanted = str(least) if least == most else f"{least}–{most}"
        raise reading.fault(
            node, f"{name} 要 {wanted} 个参数，写了 {count} 个", f"{name} takes {wanted} arguments, not {count}"
        )


def _extremum(reading: Reading, node: ast.Call, *, greatest: bool) -> Node:
    _count_arguments(reading, node, 2, 20)
    parts = [reading.read_as(one, *NUMBERS, Kind.DATE) for one in node.args]
    kind = next((part.kind for part in parts if part != Const(Kind.INT, 0)), Kind.INT)
    like = Const(kind, None)
    return Extremum(
        kind, greatest, tuple(reading.alike(at, part, like)[0] for at, part in zip(node.args, parts, strict=True))
    )


def _since(make: Callable[[Kind, Node, Node], Node]) -> Callable[[Reading, ast.Call], Node]:
    def _read(reading: Reading, node: ast.Call) -> Node:
        return make(Kind.INT, reading.read_as(node.args[0], Kind.DATE), Today(Kind.DATE))

    return _read


def _between(make: Callable[[Kind, Node, Node], Node]) -> Callable[[Reading, ast.Call], Node]:
    def _read(reading: Reading, node: ast.Call) -> Node:
        return make(Kind.INT, reading.read_as(node.args[0], Kind.DATE), reading.read_as(node.args[1], Kind.DATE))

    return _read


def _working_days_since(reading: Reading, node: ast.Call) -> Node:
    return WorkingDaysSince(Kind.INT, reading.read_as(node.args[0], Kind.DATE))


def _add_months(reading: Reading, node: ast.Call) -> Node:
    return AddMonths(Kind.DATE, reading.read_as(node.args[0], Kind.DATE), reading.read_as(node.args[1], Kind.INT))


def _add_years(reading: Reading, node: ast.Call) -> Node:
    years = reading.read_as(node.args[1], Kind.INT)
    months = (
        Const(Kind.INT, years.value * 12) if isinstance(years, Const) else Mul(Kind.INT, years, Const(Kind.INT, 12))
    )
    return AddMonths(Kind.DATE, reading.read_as(node.args[0], Kind.DATE), months)


def _add_days(reading: Reading, node: ast.Call) -> Node:
    return AddDays(Kind.DATE, reading.read_as(node.args[0], Kind.DATE), reading.read_as(node.args[1], Kind.INT))


def _year_of(reading: Reading, node: ast.Call) -> Node:
    return YearOf(Kind.INT, reading.read_as(node.args[0], Kind.DATE))


def _rounding(reading: Reading, node: ast.Call, position: int) -> Rounding:
    if len(node.args) <= position:
        return reading.scope.rounding
    found = reading.read_as(node.args[position], Kind.TEXT)
    if not isinstance(found, Const) or found.value not in get_args(Rounding):
        names = "、".join(get_args(Rounding))
        raise reading.fault(node.args[position], f"舍入方式要写 {names} 之一", f"rounding must be one of {names}")
    return cast("Rounding", found.value)


def _share_of(reading: Reading, node: ast.Call) -> Node:
    amount = reading.read_as(node.args[0], Kind.MONEY, Kind.INT)
    rate = reading.read_as(node.args[1], Kind.RATE)
    return MulDiv(amount.kind, amount, rate, Const(Kind.INT, 10_000), _rounding(reading, node, 2), "share")


def _prorate(reading: Reading, node: ast.Call) -> Node:
    amount = reading.read_as(node.args[0], Kind.MONEY, Kind.INT)
    part, whole = reading.read_as(node.args[1], Kind.INT), reading.read_as(node.args[2], Kind.INT)
    return MulDiv(amount.kind, amount, part, whole, _rounding(reading, node, 3), "prorate")


def _interest(reading: Reading, node: ast.Call) -> Node:
    principal = reading.read_as(node.args[0], Kind.MONEY)
    rate, days = reading.read_as(node.args[1], Kind.RATE), reading.read_as(node.args[2], Kind.INT)
    basis = reading.read_as(node.args[3], Kind.TEXT)
    if not isinstance(basis, Const) or basis.value not in _DAY_COUNTS:
        names = "、".join(_DAY_COUNTS)
        raise reading.fault(node.args[3], f"计息方式要写 {names} 之一", f"the day count must be one of {names}")
    divisor = Const(Kind.INT, 10_000 * _DAY_COUNTS[basis.value])
    product = Mul(Kind.RATE, rate, days)
    return MulDiv(Kind.MONEY, principal, product, divisor, _rounding(reading, node, 4), "interest")


def _ratio_at_least(reading: Reading, node: ast.Call) -> Node:
    part = reading.read_as(node.args[0], Kind.INT, Kind.MONEY)
    whole = reading.read_as(node.args[1], part.kind)
    rate = reading.read_as(node.args[2], Kind.RATE)
    left = Mul(Kind.INT, _as_int(part), Const(Kind.INT, 10_000))
    return Compare(Kind.BOOL, ">=", left, Mul(Kind.INT, _as_int(whole), _as_int(rate)))


def _as_int(node: Node) -> Node:
    """The number itself, without its kind: a product of two amounts has none."""
    if isinstance(node, Const):
        return Const(Kind.INT, node.value)
    return node if node.kind is Kind.INT else Mul(Kind.INT, node, Const(Kind.INT, 1))


def _by_band(reading: Reading, node: ast.Call) -> Node:
    name = node.args[0].id if isinstance(node.args[0], ast.Name) else ""
    parameter = reading.scope.parameter(name)
    if parameter is None or not parameter.is_banded:
        raise reading.fault(node.args[0], "这里要一个分档的参数", "a parameter with bands belongs here")
    return BandRef(
        parameter.kind, name, reading.read_as(node.args[1], *(parameter.size_kinds or {Kind.INT, Kind.MONEY}))
    )


def _at(reading: Reading, node: ast.Call) -> Node:
    name = node.args[0].id if isinstance(node.args[0], ast.Name) else ""
    parameter = reading.scope.parameter(name)
    if parameter is None or parameter.is_banded:
        raise reading.fault(node.args[0], "这里要一个参数", "a parameter belongs here")
    return ParamRef(parameter.kind, name, reading.read_as(node.args[1], Kind.DATE))


def _deduct_in_order(reading: Reading, node: ast.Call) -> Node:
    limit, *taxes = (reading.read_as(one, Kind.MONEY) for one in node.args)
    total = taxes[0]
    for tax in taxes[1:]:
        total = Add(Kind.MONEY, total, tax)
    return Extremum(Kind.MONEY, greatest=False, parts=(limit, total), purpose="deduct")


def _quarter_mean(reading: Reading, node: ast.Call) -> Node:
    source = reading.read_as(node.args[0], Kind.INTS)
    if not isinstance(source, FactRef):
        raise reading.fault(node.args[0], "这里要一个数列", "a series belongs here")
    is_whole = Compare(Kind.BOOL, "==", Aggregate(Kind.INT, "count", source), Const(Kind.INT, _QUARTER_ENDS))
    kind = source.fact.items
    total = Aggregate(kind, "sum", source, Item(kind))
    mean = MulDiv(kind, total, Const(Kind.INT, 1), Const(Kind.INT, _QUARTER_ENDS), "up", "mean")
    return If(kind, is_whole, mean, Const(kind, None))


def _has(*, every: bool) -> Callable[[Reading, ast.Call], Node]:
    def _read(reading: Reading, node: ast.Call) -> Node:
        # Nothing else is a list of codes.
        source = cast("FactRef | Field", reading.read_as(node.args[0], Kind.CODES))
        return Contains(Kind.BOOL, source, reading.values_of(node.args[1], source), every)

    return _read


def _size(reading: Reading, node: ast.Call) -> Node:
    source = reading.read_as(node.args[0], *sorted(LISTS))
    if not isinstance(source, FactRef):
        raise reading.fault(node.args[0], "这里要一个明细或列表", "a list belongs here")
    return Aggregate(Kind.INT, "count", source)


def _has_prefix(reading: Reading, node: ast.Call) -> Node:
    part = reading.read_as(node.args[0], Kind.TEXT)
    codes = part.fact.codes if isinstance(part, FactRef | Field) else None
    if codes is None:
        raise reading.fault(node.args[0], "这里要一个有代码表的数据项", "a fact with a code list belongs here")
    if not isinstance(node.args[1], ast.Set | ast.List | ast.Tuple):
        raise reading.fault(node.args[1], "这里要一组前缀，如 {'C', 'I65'}", "a set of prefixes belongs here")
    found: list[str] = []
    for one in node.args[1].elts:
        prefix = reading.read_as(one, Kind.TEXT)
        below = codes.starting_with(prefix.value) if isinstance(prefix, Const) else ()
        if not below:
            raise reading.fault(one, f"{codes.name.zh}里没有这样开头的代码", f"no code of {codes.name.en} begins so")
        found += [code for code in below if code not in found]
    return InSet(Kind.BOOL, part, tuple(found))


def _has_run(reading: Reading, node: ast.Call) -> Node:
    return read_aggregate(reading, node, "run", node.args[0], literal_count(reading, node.args[1], 1000))


FUNCTIONS: dict[str, tuple[Callable[[Reading, ast.Call], Node], int, int]] = {
    "months_since": (_since(MonthsBetween), 1, 1),
    "years_since": (_since(YearsBetween), 1, 1),
    "days_since": (_since(DaysBetween), 1, 1),
    "working_days_since": (_working_days_since, 1, 1),
    "months_between": (_between(MonthsBetween), 2, 2),
    "years_between": (_between(YearsBetween), 2, 2),
    "days_between": (_between(DaysBetween), 2, 2),
    "add_months": (_add_months, 2, 2),
    "add_years": (_add_years, 2, 2),
    "add_days": (_add_days, 2, 2),
    "year_of": (_year_of, 1, 1),
    "share_of": (_share_of, 2, 3),
    "prorate": (_prorate, 3, 4),
    "interest": (_interest, 4, 5),
    "ratio_at_least": (_ratio_at_least, 3, 3),
    "by_band": (_by_band, 2, 2),
    "at": (_at, 2, 2),
    "deduct_in_order": (_deduct_in_order, 2, 10),
    "quarter_mean": (_quarter_mean, 1, 1),
    "has_any": (_has(every=False), 2, 2),
    "has_all": (_has(every=True), 2, 2),
    "size": (_size, 1, 1),
    "has_prefix": (_has_prefix, 2, 2),
    "has_run": (_has_run, 2, 2),
}
