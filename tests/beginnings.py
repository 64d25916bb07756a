"""What many tests begin with, made once by the product itself and afterwards put back row by row: loading is slow, rows are not.

The first test that asks has it made by the product's own functions; the rows are read as a backup reads them and kept in
this process. Where a test's database already holds rows of these tables, the product makes it once more.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, models, transaction

from chuangju.kernel import backup_rows


@dataclass
class KeptTable:
    """The rows that were made in one table, as the database takes them, and which columns name a kind of record."""

    model: type[models.Model]
    statement: str
    rows: list[list[Any]]
    kind_columns: list[int]
    key_at: int
    # Whether the table held rows already, to which these were added; and those of the former ones that were changed.
    is_part: bool = False
    changed: list[list[Any]] = field(default_factory=list)
    change: str = ""


@dataclass
class Beginning:
    """Everything that one function made: rows, the kinds of content by the numbers of that moment, and files."""

    tables: list[KeptTable]
    kinds: dict[int, tuple[str, str]]
    files: Path | None


_kept: dict[str, Beginning] = {}


def begin_with(name: str, make: Callable[[], object]) -> None:
    """Have the database hold what `make` makes; the same name must always mean the same."""
    kept = _kept.get(name)
    if kept is not None and not _holds_any(kept.tables):
        _put_back(kept)
        return
    before = {model: _own_rows(model) for model in _models() if kept is None and models.QuerySet(model).exists()}
    make()
    if kept is None:
        _kept[name] = _keep(name, before)


def _own_rows(model: type[models.Model]) -> dict[Any, bytes]:
    """The rows of a table by their keys, as a backup writes them: what a database takes cannot always be compared."""
    lines = list(backup_rows.read_lines(model))
    table = _table(model, lines)
    return {row[table.key_at]: line for row, line in zip(table.rows, lines, strict=True)}


def _models() -> list[type[models.Model]]:
    return [model for model in backup_rows.kept_models().values() if model is not ContentType]


def _quoted(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _holds_any(tables: list[KeptTable]) -> bool:
    whole = [table for table in tables if not table.is_part]
    parts = " OR ".join(f"EXISTS (SELECT 1 FROM {_quoted(table.model)})" for table in whole)  # noqa: S608 - names of our models
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {parts or '1 = 0'}")
        return bool(cursor.fetchone()[0])


def _keep(name: str, before: dict[type[models.Model], dict[Any, bytes]]) -> Beginning:
    tables = []
    for model in _models():
        lines = list(backup_rows.read_lines(model))
        table = _table(model, lines)
        if model in before:
            former, every = before[model], list(zip(table.rows, lines, strict=True))
            table.rows = [row for row, _line in every if row[table.key_at] not in former]
            table.changed = [row for row, line in every if former.get(row[table.key_at], line) != line]
            table.is_part = True
        if table.rows or table.changed:
            tables.append(table)
    kinds = {kind.pk: (kind.app_label, kind.model) for kind in ContentType.objects.all()}
    files = None
    if Path(settings.ATTACHMENTS_DIR).is_dir():
        files = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=settings.DATA_DIR))
        shutil.copytree(settings.ATTACHMENTS_DIR, files, dirs_exist_ok=True)
    return Beginning(tables, kinds, files)


def _table(model: type[models.Model], lines: list[bytes]) -> KeptTable:
    fields = sorted(backup_rows._fields(model), key=lambda field: field.column)
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {_quoted(model)} ({columns}) VALUES ({marks})"  # noqa: S608 - names of our models
    rows = [backup_rows._stored(fields, json.loads(line), connection) for line in lines]
    kinds = [
        place
        for place, field in enumerate(fields)
        if field.remote_field is not None and field.remote_field.model is ContentType
    ]
    key_at = next(place for place, field in enumerate(fields) if field.primary_key)
    places = ", ".join(f"{connection.ops.quote_name(field.column)} = %s" for field in fields)
    key = connection.ops.quote_name(fields[key_at].column)
    change = f"UPDATE {_quoted(model)} SET {places} WHERE {key} = %s"  # noqa: S608 - names of our models
    return KeptTable(model, statement, rows, kinds, key_at, change=change)


def _put_back(kept: Beginning) -> None:
    now = {(kind.app_label, kind.model): kind.pk for kind in ContentType.objects.all()}
    moved = {old: now[named] for old, named in kept.kinds.items() if named in now and now[named] != old}
    with transaction.atomic(), connection.cursor() as cursor:
        for table in kept.tables:
            if table.rows:
                cursor.executemany(table.statement, _moved(table.rows, table, moved))
            for row in _moved(table.changed, table, moved):
                cursor.execute(table.change, [*row, row[table.key_at]])
        for statement in connection.ops.sequence_reset_sql(no_style(), [table.model for table in kept.tables]):
            cursor.execute(statement)
    if kept.files is not None:
        shutil.copytree(kept.files, settings.ATTACHMENTS_DIR, dirs_exist_ok=True)


def _moved(rows: list[list[Any]], table: KeptTable, moved: dict[int, int]) -> list[list[Any]]:
    """The rows with the numbers that kinds of records have now."""
    if not moved or not table.kind_columns:
        return rows
    return [
        [moved.get(value, value) if at in table.kind_columns else value for at, value in enumerate(row)] for row in rows
    ]
