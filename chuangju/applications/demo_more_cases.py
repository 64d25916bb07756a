"""演示办件（续） - the rarer states: suspended, re-opened, drawn for a check, offered and waiting, lapsed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from chuangju.applications.case_locks import lock_application
from chuangju.applications.children import open_reopening
from chuangju.applications.decision_settings import days_of
from chuangju.applications.demo_driving import Cast, Drive, begin
from chuangju.applications.grown_cases import CHECK, Growth, grow_case
from chuangju.applications.lapses import lapse_cases
from chuangju.applications.models import Application, Step, Window
from chuangju.applications.offers import make_offer
from chuangju.applications.samples import settle_sample
from chuangju.applications.steps import complete_step
from chuangju.applications.suspensions import suspend_application
from chuangju.policies.current import current_catalogue
from chuangju.rules.showing import show_value
from chuangju.ventures.models import Party

_LAPSED_AFTER = timedelta(days=190)


def suspend(drive: Drive) -> None:
    """Stands still while something else is cleared."""
    drive.accept()
    drive.pass_days(1)
    clerk = drive.cast.people["clerk"]
    suspend_application(drive.fresh(), reason="场地权属正在诉讼，等待判决", by=clerk, at=drive.at)


def wait_for_funds(drive: Drive) -> None:
    """Approved, while the line that its window names has not been entered yet."""
    Window.objects.filter(pk=drive.application.window_id).update(budget_code="Z99")
    drive.grant()


def reopen(drive: Drive) -> None:
    """Decided, and done over again because a datum was wrong."""
    drive.grant()
    drive.pass_days(5)
    open_reopening(drive.fresh(), reason="社保数据补登后重新核定金额", by=drive.cast.people["clerk"], at=drive.at)


def sample_after(paid: Callable[[Drive], None]) -> Callable[[Drive], None]:
    """Paid, drawn for a check on the spot, and found wrong: the hearing before money is taken back goes on."""

    def sample(drive: Drive) -> None:
        paid(drive)
        drive.pass_days(15)
        reason = "按比例抽取（演示），随机种子 demo-2026"
        growth = Growth(Application.Kind.SAMPLE, reason, (CHECK,), promised_days=days_of("sample", "promised_days"))
        child = Drive(grow_case(lock_application(drive.fresh()), growth, by=None, at=drive.at), drive.cast, drive.at)
        step = child.step()
        if step is None or step.unit_id not in drive.cast.clerks:
            return
        child.pass_days(3)
        clerk = drive.cast.clerks[step.unit_id or 0]
        complete_step(step, Step.Result.FAILED, opinion="现场已无人办公，与申报不符", by=clerk, at=child.at)
        settle_sample(child.fresh(), by=None, at=child.at)

    return sample


def offer(entry: dict[str, Any], party: Party, _cast: Cast, at: datetime) -> None:
    """Offered, and nobody has answered yet."""
    policy = current_catalogue().version_for(entry["policy"], timezone.localdate(at))
    if policy is None:
        return
    given = policy.examples[entry.get("example", 0)].given
    facts = {key: show_value(value) for key, value in given.items() if value is not None}
    make_offer(policy, party, facts, said="企业名录（演示）", by=None, at=at)


def lapse(entry: dict[str, Any], party: Party, cast: Cast, at: datetime) -> None:
    """A draft that nobody went on with."""
    begin(entry, party, cast, at)
    later = at + _LAPSED_AFTER
    lapse_cases(on=timezone.localdate(later), at=later)


BEFORE = {"offered": offer, "lapsed": lapse}
