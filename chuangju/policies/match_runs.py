"""匹配批次 - a run is asked for, computed in the background, and found again with its result; files lie outside the web root."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from chuangju.kernel.audit import record_event
from chuangju.kernel.job_kinds import JobRefused
from chuangju.kernel.jobs import cancel_job, live_job, start_job
from chuangju.kernel.models import Job, User
from chuangju.kernel.refusals import Refused
from chuangju.policies.current import current_catalogue
from chuangju.policies.match_access import can_start_runs
from chuangju.policies.models import MatchRun
from chuangju.rules.policy import Policy
from chuangju.ventures.models import RegisterSnapshot
from chuangju.ventures.register_files import snapshot_path

MATCH_JOB = "policies.match"
DECISIONS = "decisions.parquet"
Tell = Callable[[int, int, str], None]


class MatchRefused(Refused):
    """The run cannot be started, read or removed as it stands."""


def matches_folder() -> Path:
    """Where the decisions of runs lie."""
    return Path(settings.DATA_DIR) / "matches"


def run_folder(run: MatchRun) -> Path:
    """Where the decisions of one run lie."""
    return matches_folder() / run.pk.hex


def policies_to_match(on: date) -> list[Policy]:
    """The policies that answer on a day, in the order of the catalogue."""
    return current_catalogue().in_force(on)


def policies_of(keys: Sequence[str]) -> list[Policy]:
    """These versions; raises MatchRefused where one is no more in the catalogue."""
    known = {one.key: one for one in current_catalogue().policies}
    gone = [key for key in keys if key not in known]
    if gone:
        raise MatchRefused(_("目录里没有这个政策版本：%(keys)s") % {"keys": "、".join(gone[:5])})
    return [known[key] for key in keys]


@transaction.atomic
def start_run(
    snapshot: RegisterSnapshot, *, on: date, policies: Sequence[Policy], title: str, by: User | None, at: datetime
) -> MatchRun:
    """Ask for a run; raises MatchRefused, and RegisterMissing where the register's file is gone."""
    if by is not None and not can_start_runs(by, on=timezone.localdate(at)):
        raise MatchRefused(_("只有政策主管和创建办可以发起匹配"))
    if not policies:
        raise MatchRefused(_("请至少选一项政策"))
    if snapshot.state not in RegisterSnapshot.NUMBERED:
        raise MatchRefused(_("这版企业名录还没有确认，不能用来匹配"))
    snapshot_path(snapshot)
    run = MatchRun.objects.create(
        snapshot=snapshot,
        on=on,
        policies=[one.key for one in policies],
        title=title.strip()[:120],
        started_by=by,
        started_at=at,
    )
    after = {"on": on, "policies": len(run.policies), gettext_noop("名录"): snapshot.number}
    record_event("policies.match_started", run, by=by, at=at, after=after)
    start_job(MATCH_JOB, title=_job_title(run), payload={"run": str(run.pk)}, by=by, at=at, key=str(run.pk))
    return run


def _job_title(run: MatchRun) -> str:
    told = {"count": len(run.policies), "day": run.on.isoformat()}
    return run.title or _("政策找企业：%(count)d 项政策，%(day)s") % told


def working_job(run: MatchRun) -> Job | None:
    """The job that computes the run, or waits to."""
    return live_job(MATCH_JOB, str(run.pk))


def last_job(run: MatchRun) -> Job | None:
    """The last job of the run, whatever became of it."""
    return Job.objects.filter(kind=MATCH_JOB, key=str(run.pk)).order_by("-created_at").first()


@transaction.atomic
def restart_run(run: MatchRun, *, by: User, at: datetime) -> None:
    """Ask again for a run that came to nothing; raises MatchRefused."""
    if not can_start_runs(by, on=timezone.localdate(at)):
        raise MatchRefused(_("只有政策主管和创建办可以发起匹配"))
    fresh = MatchRun.objects.select_for_update().get(pk=run.pk)
    if fresh.is_done:
        return
    if working_job(fresh) is None:
        record_event("policies.match_restarted", fresh, by=by, at=at, after={"policies": len(fresh.policies)})
    start_job(MATCH_JOB, title=_job_title(fresh), payload={"run": str(fresh.pk)}, by=by, at=at, key=str(fresh.pk))


@transaction.atomic
def stop_run(run: MatchRun, *, by: User, at: datetime) -> None:
    """Take a run back while it is being computed; nothing of it stays but its line in the list. Raises MatchRefused."""
    if not can_start_runs(by, on=timezone.localdate(at)):
        raise MatchRefused(_("只有政策主管和创建办可以停止匹配"))
    job = working_job(run)
    if job is None:
        raise MatchRefused(_("这次匹配已经结束"))
    try:
        cancel_job(job, by=by, at=at)
    except JobRefused as refused:
        raise MatchRefused(refused.sentence) from refused


def compute_run(run: MatchRun, tell: Tell) -> dict[str, Any]:
    """Decide and count, into the run's folder; what is there from an earlier attempt is replaced. Raises Refused."""
    from chuangju.policies.match_summary import ENTERPRISES, summarise, write_enterprises  # noqa: PLC0415 - 60 MB
    from chuangju.rules.bulk.decisions import CannotDecide  # noqa: PLC0415 - as above
    from chuangju.rules.bulk.run import match  # noqa: PLC0415 - as above

    begun = time.perf_counter()
    register, folder = snapshot_path(run.snapshot), run_folder(run)
    policies = policies_of(run.policies)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    deciding, counting = _("逐户计算"), _("汇总")
    try:
        found = match(register, policies, on=run.on, out=folder, progress=lambda done, rows: tell(done, rows, deciding))
    except CannotDecide as problem:
        raise MatchRefused(str(problem)) from problem
    write_enterprises(register, folder / ENTERPRISES)
    summary = summarise(register, folder, policies, on=run.on, tell=lambda done, count: tell(done, count, counting))
    summary["seconds"], summary["warnings"] = round(found.seconds, 3), list(found.warnings)[:20]
    summary["milliseconds"] = round((time.perf_counter() - begun) * 1000)
    return summary


def keep_result(run: MatchRun, summary: dict[str, Any], *, at: datetime) -> None:
    """The run has come to its end; called inside the one transaction of its job."""
    with (run_folder(run) / DECISIONS).open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    MatchRun.objects.filter(pk=run.pk, state=MatchRun.State.COUNTING).update(
        state=MatchRun.State.DONE,
        summary=summary,
        rows=summary["rows"],
        milliseconds=summary["milliseconds"],
        sha256=digest,
        finished_at=at,
    )


def decisions_path(run: MatchRun) -> Path:
    """The decisions of a finished run; raises MatchRefused where the file is gone."""
    path = run_folder(run) / DECISIONS
    if not path.is_file():
        raise MatchRefused(_("这次匹配的结果文件不在存储中，汇总仍可查看；请重新匹配，或告诉系统管理员"))
    return path


def tidy_matches(*, before: datetime) -> int:
    """Remove folders that no run owns: what killed processes and taken back transactions left behind."""
    known = {key.hex for key in MatchRun.objects.values_list("pk", flat=True)}
    removed = 0
    for folder in matches_folder().glob("*"):
        if folder.is_dir() and folder.name not in known and folder.stat().st_mtime < before.timestamp():
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    return removed
