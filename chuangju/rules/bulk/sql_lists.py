"""Figures over lists as SQL, with functions over elements; an engine's own figures only see lists without unknowns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chuangju.rules.bulk.dialects import Dialect
from chuangju.rules.kinds import FAR, Kind
from chuangju.rules.tree import Aggregate

_YES, _NO, _UNSURE = "y", "n", "u"


@dataclass(frozen=True, slots=True)
class Elements:
    """The elements of a list, called `variable` in what is said of them."""

    dialect: Dialect
    source: str
    variable: str

    def each(self, body: str) -> str:
        """The list of what is said of each."""
        return self.dialect.transform.format(self.source, self.dialect.function(self.variable, body))

    def kept(self, condition: str) -> str:
        """The list of those of which the condition is yes."""
        return self.dialect.keep.format(self.source, self.dialect.function(self.variable, condition))

    def number(self, condition: str) -> str:
        """For how many the condition is yes."""
        return self.dialect.length.format(self.kept(condition))

    def some(self, condition: str) -> str:
        """Whether the condition is yes for any."""
        return f"({self.number(condition)} > 0)"

    def figure(self, *cases: tuple[str, str], otherwise: str) -> str:
        """A figure by cases; unknown for an unknown list."""
        told = " ".join(f"WHEN {when} THEN {then}" for when, then in cases)
        return f"(CASE WHEN ({self.source} IS NULL) THEN NULL {told} ELSE {otherwise} END)"


def aggregate(elements: Elements, node: Aggregate, body: str | None, where: str | None) -> str:
    """The figure; unknown where the list is, or where an element cannot be judged."""
    if node.op == "count" and body is None and where is None:
        return elements.figure(otherwise=elements.dialect.length.format(elements.source))
    if node.op in {"count", "any", "run"}:
        judged = f"({' AND '.join(one for one in (where, body) if one is not None)})"
        return _of_judged(elements, node, judged)
    value = elements.dialect.constant(None, node.kind) if body is None else body
    if node.op == "all":
        judged = value if where is None else f"((NOT {where}) OR {value})"
        no, unknown = elements.some(f"(NOT {judged})"), elements.some(f"({judged} IS NULL)")
        return elements.figure((no, "FALSE"), (unknown, "NULL"), otherwise="TRUE")
    return _of_values(elements, node, value, where or "TRUE")


def contains(dialect: Dialect, source: str, values: Sequence[str], *, every: bool) -> str:
    """Whether a list of codes holds one (all) of these; a code in it that is unknown leaves a no unknown."""
    word = " AND " if every else " OR "
    found = word.join(dialect.has.format(source, dialect.text_of(one)) for one in values)
    unknown = Elements(dialect, source, "code").some("(code IS NULL)")
    return f"(CASE WHEN ({source} IS NULL) THEN NULL WHEN ({found}) THEN TRUE WHEN {unknown} THEN NULL ELSE FALSE END)"


def _of_judged(elements: Elements, node: Aggregate, judged: str) -> str:
    if node.op == "run":
        return _run(elements, judged, node.n)
    unknown = elements.some(f"({judged} IS NULL)")
    if node.op == "count":
        return elements.figure((unknown, "NULL"), otherwise=elements.number(judged))
    return elements.figure((elements.some(judged), "TRUE"), (unknown, "NULL"), otherwise="FALSE")


def _run(elements: Elements, judged: str, n: int) -> str:
    """Each element as a letter: a run is then a piece of text."""
    letter = f"(CASE WHEN {judged} THEN '{_YES}' WHEN (NOT {judged}) THEN '{_NO}' ELSE '{_UNSURE}' END)"
    letters = elements.dialect.joined.format(elements.each(letter))
    surely = f"contains({letters}, '{_YES * n}')"
    perhaps = f"contains(replace({letters}, '{_UNSURE}', '{_YES}'), '{_YES * n}')"
    return elements.figure((surely, "TRUE"), (perhaps, "NULL"), otherwise="FALSE")


def _of_values(elements: Elements, node: Aggregate, value: str, where: str) -> str:
    dialect = elements.dialect
    unknown = elements.some(f"(({where} IS NULL) OR ({where} AND ({value} IS NULL)))")
    kept = Elements(dialect, elements.kept(where), elements.variable)
    values = kept.each(value)
    if node.op == "sum":
        return elements.figure((unknown, "NULL"), otherwise=dialect.total.format(values))
    if node.op != "nth":
        figure = dialect.least if node.op == "min" else dialect.greatest
        return elements.figure((unknown, "NULL"), otherwise=figure.format(values))
    too_few = f"({elements.number(where)} < {node.n})"
    far = dialect.constant(FAR, Kind.DATE)
    return elements.figure((unknown, "NULL"), (too_few, far), otherwise=dialect.nth.format(values, node.n))
