"""批次清理 - runs and simulations go when whoever made them says so, and by themselves after the time that the settings give.

What goes is the row with its counts and the file of decisions about single enterprises; the audit log keeps that it was there.
"""

from __future__ import annotations

import shutil
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangju.kernel.audit import record_event
from chuangju.kernel.duties import Duty
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.jobs import live_keys
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm
from chuangju.policies.desk_settings import desk_settings
from chuangju.policies.match_runs import MATCH_JOB, MatchRefused, run_folder, working_job
from chuangju.policies.models import MatchRun, Simulation

_AT_ONCE = 200


def run_goes_on(run: MatchRun) -> date:
    """The day on which a run is removed by itself."""
    return _goes_on(run.started_at, "match_runs_days")


def simulation_goes_on(simulation: Simulation) -> date:
    """The day on which a saved simulation is removed by itself."""
    return _goes_on(simulation.saved_at, "simulations_days")


def _goes_on(made_at: datetime, setting: str) -> date:
    return timezone.localdate(made_at) + timedelta(days=desk_settings()["retention"][setting])


def _told(run: MatchRun) -> dict[str, object]:
    return {"title": str(run), "on": run.on, "rows": run.rows, "policies": len(run.policies), "sha256": run.sha256}


@transaction.atomic
def remove_run(run: MatchRun, *, by: User, at: datetime) -> None:
    """Drop a run that one started oneself, with its files; raises MatchRefused while it is being computed."""
    take_locks(f"policies.match_run:{run.pk}")
    fresh = MatchRun.objects.select_for_update(of=("self",)).filter(pk=run.pk).first()
    if fresh is None:
        raise StaleForm(_("这次匹配已经删除"))
    if fresh.started_by_id != by.pk:
        raise MatchRefused(_("只能删除自己发起的匹配"))
    if working_job(fresh) is not None:
        raise MatchRefused(_("正在计算，请先停止再删除"))
    record_event("policies.match_removed", fresh, by=by, at=at, before=_told(fresh))
    _drop(fresh)


def _drop(run: MatchRun) -> None:
    """The row now, the files once that is certain; a folder left by a killed process is tidied at the next start."""
    folder = run_folder(run)
    run.delete()
    transaction.on_commit(lambda: shutil.rmtree(folder, ignore_errors=True))


def forget_runs(period: DutyPeriod) -> int:
    """Remove what is past its time; how many went. What a worker is computing at the moment stays for another day."""
    working = live_keys(MATCH_JOB)
    gone = 0
    for run in MatchRun.objects.filter(started_at__lt=_before(period, "match_runs_days")).order_by("pk")[:_AT_ONCE]:
        if str(run.pk) not in working:
            record_event("policies.match_removed", run, by=None, at=period.at, before=_told(run))
            _drop(run)
            gone += 1
    old = Simulation.objects.filter(saved_at__lt=_before(period, "simulations_days")).order_by("pk")[:_AT_ONCE]
    for simulation in old:
        before = {"title": simulation.title, "policy_key": simulation.policy_key}
        record_event("policies.simulation_removed", simulation, by=None, at=period.at, before=before)
        simulation.delete()
        gone += 1
    return gone


def _before(period: DutyPeriod, setting: str) -> datetime:
    return period.at - timedelta(days=desk_settings()["retention"][setting])


DUTY = Duty(
    "policies.match_retention",
    gettext_lazy("清理过期的匹配和测算"),
    "day",
    forget_runs,
    catches_up=False,
    order=905,
    is_repeatable=True,
)
