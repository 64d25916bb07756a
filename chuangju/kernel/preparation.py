"""准备: what a server start does first: tables, reference data, demo data; almost nothing the second time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.anchors import export_anchor
from chuangju.kernel.attachments import tidy_incoming
from chuangju.kernel.demo import load_demo
from chuangju.kernel.idempotency import forget_keys
from chuangju.kernel.installation import refuse_demo_mismatch, refuse_unsafe_database
from chuangju.kernel.key_rotation import prepare_keys
from chuangju.kernel.reference_data import load_reference_data
from chuangju.kernel.registry import Registry

tidyings: Registry[str, Callable[..., int]] = Registry("tidyings")

_A_DAY = timedelta(days=1)
_A_WEEK = timedelta(days=7)


def register_tidying(name: str, tidy: Callable[..., int]) -> None:
    """Add `tidy(before=…)`, run at every start: it removes what killed processes left behind before that moment."""
    tidyings.register(name, tidy)


def prepare_installation(*, at: datetime, tell: Callable[[str], None]) -> None:
    """Make the database ready for the server, telling each step; raises Refused where it must not start."""
    refuse_unsafe_database()
    if has_open_migrations():
        tell(_("正在建立或更新数据表…"))
        call_command("migrate", interactive=False, verbosity=0)
    refuse_demo_mismatch()
    prepare_keys(at=at)
    for name in load_reference_data(at=at):
        tell(_("已载入基础数据：%(name)s") % {"name": name})
    if settings.DEMO:
        for name in load_demo(at=at):
            tell(_("已载入演示数据：%(name)s") % {"name": name})
    tidy_incoming(before=at - _A_DAY)
    for tidy in tidyings.values():
        tidy(before=at - _A_DAY)
    forget_keys(before=at - _A_WEEK)
    export_anchor(timezone.localdate(at))


def has_open_migrations() -> bool:
    """Whether the database lacks a table or a change that the code expects."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
