"""安装: whether this database holds demo data, and what must be true of it before the server may start."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.audit import record_event
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import Installation, User
from chuangju.kernel.refusals import Refused

# What SQLite answers to `PRAGMA synchronous` when every commit reaches the disk.
_FULL = 2


class DemoRefused(Refused):
    """Demo mode and the database do not belong together."""


class UnsafeDatabase(Refused):
    """The database is set up in a way that loses writes or grants twice."""


def this_installation() -> Installation:
    """The one row, made when first asked for."""
    row, _made = Installation.objects.get_or_create(pk=1)
    return row


def is_demo_database() -> bool:
    """Whether the database was filled with demo data."""
    return Installation.objects.filter(pk=1, is_demo=True).exists()


@transaction.atomic
def load_once(mark: str, load: Callable[[], None], *, version: str | None = None) -> bool:
    """Load a set of data unless it is in, in this version where it has one; whether it was loaded now.

    Of two processes that start at once, one loads and the other finds it done.
    """
    take_locks("kernel.installation")
    installation = this_installation()
    if mark in installation.loaded and version in {None, installation.loaded[mark]}:
        return False
    load()
    installation.loaded[mark] = version or "1"
    installation.save(update_fields=["loaded"])
    return True


@transaction.atomic
def mark_demo(*, at: datetime) -> None:
    """Mark an empty database as demo, once and for all; raises DemoRefused on one that is in use."""
    installation = this_installation()
    if installation.is_demo:
        return
    refuse_demo_on_real_data()
    installation.is_demo = True
    installation.save(update_fields=["is_demo"])
    record_event("kernel.demo_marked", installation, by=None, at=at, before={"is_demo": False}, after={"is_demo": True})


def refuse_demo_on_real_data() -> None:
    """Raise DemoRefused where the database has accounts and is not demo."""
    if not is_demo_database() and User.objects.exists():
        raise DemoRefused(
            _("演示模式不能用于正式数据库：该库已有账号。请另选数据目录，或关闭演示模式（CHUANGJU_DEMO=0）。")
        )


def refuse_demo_mismatch() -> None:
    """Raise DemoRefused unless demo mode and demo database go together: demo passwords are known to everybody."""
    if settings.DEMO:
        refuse_demo_on_real_data()
    elif is_demo_database():
        raise DemoRefused(
            _("演示数据库不能用于正式运行：演示账号的密码是公开的。请另选数据目录，或打开演示模式（CHUANGJU_DEMO=1）。")
        )


def refuse_unsafe_database() -> None:
    """Raise UnsafeDatabase unless SQLite begins IMMEDIATE, writes ahead and waits for the disk."""
    if connection.vendor != "sqlite":
        return
    connection.ensure_connection()
    if connection.transaction_mode != "IMMEDIATE":  # type: ignore[attr-defined]
        raise UnsafeDatabase(_("数据库设置不安全：SQLite 的 transaction_mode 必须为 IMMEDIATE。"))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        journal = str(cursor.fetchone()[0]).lower()
        cursor.execute("PRAGMA synchronous")
        synchronous = cursor.fetchone()[0]
    if journal != "wal":
        raise UnsafeDatabase(
            _("数据库设置不安全：SQLite 的 journal_mode 必须为 WAL，现为 %(mode)s。") % {"mode": journal}
        )
    if synchronous != _FULL:
        raise UnsafeDatabase(_("数据库设置不安全：SQLite 的 synchronous 必须为 FULL。"))
