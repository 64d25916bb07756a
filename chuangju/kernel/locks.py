"""锁: the one place where a change takes locks on whatever is scarce (a budget, a seat, a version number).

On PostgreSQL the keys become transaction-scoped advisory locks, always in the same order, and nobody waits longer than
three seconds. On SQLite every transaction begins IMMEDIATE, which is one lock over everything; here that is only checked.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.refusals import Refused

WAIT_MILLISECONDS = 3000
_LOCK_NOT_AVAILABLE = "55P03"


class LockBusy(Refused):
    """Somebody else holds the lock for longer than a person should wait."""

    status = 409

    def __init__(self) -> None:
        super().__init__(_("同一事项正有人在办理，请稍候几秒再试。"))


def take_locks(*keys: str) -> None:
    """Hold the named locks until the transaction ends; raises LockBusy after three seconds of waiting."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("locks live inside a transaction; there is none")
    if connection.vendor == "sqlite":
        _demand_immediate()
        return
    for key in sorted(set(keys)):
        _take_advisory_lock(_number(key))


def _demand_immediate() -> None:
    mode = getattr(connection, "transaction_mode", None)
    if mode not in {"IMMEDIATE", "EXCLUSIVE"}:
        raise transaction.TransactionManagementError("SQLite must begin its transactions IMMEDIATE (see settings.py)")


def _take_advisory_lock(number: int) -> None:
    try:
        # A savepoint, so that the refusal leaves the caller's transaction usable.
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('lock_timeout')")
            usual = cursor.fetchone()[0]
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{WAIT_MILLISECONDS}ms"])
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [usual])
    except OperationalError as error:
        cause: Any = error.__cause__
        if getattr(cause, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
            raise LockBusy from error
        raise


def _number(key: str) -> int:
    """A signed 64-bit number for a key, the same in every process."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big", signed=True)
