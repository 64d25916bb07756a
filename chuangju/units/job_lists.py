"""任务列表 - what the lists of jobs and of duties' runs show, and how they are narrowed."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangju.kernel.duties import duties
from chuangju.kernel.job_kinds import job_kinds
from chuangju.kernel.jobs import kind_label
from chuangju.kernel.models import DutyRun, Job
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.units.job_words import (
    duration,
    duty_label,
    job_problem,
    job_progress,
    job_result,
    job_sign,
    run_outcome,
    run_sign,
    spent,
)

_STATE = Filter("state", gettext_lazy("状态"), lambda: Job.State.choices, lambda rows, state: rows.filter(state=state))
_KIND = Filter(
    "kind",
    gettext_lazy("类型"),
    lambda: [(kind.kind, str(kind.label)) for kind in job_kinds.values()],
    lambda rows, kind: rows.filter(kind=kind),
)


def _job_url(job: Job) -> str:
    return reverse("units:job", args=[job.pk])


def _columns(at: datetime) -> tuple[Column, ...]:
    return (
        Column("title", gettext_lazy("任务"), lambda job: job.title, sort="title", url=_job_url),
        Column("kind", gettext_lazy("类型"), lambda job: kind_label(job.kind), sort="kind"),
        Column("state", gettext_lazy("状态"), job_sign, sort="state"),
        Column("told", gettext_lazy("结果"), _told),
        Column("created", gettext_lazy("提交时间"), lambda job: job.created_at, sort="created_at", css="short"),
        Column("spent", gettext_lazy("用时"), lambda job: duration(spent(job, at=at)), css="short"),
    )


def _told(job: Job) -> str:
    """What came of it; while it goes on, how far it is."""
    return job_result(job) or job_problem(job) or job_progress(job)


def own_job_listing(at: datetime) -> Listing:
    """One's own jobs, newest first."""
    return Listing(
        key="own_jobs",
        title=gettext_lazy("我的后台任务"),
        columns=_columns(at),
        filters=(_STATE,),
        search=lambda rows, text: rows.filter(title__icontains=text),
        search_label=gettext_lazy("搜索任务名称"),
        default_sort="-created",
        empty_title=gettext_lazy("还没有后台任务"),
        empty_hint=gettext_lazy("需要较长时间的工作会在后台进行，可以离开页面，回到这里查看结果。"),
    )


def job_listing(at: datetime) -> Listing:
    """Everybody's jobs, newest first."""
    columns = list(_columns(at))
    columns.insert(4, Column("by", gettext_lazy("发起人"), _starter, sort="started_by__name", css="short"))
    columns.append(Column("attempts", gettext_lazy("次数"), lambda job: job.attempts, sort="attempts", css="short"))
    return Listing(
        key="jobs",
        title=pgettext_lazy("list", "后台任务"),
        columns=columns,
        filters=(_STATE, _KIND),
        search=lambda rows, text: rows.filter(Q(title__icontains=text) | Q(started_by__name__icontains=text)),
        search_label=gettext_lazy("搜索任务、发起人"),
        default_sort="-created",
        empty_title=gettext_lazy("还没有后台任务"),
        empty_hint=gettext_lazy("读取文件、生成文件等工作会出现在这里。"),
    )


def _starter(job: Job) -> str:
    return job.started_by.name if job.started_by else _("系统")


def duty_run_listing() -> Listing:
    """What the programme did by itself, newest first."""
    labels = {name: str(duty.label) for name, duty in duties.items()}
    return Listing(
        key="duty_runs",
        title=gettext_lazy("执行记录"),
        columns=(
            Column("period", gettext_lazy("期次"), lambda run: run.period, sort="starts_at,duty", css="short"),
            Column("duty", gettext_lazy("事务"), lambda run: duty_label(run.duty, labels), sort="duty"),
            Column("state", gettext_lazy("状态"), run_sign, sort="state"),
            Column("outcome", gettext_lazy("结果"), run_outcome),
            Column("attempts", gettext_lazy("次数"), lambda run: run.attempts, sort="attempts"),
            Column("finished", gettext_lazy("结束时间"), lambda run: run.finished_at, sort="finished_at", css="short"),
        ),
        filters=(
            Filter("duty", gettext_lazy("事务"), labels.items, lambda rows, name: rows.filter(duty=name)),
            Filter(
                "state",
                gettext_lazy("状态"),
                lambda: DutyRun.State.choices,
                lambda rows, state: rows.filter(state=state),
            ),
        ),
        search=lambda rows, text: rows.filter(
            Q(problem__icontains=text) | Q(outcome__icontains=text) | Q(period__icontains=text)
        ),
        search_label=gettext_lazy("搜索期次、结果"),
        default_sort="-period",
        empty_title=gettext_lazy("还没有执行记录"),
        empty_hint=gettext_lazy("执行进程启动后，到期的事务会自动执行。"),
    )
