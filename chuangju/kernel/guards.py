"""Guards: database triggers that keep a table append-only, whoever holds the connection.

Django's own models never edit such rows; the triggers are for everybody else. They refuse UPDATE, DELETE, REPLACE and
(on PostgreSQL) TRUNCATE. A test suite that flushes tables between tests does so inside `with guards_lifted():`.
A later migration that makes SQLite rebuild a guarded table loses its triggers: it ends with `install_guard` again, and
`chuangju verify` reports a guard that is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection as default_connection

from chuangju.kernel.registry import Registry


@dataclass(frozen=True)
class Guard:
    """One guarded table: its unique keys, and the column that may only grow where rows are heads of a chain."""

    table: str
    unique: tuple[tuple[str, ...], ...] = (("id",),)
    growing: str | None = None


append_only_tables: Registry[str, Guard] = Registry("append_only_tables")

AUDIT_EVENTS = Guard("kernel_auditevent", unique=(("id",), ("stream_id", "sequence")))
AUDIT_STREAMS = Guard("kernel_auditstream", unique=(("name",),), growing="last_sequence")


def register_append_only_table(guard: Guard) -> None:
    """Announce a guarded table, so that `verify` looks for its triggers; a migration installs them."""
    append_only_tables.register(guard.table, guard)


def install_guard(connection: Any, guard: Guard) -> None:
    """Create the triggers of one table, replacing older ones; called by migrations."""
    remove_guard(connection, guard)
    make = _sqlite_triggers if connection.vendor == "sqlite" else _postgresql_triggers
    with connection.cursor() as cursor:
        for statement in make(guard):
            cursor.execute(statement)


def remove_guard(connection: Any, guard: Guard) -> None:
    """Drop the triggers of one table, as far as they exist."""
    where = "" if connection.vendor == "sqlite" else f" ON {guard.table}"
    with connection.cursor() as cursor:
        for kind in _kinds(connection.vendor):
            cursor.execute(f"DROP TRIGGER IF EXISTS {guard.table}_guard_{kind}{where}")
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP FUNCTION IF EXISTS {guard.table}_refuse()")


def missing_guards(connection: Any = default_connection) -> list[str]:
    """Names of triggers that should stand in the database and do not."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')")
        standing = {name for (name,) in cursor.fetchall()}
    wanted = [f"{table}_guard_{kind}" for table, _ in append_only_tables.items() for kind in _kinds(connection.vendor)]
    return [name for name in wanted if name not in standing]


@contextmanager
def guards_lifted(connection: Any = default_connection) -> Iterator[None]:
    """Take the guards away for the block: for tests that flush tables or play the intruder."""
    for guard in append_only_tables.values():
        remove_guard(connection, guard)
    try:
        yield
    finally:
        for guard in append_only_tables.values():
            install_guard(connection, guard)


@contextmanager
def guard_lifted(connection: Any, table: str) -> Iterator[None]:
    """Within a transaction, take the guard of one table away; for writing the same values under another key, only.

    Nobody else sees the table without it, and a transaction that fails brings it back with everything else.
    """
    guard = next((one for one in append_only_tables.values() if one.table == table), None)
    if guard is not None:
        remove_guard(connection, guard)
    yield
    if guard is not None:
        install_guard(connection, guard)


def _kinds(vendor: str) -> tuple[str, ...]:
    return ("update", "delete", "replace") if vendor == "sqlite" else ("update", "delete", "truncate")


def _sqlite_triggers(guard: Guard) -> Iterator[str]:
    table = guard.table
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    shrinks = f" WHEN NEW.{guard.growing} <= OLD.{guard.growing}" if guard.growing else ""
    yield f"CREATE TRIGGER {table}_guard_update BEFORE UPDATE ON {table}{shrinks} {refuse}"
    yield f"CREATE TRIGGER {table}_guard_delete BEFORE DELETE ON {table} {refuse}"
    # INSERT OR REPLACE removes the old row without asking the delete trigger.
    same = " OR ".join("(" + " AND ".join(f"{c} = NEW.{c}" for c in key) + ")" for key in guard.unique)
    taken = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - names come from the code, never from a user
    yield f"CREATE TRIGGER {table}_guard_replace BEFORE INSERT ON {table} WHEN {taken} {refuse}"


def _postgresql_triggers(guard: Guard) -> Iterator[str]:
    table = guard.table
    shrinks = f" WHEN (NEW.{guard.growing} <= OLD.{guard.growing})" if guard.growing else ""
    call = f"EXECUTE FUNCTION {table}_refuse()"
    yield (
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    yield f"CREATE TRIGGER {table}_guard_update BEFORE UPDATE ON {table} FOR EACH ROW{shrinks} {call}"
    yield f"CREATE TRIGGER {table}_guard_delete BEFORE DELETE ON {table} FOR EACH ROW {call}"
    yield f"CREATE TRIGGER {table}_guard_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}"
