"""全文索引 - the index over the tokens of search entries, said in each database's own way: FTS5, or a vector with GIN.

The database keeps either current by itself from whatever is written to the table. A later migration that makes SQLite
rebuild the table loses the triggers: it ends with `make_index` again, and `chuangju verify` tells where they are missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, transaction
from django.db import connection as default_connection
from django.db.models import BooleanField, F, Func
from django.utils.translation import gettext as _

TABLE, INDEX = "kernel_searchentry", "kernel_search_tokens"
Parts = tuple[str, tuple[str | int, ...]]
_EVENTS = ("insert", "delete", "update")

_ADD = f"INSERT INTO {INDEX}(rowid, tokens) VALUES (new.id, new.tokens);"  # noqa: S608 - names of our own, here and below
_TAKE = f"INSERT INTO {INDEX}({INDEX}, rowid, tokens) VALUES ('delete', old.id, old.tokens);"  # noqa: S608
_SQLITE = (
    f"CREATE VIRTUAL TABLE {INDEX} USING fts5(tokens, content='{TABLE}', content_rowid='id', tokenize='ascii')",
    f"CREATE TRIGGER {INDEX}_insert AFTER INSERT ON {TABLE} BEGIN {_ADD} END",
    f"CREATE TRIGGER {INDEX}_delete AFTER DELETE ON {TABLE} BEGIN {_TAKE} END",
    f"CREATE TRIGGER {INDEX}_update AFTER UPDATE OF tokens ON {TABLE} BEGIN {_TAKE} {_ADD} END",
    f"INSERT INTO {INDEX}({INDEX}) VALUES ('rebuild')",  # noqa: S608
)
_POSTGRESQL = (
    f"ALTER TABLE {TABLE} ADD COLUMN vector tsvector GENERATED ALWAYS AS (to_tsvector('simple', tokens)) STORED",
    f"CREATE INDEX {INDEX} ON {TABLE} USING gin (vector)",
)
_DROP_SQLITE = (
    *(f"DROP TRIGGER IF EXISTS {INDEX}_{event}" for event in _EVENTS),
    f"DROP TABLE IF EXISTS {INDEX}",
)
_DROP_POSTGRESQL = (f"DROP INDEX IF EXISTS {INDEX}", f"ALTER TABLE {TABLE} DROP COLUMN IF EXISTS vector")


@dataclass(frozen=True)
class Phrase:
    """Tokens one after the other; the last of them perhaps only begun."""

    tokens: tuple[str, ...]
    is_begun: bool = False


class TokensMatch(Func):
    """Whether an entry holds all these phrases, in whatever order."""

    output_field = BooleanField()

    def __init__(self, *phrases: Phrase) -> None:
        super().__init__(F("pk"))
        self.phrases = phrases

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> Parts:  # noqa: ARG002 - Django's
        """The FTS5 table over the column, asked for its rows."""
        said = [f'"{" ".join(one.tokens)}"' + (" *" if one.is_begun else "") for one in self.phrases]
        rows = f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s"  # noqa: S608
        return f'{self._table(compiler)}."id" IN ({rows})', (" AND ".join(said),)

    def as_postgresql(self, compiler: Any, connection: Any, **extra_context: Any) -> Parts:  # noqa: ARG002 - Django's
        """The vector that the database keeps of the column, through its index."""
        said = [" <-> ".join(one.tokens) + (":*" if one.is_begun else "") for one in self.phrases]
        return f"{self._table(compiler)}.\"vector\" @@ to_tsquery('simple', %s)", (
            " & ".join(f"({one})" for one in said),
        )

    def _table(self, compiler: Any) -> str:
        """The table as this query calls it: inside another query an alias, which is never quoted."""
        return str(compiler.quote_name_unless_alias(getattr(self.get_source_expressions()[0], "alias", TABLE)))


def make_index(connection: Any = default_connection) -> None:
    """Set the index up anew and fill it from the table."""
    drop_index(connection)
    with connection.cursor() as cursor:
        for statement in _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL:
            cursor.execute(statement)


def drop_index(connection: Any = default_connection) -> None:
    """Take the index away, as far as it is there."""
    with connection.cursor() as cursor:
        for statement in _DROP_SQLITE if connection.vendor == "sqlite" else _DROP_POSTGRESQL:
            cursor.execute(statement)


def mend_index(connection: Any = default_connection) -> None:
    """Make an index that lost a trigger or fell behind whole again; PostgreSQL's cannot, and is left alone."""
    if connection.vendor == "sqlite":
        make_index(connection)


def find_full_text_faults(connection: Any = default_connection) -> Iterator[str]:
    """Whether the index stands and agrees with the table; PostgreSQL keeps a stored column true by itself."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
        standing = cursor.fetchone()[0]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {INDEX}({INDEX}, rank) VALUES ('integrity-check', 1)")  # noqa: S608
    except DatabaseError:
        standing = 0
    if standing != len(_EVENTS):
        yield _("全文索引不完整或与检索条目不符；运行 rebuild_index 可重建。")
