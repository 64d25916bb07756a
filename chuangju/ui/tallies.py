"""计数 - the numbers beside the links of the navigation, counted together in one query however many there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from chuangju.kernel.registry import Registry

# What to count for a reader (a MenuContext, which stands above), by a key of the package's own; must cost no query.
TallySource = Callable[[Any], Mapping[str, QuerySet[Any]]]

tally_sources: Registry[str, TallySource] = Registry("menu_tallies")


def register_tallies(name: str, source: TallySource) -> None:
    """Add querysets to be counted for the navigation; links read them as `context.tally(key)`."""
    tally_sources.register(name, source)


def count_together(querysets: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """How many rows each queryset has, in one query; none for no querysets."""
    counted: dict[str, int] = dict.fromkeys(querysets, 0)
    parts: list[tuple[str, str, tuple[Any, ...]]] = []
    for key, queryset in querysets.items():
        try:
            sql, params = queryset.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append((key, f"(SELECT COUNT(*) FROM ({sql}) AS counted)", tuple(params)))  # noqa: S608 - compiled by Django, values apart
    if parts:
        with connection.cursor() as cursor:
            statement = "SELECT " + ", ".join(sql for _key, sql, _params in parts)
            cursor.execute(statement, [value for _key, _sql, params in parts for value in params])
            row = cursor.fetchone()
        counted.update(zip((key for key, _sql, _params in parts), row, strict=True))
    return counted


class Tallies:
    """The numbers of one request: counted at the first question, and only then."""

    def __init__(self) -> None:
        self._counted: dict[str, int] | None = None

    def get(self, key: str, context: Any) -> int:
        """One number; nothing where its source had nothing to count for this reader."""
        if self._counted is None:
            asked: dict[str, QuerySet[Any]] = {}
            for source in tally_sources.values():
                asked.update(source(context))
            self._counted = count_together(asked)
        return self._counted.get(key, 0)
