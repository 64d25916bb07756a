"""保养 - the kernel's own duties: anchors, verification, and what is no longer needed goes."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from chuangju.kernel.anchors import export_anchor
from chuangju.kernel.attachments import tidy_incoming
from chuangju.kernel.duties import Duty, DutyAlarm
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.idempotency import forget_keys
from chuangju.kernel.integrity import checks, find_faults
from chuangju.kernel.jobs import forget_jobs
from chuangju.kernel.models import DutyRun
from chuangju.kernel.preparation import tidyings

A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
# How long a job can be found again, and how long it is kept what a duty did when.
KEEP_JOBS = timedelta(days=90)
KEEP_QUARTER_HOURS, KEEP_DAYS = timedelta(days=30), timedelta(days=1100)
SHOWN_FAULTS = 20


def export_daily_anchor(period: DutyPeriod) -> str:
    """The heads of the audit chains, written down outside the database."""
    return _("已写入 %(file)s") % {"file": export_anchor(period.on).name}


def verify_daily(_period: DutyPeriod) -> str:
    """Everything that can be recomputed; raises DutyAlarm with what was found."""
    faults = find_faults()
    if faults:
        said = ngettext("发现 %(count)d 处问题：", "发现 %(count)d 处问题：", len(faults)) % {"count": len(faults)}
        raise DutyAlarm("\n".join([said, *faults[:SHOWN_FAULTS]]))
    return _("%(count)d 项检查，未发现问题") % {"count": len(checks)}


def forget_what_is_old(period: DutyPeriod) -> int:
    """Ended sessions, form keys, jobs and runs of duties that nobody asks for any more; how many rows went."""
    at = period.at
    store = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
    sessions: int = store.get_model_class().objects.filter(expire_date__lt=at).delete()[0]
    short = DutyRun.objects.filter(period__contains=":", starts_at__lt=at - KEEP_QUARTER_HOURS)
    long = DutyRun.objects.filter(starts_at__lt=at - KEEP_DAYS)
    runs = short.delete()[0] + long.delete()[0]
    return sessions + runs + forget_keys(before=at - A_WEEK) + forget_jobs(before=at - KEEP_JOBS)


def tidy_files(period: DutyPeriod) -> int:
    """Files that killed processes left behind; how many went."""
    before = period.at - A_DAY
    return sum(tidy(before=before) or 0 for tidy in (tidy_incoming, *tidyings.values()))


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
        "kernel.files",
        gettext_lazy("清理遗留文件"),
        "day",
        tidy_files,
        catches_up=False,
        order=920,
        is_repeatable=True,
    ),
)
