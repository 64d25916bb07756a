"""备份中的行: every table as lines of JSON that mean the same on SQLite and PostgreSQL, with a hash that tells them equal.

Values are written as Python knows them and not as one database keeps them; encrypted ones stay encrypted. The hash of a
table is the sum of the hashes of its lines, so that it does not depend on the order in which a database hands them out.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import F
from django.db.models.functions import Cast
from django.utils.duration import duration_iso_string

from chuangju.kernel.encryption import EncryptedTextField

# Who is signed in where ends with the machine it was on.
LEFT_OUT = frozenset({"django_session"})
_MODULUS = 1 << 256
_CHUNK = 500


@dataclass
class TableDigest:
    """How many lines a table has, and the sum of their hashes."""

    rows: int = 0
    total: int = 0

    def add(self, line: bytes) -> None:
        """Count a line in."""
        self.rows += 1
        self.total = (self.total + int.from_bytes(hashlib.sha256(line).digest())) % _MODULUS

    def as_dict(self) -> dict[str, Any]:
        """For the manifest."""
        return {"rows": self.rows, "sha256_sum": f"{self.total:064x}"}


def kept_models() -> dict[str, type[models.Model]]:
    """Every table that a backup holds, by its name."""
    found = apps.get_models(include_auto_created=True)
    kept = [model for model in found if model._meta.managed and not model._meta.proxy]
    return {
        model._meta.db_table: model
        for model in sorted(kept, key=lambda model: model._meta.db_table)
        if model._meta.db_table not in LEFT_OUT
    }


def _fields(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.column]


def read_lines(model: type[models.Model]) -> Iterator[bytes]:
    """The rows of a table, each a line of canonical JSON: a list in the order of the columns' names."""
    fields = sorted(_fields(model), key=lambda field: field.column)
    sealed = {f.attname: f"sealed_{f.attname}" for f in fields if isinstance(f, EncryptedTextField)}
    rows: models.QuerySet[Any] = models.QuerySet(model).order_by("pk")
    # As text that nobody decrypts on its way.
    rows = rows.annotate(**{alias: Cast(F(name), models.TextField()) for name, alias in sealed.items()})
    names = [sealed.get(field.attname, field.attname) for field in fields]
    for values in rows.values_list(*names).iterator(chunk_size=_CHUNK):
        yield json.dumps(values, default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_iso_string(value)
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, bytes | memoryview | bytearray):
        return base64.b64encode(bytes(value)).decode("ascii")
    raise TypeError(f"a backup cannot hold a {type(value).__name__}")


def write_lines(model: type[models.Model], lines: Iterable[bytes]) -> int:
    """Insert rows as they were read, past all rules; the caller holds the transaction. How many."""
    connection = connections[DEFAULT_DB_ALIAS]
    fields = sorted(_fields(model), key=lambda field: field.column)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608 - names of our models
    count = 0
    waiting = iter(lines)
    with connection.cursor() as cursor:
        while chunk := [_stored(fields, json.loads(line), connection) for line in islice(waiting, _CHUNK)]:
            cursor.executemany(statement, chunk)
            count += len(chunk)
    return count


def _stored(fields: list[Any], values: list[Any], connection: Any) -> list[Any]:
    return [
        value
        if value is None or isinstance(field, EncryptedTextField)
        else field.get_db_prep_save(field.to_python(value), connection)
        for field, value in zip(fields, values, strict=True)
    ]


def empty_table(model: type[models.Model]) -> None:
    """Remove what migrations put there by themselves (kinds of content); rows under guard are none yet."""
    if models.QuerySet(model).exists():
        connection = connections[DEFAULT_DB_ALIAS]
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608 - name of our model


def reset_counters() -> None:
    """Let new rows be numbered after the restored ones."""
    connection = connections[DEFAULT_DB_ALIAS]
    statements = connection.ops.sequence_reset_sql(no_style(), list(kept_models().values()))
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def digest_of(model: type[models.Model]) -> TableDigest:
    """The digest of a table as it stands."""
    digest = TableDigest()
    for line in read_lines(model):
        digest.add(line)
    return digest
