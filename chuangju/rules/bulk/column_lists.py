"""Figures over lists as Polars expressions: element by element first, then counted, so that nothing unknown is skipped."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

import polars as pl

from chuangju.rules.bulk.column_days import FIRST_DAY, LAST_DAY, Let
from chuangju.rules.kinds import FAR, INT64, Kind
from chuangju.rules.tree import Aggregate, Node

DTYPES: dict[Kind, Any] = {
    Kind.BOOL: pl.Boolean(),
    Kind.INT: pl.Int64(),
    Kind.MONEY: pl.Int64(),
    Kind.RATE: pl.Int64(),
    Kind.DATE: pl.Date(),
    Kind.TEXT: pl.String(),
}
Outer = tuple[Node, pl.Expr, pl.DataType]
UNKNOWN = pl.lit(None, dtype=pl.Boolean)
_ELEMENT, _OUTER = "element", "outer"
_YES, _NO, _UNSURE = "y", "n", "u"


class Element:
    """The elements of a list, with columns of their own beside each where its parts ask for them.

    Expressions over elements cannot see other columns. What is said of the applicant comes along in an element of its own
    at the head of the list, from where it is given to every other; what is used more than once is worked out beside them.
    """

    def __init__(self, source: pl.Expr, dtype: pl.DataType, outer: Sequence[Outer], *, is_wide: bool) -> None:
        """A list of this type; `outer` are columns with their types; `is_wide` where more columns will be asked for."""
        self._names = {node: f"{_OUTER}{place}" for place, (node, _, _) in enumerate(outer)}
        self._is_wide = is_wide or bool(outer)
        self._fields: list[str] = []
        self._source = self._with_outer(source, dtype, outer) if outer else source
        if self._is_wide and not outer:
            self._widen(pl.element().alias(_ELEMENT))
            self._fields = [_ELEMENT]

    def _with_outer(self, source: pl.Expr, dtype: pl.DataType, outer: Sequence[Outer]) -> pl.Expr:
        inner = dtype.inner if isinstance(dtype, pl.List) else pl.Null()
        held = [found.alias(self._names[node]) for node, found, _ in outer]
        nothing = [pl.lit(None, dtype=one).alias(self._names[node]) for node, _, one in outer]
        head = pl.concat_list(pl.struct(pl.lit(None, dtype=inner).alias(_ELEMENT), *held))
        tail = source.list.eval(pl.struct(pl.element().alias(_ELEMENT), *nothing))
        self._fields = [_ELEMENT, *self._names.values()]
        given = [pl.element().struct.field(name).first().alias(name) for name in self._names.values()]
        every = pl.struct(pl.element().struct.field(_ELEMENT), *given)
        return pl.concat_list(head, tail).list.eval(every).list.slice(1)

    def _widen(self, *more: pl.Expr) -> None:
        kept = (pl.element().struct.field(name) for name in self._fields)
        self._source = self._source.list.eval(pl.struct(*kept, *more))

    def whole(self) -> pl.Expr:
        """The element itself."""
        return pl.element().struct.field(_ELEMENT) if self._is_wide else pl.element()

    def outer(self, node: Node) -> pl.Expr:
        """What is said of the applicant."""
        return pl.element().struct.field(self._names[node])

    def let(self, expression: pl.Expr) -> pl.Expr:
        """The expression as a column beside the element, where the list has such."""
        if not self._is_wide:
            return expression
        name = f"let {len(self._fields)}"
        self._widen(expression.alias(name))
        self._fields.append(name)
        return pl.element().struct.field(name)

    def settle(self, let: Let) -> None:
        """No more columns will come: the list with them is worked out once."""
        if self._is_wide:
            self._source = let(self._source)

    def each(self, expression: pl.Expr) -> pl.Expr:
        """The list of the expression's values; one that speaks of no element is still said of each."""
        return self._source.list.eval(pl.when(pl.element().is_null().is_not_null()).then(expression))

    def number(self, expression: pl.Expr) -> pl.Expr:
        """For how many elements the expression is yes; unknown for an unknown list."""
        return self.each(expression).list.count_matches(True).cast(pl.Int64)


def aggregate(node: Aggregate, element: Element, body: pl.Expr | None, where: pl.Expr | None) -> pl.Expr:
    """The figure; unknown where the list is, or where an element cannot be judged."""
    if node.op in {"count", "any", "run"}:
        return _of_judged(node, element, body, where)
    if node.op == "all":
        return _all(element, body, where)
    kept = pl.lit(True) if where is None else where
    value = UNKNOWN if body is None else body
    is_unsure = _is_some(element.number(kept.is_null() | (kept & value.is_null())))
    return pl.when(~is_unsure).then(_FIGURES[node.op](node, element, kept, value))


def contains(source: pl.Expr, values: Sequence[str], *, every: bool) -> pl.Expr:
    """Whether a list of codes holds one (all) of these; a code in it that is unknown leaves a no unknown."""
    each = [source.list.contains(pl.lit(one)) for one in values]
    found = reduce(lambda a, b: a & b if every else a | b, each)
    return found | (_is_some(source.list.eval(pl.element().is_null()).list.count_matches(True)) & UNKNOWN)


def _is_some(number: pl.Expr) -> pl.Expr:
    return number > 0


def _of_judged(node: Aggregate, element: Element, body: pl.Expr | None, where: pl.Expr | None) -> pl.Expr:
    if body is None and where is None and node.op == "count":
        return element.number(pl.element().is_null().is_not_null())
    judged = reduce(lambda a, b: a & b, [one for one in (where, body) if one is not None])
    if node.op == "run":
        return _run(element, judged, node.n)
    number, is_unsure = element.number(judged), _is_some(element.number(judged.is_null()))
    if node.op == "count":
        return pl.when(~is_unsure).then(number)
    return _is_some(number) | (is_unsure & UNKNOWN)


def _all(element: Element, body: pl.Expr | None, where: pl.Expr | None) -> pl.Expr:
    value = UNKNOWN if body is None else body
    judged = value if where is None else ~where | value
    return ~(_is_some(element.number(~judged)) | (_is_some(element.number(judged.is_null())) & UNKNOWN))


def _run(element: Element, judged: pl.Expr, n: int) -> pl.Expr:
    """Each element as a letter: a run is then a piece of text."""
    letter = pl.when(judged).then(pl.lit(_YES)).when(~judged).then(pl.lit(_NO)).otherwise(pl.lit(_UNSURE))
    letters = element.each(letter).list.join("")
    surely = letters.str.contains(_YES * n, literal=True)
    perhaps = letters.str.replace_all(_UNSURE, _YES, literal=True).str.contains(_YES * n, literal=True)
    return surely | (perhaps & UNKNOWN)


def _sum(_node: Aggregate, element: Element, kept: pl.Expr, value: pl.Expr) -> pl.Expr:
    nothing = pl.lit(0, dtype=pl.Int64)
    return element.each(pl.when(kept).then(value).otherwise(nothing).fill_null(nothing)).list.sum()


def _extreme(node: Aggregate, element: Element, kept: pl.Expr, value: pl.Expr) -> pl.Expr:
    """Of the elements kept; the others stand at the far end, where none of them can win."""
    number = value.cast(pl.Int64)
    is_least = node.op == "min"
    held = element.each(pl.when(kept).then(number).otherwise(pl.lit(None)).fill_null(INT64 if is_least else -INT64))
    found = held.list.min() if is_least else held.list.max()
    found = pl.when(_is_some(element.number(kept))).then(found)
    if node.kind is not Kind.DATE:
        return found
    return found.clip(FIRST_DAY, LAST_DAY).cast(pl.Int32).cast(pl.Date)


def _nth(node: Aggregate, element: Element, kept: pl.Expr, value: pl.Expr) -> pl.Expr:
    held = element.each(pl.when(kept).then(value).otherwise(pl.lit(FAR)).fill_null(pl.lit(FAR)))
    nth = held.list.sort().list.get(node.n - 1, null_on_oob=True).fill_null(pl.lit(FAR))
    return pl.when(held.is_not_null()).then(nth)


_FIGURES = {"sum": _sum, "min": _extreme, "max": _extreme, "nth": _nth}
