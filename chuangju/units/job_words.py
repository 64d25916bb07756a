"""任务的说法 - states, progress and results of jobs and duties as pages say them, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from chuangju.kernel.duties import Duty, last_runs
from chuangju.kernel.duty_periods import next_span
from chuangju.kernel.models import DutyRun, Job
from chuangju.ui.signs import Sign

_JOB_SIGNS = {
    Job.State.WAITING: "flat",
    Job.State.RUNNING: "info",
    Job.State.DONE: "done",
    Job.State.FAILED: "late",
    Job.State.CANCELLED: "flat",
}
_RUN_SIGNS = {
    DutyRun.State.RUNNING: "info",
    DutyRun.State.WAITING: "soon",
    DutyRun.State.DONE: "done",
    DutyRun.State.FAILED: "late",
    DutyRun.State.FOUND: "late",
}


def job_sign(job: Job) -> Sign:
    """The state of a job; one that waits for a further attempt says so."""
    if job.state == Job.State.WAITING and job.attempts:
        return Sign("soon", _("等待第 %(number)d 次执行") % {"number": job.attempts + 1})
    if job.state == Job.State.RUNNING and job.cancel_requested_at is not None:
        return Sign("soon", _("正在取消"))
    return Sign(_JOB_SIGNS[Job.State(job.state)], job.get_state_display())


def run_sign(run: DutyRun) -> Sign:
    """The state of a duty's run."""
    return Sign(_RUN_SIGNS[DutyRun.State(run.state)], run.get_state_display())


def job_result(job: Job) -> str:
    """What came of a job; empty while nothing has."""
    said = str(job.result.get("sentence", ""))
    values = job.result.get("values") or {}
    if not said:
        return _("任务已完成") if job.state == Job.State.DONE else ""
    return _(said) % values if values else _(said)


def job_problem(job: Job) -> str:
    """Why the last attempt came to nothing."""
    return _(job.problem) if job.problem else ""


def job_progress(job: Job) -> str:
    """How far a running job is, where it says so."""
    if job.state != Job.State.RUNNING or not job.total:
        return ""
    return _("已完成 %(percent)d%%") % {"percent": min(100, job.done * 100 // job.total)}


def run_outcome(run: DutyRun) -> str:
    """What a run changed or found, or why it came to nothing."""
    if run.problem:
        first, _newline, rest = run.problem.partition("\n")
        lines = run.values.get("lines", {}).get(get_language(), [])
        return "\n".join(part for part in (_filled(first, run.values), rest, *lines) if part)
    if run.count is not None:
        return ngettext("处理 %(count)d 项", "处理 %(count)d 项", run.count) % {"count": run.count}
    return _filled(run.outcome, run.values)


def _filled(sentence: str, values: dict[str, Any]) -> str:
    """A source sentence in the reader's language; one that was kept as it was said has no values."""
    if not sentence:
        return ""
    return _(sentence) % values if values else _(sentence)


def spent(job: Job, *, at: datetime) -> timedelta | None:
    """How long the attempt has gone on, or went on; None before it began."""
    if job.started_at is None or job.state == Job.State.WAITING:
        return None
    return max(timedelta(), (job.finished_at or at) - job.started_at)


def left(job: Job, *, at: datetime) -> timedelta | None:
    """How long it will still take if it goes on as it has; None where nothing can be said."""
    gone = spent(job, at=at)
    if job.state != Job.State.RUNNING or gone is None or not 0 < job.done <= job.total:
        return None
    return gone * (job.total - job.done) / job.done


def duration(span: timedelta | None) -> str:
    """A length of time in words: seconds under two minutes, then minutes, then hours and minutes."""
    if span is None:
        return ""
    seconds = round(span.total_seconds())
    if not seconds:
        return _("不到 1 秒")
    if seconds < 120:  # noqa: PLR2004 - two minutes
        return ngettext("%(count)d 秒", "%(count)d 秒", seconds) % {"count": seconds}
    minutes = round(seconds / 60)
    if minutes < 120:  # noqa: PLR2004 - two hours
        return ngettext("%(count)d 分钟", "%(count)d 分钟", minutes) % {"count": minutes}
    hours, rest = divmod(minutes, 60)
    if not rest:
        return ngettext("%(count)d 小时", "%(count)d 小时", hours) % {"count": hours}
    return _("%(hours)d 小时 %(minutes)d 分钟") % {"hours": hours, "minutes": rest}


@dataclass(frozen=True)
class DutyLine:
    """One duty as the page shows it: its last run and when the next one is due (None: now)."""

    duty: Duty
    rhythm: str
    last: DutyRun | None
    sign: Sign | None
    outcome: str
    next_at: datetime | None
    # Whether asking for it now would not be refused: a period that came to nothing, or one that may be run anew.
    may_run_now: bool


def duty_lines(duties: list[Duty], *, at: datetime) -> list[DutyLine]:
    """Every duty with its last run; one query."""
    last = last_runs()
    return [_duty_line(duty, last.get(duty.name), at=at) for duty in duties]


def _duty_line(duty: Duty, last: DutyRun | None, *, at: datetime) -> DutyLine:
    due = next_span(duty.every, last.starts_at if last else None, at=at)
    if last is not None and last.state == DutyRun.State.WAITING and last.next_try_at is not None:
        due = last.next_try_at
    return DutyLine(
        duty=duty,
        rhythm=_("每天") if duty.every == "day" else _("每一刻钟"),
        last=last,
        sign=run_sign(last) if last else None,
        outcome=run_outcome(last) if last else "",
        next_at=due if due > at else None,
        may_run_now=last is not None
        and last.state != DutyRun.State.RUNNING
        and (duty.is_repeatable or last.state != DutyRun.State.DONE),
    )


def duty_label(name: str, labels: dict[str, str]) -> str:
    """What a duty is called; its code where its package is gone."""
    return labels.get(name, name)
