"""换钥 - changing the keys of personal data: a new key writes from now on, what older keys wrote is written again.

Batch by batch, each a transaction of its own, so that a run that was killed is taken up by the next one. A value that
somebody changes meanwhile is left to them: it is written under the new key anyway. Older keys stay in the file until
`forget_old_keys` finds that nothing needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event
from chuangju.kernel.encryption import (
    EncryptedTextField,
    Key,
    KeyedHashField,
    KeysUnusable,
    decrypt,
    encrypt,
    ensure_keys,
    key_file,
    keyed_hash,
    read_keys,
    write_keys,
)
from chuangju.kernel.guards import guard_lifted
from chuangju.kernel.installation import this_installation
from chuangju.kernel.locks import take_locks

BATCH = 500
# Whoever read the key file before it changed has ended by then: a request lives for seconds.
SETTLED_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class EncryptedTable:
    """A model with encrypted fields, and the hashes that are kept of them."""

    model: type[models.Model]
    fields: tuple[EncryptedTextField, ...]
    hashes: tuple[KeyedHashField, ...]

    @property
    def columns(self) -> list[str]:
        """Their columns, encrypted ones first, quoted for the database."""
        return [_quoted(field) for field in (*self.fields, *self.hashes)]

    @property
    def name(self) -> str:
        """The table, quoted for the database."""
        return connection.ops.quote_name(self.model._meta.db_table)

    @property
    def key_column(self) -> str:
        """The column of the primary key, quoted for the database."""
        return _quoted(self.model._meta.pk)

    def stale(self, key_id: str) -> str:
        """The condition that some value of a row is not under this key."""
        return " OR ".join(f"({each} <> '' AND substr({each}, 1, 9) <> '{key_id}:')" for each in self.columns)


@dataclass(frozen=True)
class Rotation:
    """What a run did: the key that writes now, and how many records were written again."""

    key_id: str
    is_resumed: bool
    records: int


def encrypted_tables() -> list[EncryptedTable]:
    """Every table with encrypted fields, in the order of their names."""
    found = []
    for model in apps.get_models():
        fields = [field for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField)]
        hashes = [field for field in model._meta.concrete_fields if isinstance(field, KeyedHashField)]
        if fields and not model._meta.proxy:
            found.append(EncryptedTable(model, tuple(fields), tuple(hashes)))
    return sorted(found, key=lambda table: table.model._meta.label_lower)


def prepare_keys(*, at: datetime) -> None:
    """Make the key file at the first start; raises KeysUnusable where encrypted data would be left without their key."""
    samples = list(_samples())
    if samples or key_file().exists():
        for stored, binding in samples:
            decrypt(stored, binding=binding)
        read_keys()
        return
    ensure_keys(at=at)


def count_stale() -> int:
    """How many records hold a value under another key than the one that writes."""
    key_id = read_keys()[-1].id
    return sum(_count(table, table.stale(key_id)) for table in encrypted_tables())


def rotate_keys(*, at: datetime, tell: Callable[[int, int], None] | None = None, batch: int = BATCH) -> Rotation:
    """Let a new key write and write everything again under it; a run that was broken off is taken up where it stopped.

    `tell(done, total)` hears of every batch, in records. Raises KeysUnusable where a value cannot be read.
    """
    key, is_resumed = _writing_key(at)
    total, done = count_stale(), 0
    for table in encrypted_tables():
        last: Any = None
        while rows := _stale_rows(table, key.id, after=last, limit=batch):
            last = rows[-1][0]
            _write_again(table, rows, key.id)
            done += len(rows)
            if tell:
                tell(min(done, total), total)
    with transaction.atomic():
        facts = {"key": key.id, "records": done}
        record_event("kernel.keys_rotated", this_installation(), by=None, at=at, after=facts)
    return Rotation(key.id, is_resumed, done)


def forget_old_keys(*, at: datetime) -> list[str]:
    """Take the older keys out of the file and say which; raises KeysUnusable while anything may still need them."""
    keys = read_keys()
    if len(keys) == 1:
        return []
    if at - keys[-1].made_at < SETTLED_AFTER:
        raise KeysUnusable(_("换钥不到 10 分钟，可能还有人在用旧密钥，请稍后再移除"))
    waiting = count_stale()
    if waiting:
        raise KeysUnusable(
            _("还有 %(count)s 条记录使用旧密钥，请先运行 chuangju rotate_keys 完成换钥") % {"count": waiting}
        )
    forgotten = [key.id for key in keys[:-1]]
    with transaction.atomic():
        record_event("kernel.keys_forgotten", this_installation(), by=None, at=at, after={"keys": forgotten})
        write_keys(keys[-1:])
    return forgotten


def find_encryption_faults() -> Iterator[str]:
    """Every encrypted value is decrypted, and every hash compared with its value; one sentence for each fault."""
    for table in encrypted_tables():
        query = f"SELECT {table.key_column}, {', '.join(table.columns)} FROM {table.name} ORDER BY {table.key_column}"  # noqa: S608 - quoted names of our own tables
        with connection.cursor() as cursor:
            cursor.execute(query)
            while rows := cursor.fetchmany(BATCH):
                for row in rows:
                    yield from _faults_of(table, row)


def _faults_of(table: EncryptedTable, row: tuple[Any, ...]) -> Iterator[str]:
    place = {"model": table.model._meta.label, "id": row[0]}
    try:
        plain = _plain_values(table, row)
    except KeysUnusable as refused:
        yield _("%(model)s %(id)s：%(fault)s") % {**place, "fault": refused.sentence}
        return
    if not all(value is None or ":" in str(value) for value in row[1:] if value != ""):
        yield _("%(model)s %(id)s 有未加密的个人信息") % place
    known = {key.id for key in read_keys()}
    for field, stored in zip(table.hashes, row[1 + len(table.fields) :], strict=True):
        text = plain[field.source]
        key_id = str(stored or "").partition(":")[0]
        if (
            (stored is None) != (not text)
            or (stored and key_id not in known)
            or (stored and key_id == read_keys()[-1].id and stored != keyed_hash(text, purpose=field.purpose))
        ):
            yield _("%(model)s %(id)s 的检索值与加密数据不符") % place


def _quoted(field: models.Field[Any, Any]) -> str:
    return connection.ops.quote_name(str(field.column))


def _samples() -> Iterator[tuple[str, str]]:
    """One stored value of every encrypted field, with its binding."""
    for table in encrypted_tables():
        for field, column in zip(table.fields, table.columns, strict=False):
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {column} FROM {table.name} WHERE {column} <> '' LIMIT 1")  # noqa: S608 - as above
                found = cursor.fetchone()
            if found:
                yield found[0], field.binding


def _writing_key(at: datetime) -> tuple[Key, bool]:
    """The key to write with: the present one where an earlier run left work undone, else a new one."""
    with transaction.atomic():
        take_locks("kernel.keys")
        if len(read_keys()) > 1 and count_stale():
            return read_keys()[-1], True
        key = Key.make(at)
        write_keys((*read_keys(), key))
        return key, False


def _count(table: EncryptedTable, condition: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table.name} WHERE {condition}")  # noqa: S608 - as above
        return int(cursor.fetchone()[0])


def _stale_rows(table: EncryptedTable, key_id: str, *, after: Any, limit: int) -> list[tuple[Any, ...]]:
    query = f"SELECT {table.key_column}, {', '.join(table.columns)} FROM {table.name} WHERE ({table.stale(key_id)})"  # noqa: S608 - as above
    if after is not None:
        query += f" AND {table.key_column} > %s"
    query += f" ORDER BY {table.key_column} LIMIT {limit}"
    with connection.cursor() as cursor:
        cursor.execute(query, [] if after is None else [after])
        return list(cursor.fetchall())


def _plain_values(table: EncryptedTable, row: tuple[Any, ...]) -> dict[str, str]:
    stored = zip(table.fields, row[1:], strict=False)
    return {field.name: decrypt(str(value), binding=field.binding) if value else "" for field, value in stored}


def _write_again(table: EncryptedTable, rows: list[tuple[Any, ...]], key_id: str) -> None:
    """One batch under the new key; a record that changed since it was read stays as its writer left it."""
    sets = ", ".join(f"{each} = %s" for each in table.columns)
    same = " AND ".join(f"{_quoted(field)} = %s" for field in table.fields)
    query = f"UPDATE {table.name} SET {sets} WHERE {table.key_column} = %s AND {same}"  # noqa: S608 - as above
    changes = [[*_fresh_values(table, row), row[0], *row[1 : 1 + len(table.fields)]] for row in rows]
    try:
        with (
            transaction.atomic(),
            guard_lifted(connection, table.model._meta.db_table),
            connection.cursor() as cursor,
        ):
            cursor.executemany(query, changes)
    except IntegrityError as error:
        place = {"model": table.model._meta.label, "first": rows[0][0], "last": rows[-1][0], "key": key_id}
        raise KeysUnusable(
            _("%(model)s 的记录 %(first)s 至 %(last)s 中有重复的号码，无法用密钥 %(key)s 重新加密，请先处理重复")
            % place
        ) from error


def _fresh_values(table: EncryptedTable, row: tuple[Any, ...]) -> list[str | None]:
    plain = _plain_values(table, row)
    values: list[str | None] = [
        encrypt(plain[field.name], binding=field.binding) if plain[field.name] else "" for field in table.fields
    ]
    for field in table.hashes:
        text = plain[field.source]
        values.append(keyed_hash(text, purpose=field.purpose) if text else None)
    return values
