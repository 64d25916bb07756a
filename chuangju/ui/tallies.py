"""计数 - the numbers beside the links of the navigation, counted together in one query however many there are."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet
from django.utils import timezone

from chuangju.kernel.registry import Registry

# What to count for a reader (a MenuContext, which stands above), by a key of the package's own; must cost no query, and depend
# on nothing but who reads, in which roles and on which day: the question is worded once and asked on every page.
TallySource = Callable[[Any], Mapping[str, QuerySet[Any]]]

tally_sources: Registry[str, TallySource] = Registry("menu_tallies")


def register_tallies(name: str, source: TallySource) -> None:
    """Add querysets to be counted for the navigation; links read them as `context.tally(key)`."""
    tally_sources.register(name, source)


@dataclass(frozen=True)
class Question:
    """Several counts as one statement; `keys` in the order of its columns, `none` are those that cannot hold a row."""

    keys: tuple[str, ...]
    none: tuple[str, ...]
    statement: str
    values: tuple[Any, ...]

    def ask(self) -> dict[str, int]:
        """The counts, in one query; none for nothing to ask."""
        counted = dict.fromkeys(self.none, 0)
        if self.keys:
            with connection.cursor() as cursor:
                cursor.execute(self.statement, self.values)
                counted.update(zip(self.keys, cursor.fetchone(), strict=True))
        return counted


def word_question(querysets: Mapping[str, QuerySet[Any]], totals: Mapping[str, str] | None = None) -> Question:
    """Put the counts of querysets into one statement; `totals` names those of which a field is added up instead."""
    keys, none, parts, values = [], [], [], list[Any]()
    for key, queryset in querysets.items():
        field = (totals or {}).get(key, "")
        asked = queryset.order_by().annotate(counted_one=F(field or "pk")).values("counted_one")
        try:
            sql, params = asked.query.sql_with_params()
        except EmptyResultSet:
            none.append(key)
            continue
        keys.append(key)
        figure = "COALESCE(SUM(counted_one), 0)" if field else "COUNT(*)"
        parts.append(f"(SELECT {figure} FROM ({sql}) AS counted)")  # noqa: S608 - compiled by Django, values apart
        values.extend(params)
    return Question(tuple(keys), tuple(none), "SELECT " + ", ".join(parts), tuple(values))


def count_together(querysets: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """How many rows each queryset has, in one query; none for no querysets."""
    return word_question(querysets).ask()


class Tallies:
    """The numbers of one request: counted at the first question, and only then."""

    def __init__(self) -> None:
        self._counted: dict[str, int] | None = None

    def get(self, key: str, context: Any) -> int:
        """One number; nothing where its source had nothing to count for this reader."""
        if self._counted is None:
            self._counted = _question_for(context).ask()
        return self._counted.get(key, 0)


# Wording the question costs several times what answering it costs, and it stays the same for a reader all day.
_worded: dict[Hashable, Question] = {}
_MOST_WORDED = 512


def _question_for(context: Any) -> Question:
    """What is counted for a reader: worded once for each day and standing."""
    known = (context.user.pk, timezone.localdate(context.at), context.standing)
    found = _worded.get(known) if context.standing is not None else None
    if found is None:
        asked: dict[str, QuerySet[Any]] = {}
        for source in tally_sources.values():
            asked.update(source(context))
        found = word_question(asked)
        if context.standing is not None:
            if len(_worded) >= _MOST_WORDED:
                _worded.clear()
            _worded[known] = found
    return found
