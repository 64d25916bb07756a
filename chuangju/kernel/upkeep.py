"""保养 - the kernel's own duties: anchors, verification, and what is no longer needed goes."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy, gettext_noop, override

from chuangju.kernel.anchors import export_anchor
from chuangju.kernel.attachments import tidy_incoming
from chuangju.kernel.duties import Duty, DutyAlarm, DutyTold
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.idempotency import forget_keys
from chuangju.kernel.integrity import checks, find_faults
from chuangju.kernel.jobs import forget_jobs
from chuangju.kernel.message_retention import forget_messages
from chuangju.kernel.models import DutyRun
from chuangju.kernel.preparation import tidyings

A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
# How long a job can be found again, and how long it is kept what a duty did when.
KEEP_JOBS = timedelta(days=90)
KEEP_QUARTER_HOURS, KEEP_DAYS = timedelta(days=30), timedelta(days=1100)
# Messages are a convenience; what counts stands in the records they tell of. Codes and invitations name strangers.
KEEP_MESSAGES, KEEP_MESSAGES_WITHOUT_ACCOUNT = timedelta(days=730), timedelta(days=180)
SHOWN_FAULTS = 20
# Of each index; enough for choosing between them, and done in milliseconds however many rows there are.
SAMPLED_ROWS = 1000


def export_daily_anchor(period: DutyPeriod) -> DutyTold:
    """The heads of the audit chains, written down outside the database."""
    return DutyTold(gettext_noop("已写入 %(file)s"), {"file": export_anchor(period.on).name})


def verify_daily(_period: DutyPeriod) -> DutyTold:
    """Everything that can be recomputed; raises DutyAlarm with what was found, in each language."""
    faults = find_faults()
    if faults:
        lines = {}
        for language, _name in settings.LANGUAGES:
            with override(language):
                lines[language] = find_faults()[:SHOWN_FAULTS]
        raise DutyAlarm(gettext_noop("发现 %(count)d 处问题："), values={"count": len(faults)}, lines=lines)
    return DutyTold(gettext_noop("%(count)d 项检查，未发现问题"), {"count": len(checks)})


def forget_what_is_old(period: DutyPeriod) -> int:
    """Ended sessions, form keys, jobs and runs of duties that nobody asks for any more; how many rows went."""
    at = period.at
    store = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
    sessions: int = store.get_model_class().objects.filter(expire_date__lt=at).delete()[0]
    short = DutyRun.objects.filter(period__contains=":", starts_at__lt=at - KEEP_QUARTER_HOURS)
    long = DutyRun.objects.filter(starts_at__lt=at - KEEP_DAYS)
    runs = short.delete()[0] + long.delete()[0]
    return sessions + runs + forget_keys(before=at - A_WEEK) + forget_jobs(before=at - KEEP_JOBS)


def forget_old_messages(period: DutyPeriod) -> int:
    """Messages and their deliveries after their time: a shorter one for those to people without an account; how many."""
    at = period.at
    return forget_messages(before=at - KEEP_MESSAGES, before_without_account=at - KEEP_MESSAGES_WITHOUT_ACCOUNT)


def tidy_files(period: DutyPeriod) -> int:
    """Files that killed processes left behind; how many went."""
    before = period.at - A_DAY
    return sum(tidy(before=before) or 0 for tidy in (tidy_incoming, *tidyings.values()))


def keep_statistics(_period: DutyPeriod) -> int:
    """Tell SQLite how its tables are filled, from a sample: large installations would be twice as slow without.

    PostgreSQL does so by itself. Nothing that anybody reads is changed, so that nothing is counted.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit = {SAMPLED_ROWS}")
            cursor.execute("ANALYZE")
    return 0


DUTIES: tuple[Duty, ...] = (
    Duty(
        "kernel.anchors",
        gettext_lazy("导出审计链锚"),
        "day",
        export_daily_anchor,
        catches_up=False,
        order=10,
        is_repeatable=True,
    ),
    Duty(
        "kernel.verify",
        gettext_lazy("校验审计链与附件"),
        "day",
        verify_daily,
        catches_up=False,
        order=900,
        is_atomic=False,
        is_repeatable=True,
    ),
    Duty(
        "kernel.retention",
        gettext_lazy("清理过期会话与任务"),
        "day",
        forget_what_is_old,
        catches_up=False,
        order=910,
        is_repeatable=True,
    ),
    Duty(
        "kernel.messages",
        gettext_lazy("清理过期消息"),
        "day",
        forget_old_messages,
        catches_up=False,
        order=915,
        is_repeatable=True,
    ),
    Duty(
        "kernel.files",
        gettext_lazy("清理遗留文件"),
        "day",
        tidy_files,
        catches_up=False,
        order=920,
        is_repeatable=True,
    ),
    Duty(
        "kernel.statistics",
        gettext_lazy("更新数据库统计"),
        "quarter_hour",
        keep_statistics,
        catches_up=False,
        order=930,
        is_repeatable=True,
    ),
)
