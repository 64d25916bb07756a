"""What makes the suite strict: faults that Django forgives in production are failures here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet


def reverse_unordered_querysets() -> None:
    """Hand out rows without an order the other way round: code that leans on the order of insertion fails every time."""
    fetch = QuerySet._fetch_all

    def fetch_reversed(self: QuerySet[Any]) -> None:
        is_first = self._result_cache is None  # type: ignore[has-type]
        fetch(self)
        if is_first and self._result_cache is not None and not self.ordered:
            self._result_cache.reverse()

    QuerySet._fetch_all = fetch_reversed  # type: ignore[method-assign]


@contextmanager
def _without_triggers(database: BaseDatabaseWrapper) -> Iterator[None]:
    """Take away the triggers that keep the audit log append-only, and put them back."""
    with database.cursor() as cursor:
        if database.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            off = [f'DROP TRIGGER "{name}"' for name, _sql in triggers]
            on = [sql for _name, sql in triggers]
        else:
            cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
            tables = [table for (table,) in cursor.fetchall()]
            off = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
            on = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
        for statement in off:
            cursor.execute(statement)
    try:
        yield
    finally:
        with database.cursor() as cursor:
            for statement in on:
                cursor.execute(statement)


_NAMED = re.compile(r'"([^"]+)"')


def _what_holds_rows(database: Any, sql_list: list[str]) -> list[str]:
    """The statements without the tables that are empty already: most of some hundred are, after any one test."""
    names = sorted({name for sql in sql_list for name in _NAMED.findall(sql) if sql.startswith(("DELETE", "TRUNCATE"))})
    if not names:
        return sql_list
    asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in names)  # noqa: S608 - names of our tables
    with database.cursor() as cursor:
        cursor.execute(asked)
        full = {name for (name,) in cursor.fetchall()}
    other = [sql for sql in sql_list if not sql.startswith(("DELETE", "TRUNCATE"))]
    emptied = [f'DELETE FROM "{name}"' for name in names if name in full]  # noqa: S608 - as above
    if database.vendor == "postgresql" and emptied:
        # Truncating one table would take along every one that points to it; all of them together are whole again at the end.
        emptied = ["SET session_replication_role = replica", *emptied, "SET session_replication_role = DEFAULT"]
    return [*emptied, *other]


def let_tests_empty_append_only_tables() -> None:
    """Emptying the database after a test with real transactions is the one deletion that append-only tables allow."""
    operations = type(connection.ops)
    empty = operations.execute_sql_flush

    def empty_without_triggers(self: Any, sql_list: list[str]) -> None:
        wanted = _what_holds_rows(self.connection, sql_list)
        if wanted:
            with _without_triggers(self.connection):
                empty(self, wanted)

    operations.execute_sql_flush = empty_without_triggers  # type: ignore[method-assign]


def make_strict() -> None:
    """Everything at once; called when the suite starts."""
    reverse_unordered_querysets()
    let_tests_empty_append_only_tables()
