"""抽查 - so many of a hundred granted cases are drawn and looked at on the spot; what is found wrong goes to a hearing.

The draw can be repeated by anybody: cases in the order of their numbers, shuffled by the seed that is kept with it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.access import desk_units
from chuangju.applications.case_clocks import stop_all_clocks
from chuangju.applications.case_locks import lock_application
from chuangju.applications.decision_rights import DecisionRefused
from chuangju.applications.decision_settings import days_of
from chuangju.applications.grown_cases import CHECK, Growth, Kind, grow_case, live_child
from chuangju.applications.models import Application, Step
from chuangju.applications.recoveries import open_recovery
from chuangju.kernel.audit import record_event
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.units.models import Role, Unit

WHOLE = 100


def granted_cases(unit: Unit, *, policy_id: str = "", since: date | None = None) -> QuerySet[Application]:
    """From what is drawn: granted cases of a unit that have not been sampled."""
    found = Application.objects.filter(unit=unit, kind=Kind.APPLICATION, state=Application.State.GRANTED)
    if policy_id:
        found = found.filter(policy_id=policy_id)
    if since is not None:
        found = found.filter(decided_at__date__gte=since)
    return found.exclude(children__kind=Kind.SAMPLE)


def drawn_from(numbers: Sequence[str], *, share: int, seed: str) -> list[str]:
    """The numbers that a seed draws, one at least where there is any; the same list and seed draw the same."""
    if not numbers:
        return []
    count = max(1, -(-len(numbers) * share // WHOLE))
    return sorted(random.Random(seed).sample(sorted(numbers), min(count, len(numbers))))  # noqa: S311 - anybody can repeat it


@transaction.atomic
def draw_sample(
    unit: Unit,
    *,
    share: int,
    seed: str,
    policy_id: str = "",
    since: date | None = None,
    by: User,
    at: datetime,
) -> list[Application]:
    """Draw granted cases of a unit and open a check for each; raises DecisionRefused."""
    on = timezone.localdate(at)
    if unit.pk not in desk_units(by, on, Role.CLERK, Role.APPROVER):
        raise DecisionRefused(_("只有责任单位的经办人和审批人可以抽查"))
    if not 0 < share <= WHOLE:
        raise DecisionRefused(_("抽查比例应在 1 到 100 之间"))
    take_locks(f"applications.sample:{unit.pk}")
    cases = {str(one.number): one for one in granted_cases(unit, policy_id=policy_id, since=since)}
    words = seed.strip() or f"{unit.code}-{at:%Y%m%d%H%M}"
    drawn = [cases[number] for number in drawn_from(list(cases), share=share, seed=words)]
    if not drawn:
        raise DecisionRefused(_("没有可以抽查的办件"))
    reason = _("从 %(whole)d 件中按 %(share)d%% 抽取，随机种子 %(seed)s") % {
        "whole": len(cases),
        "share": share,
        "seed": words,
    }
    growth = Growth(Kind.SAMPLE, reason, (CHECK,), promised_days=days_of("sample", "promised_days"))
    children = [grow_case(lock_application(one), growth, by=by, at=at) for one in drawn]
    after = {"seed": words, "share": share, "whole": len(cases), "drawn": [one.number for one in drawn]}
    record_event("applications.sample_drawn", unit, by=by, at=at, after=after, reason=reason)
    return children


@transaction.atomic
def settle_sample(application: Application, *, by: User | None, at: datetime) -> Application | None:
    """Close a check whose visit is over; what was found wrong begins a recovery with its hearing. None while it goes on."""
    fresh = lock_application(application)
    visit = fresh.steps.filter(kind=Step.Kind.VISIT).order_by("position", "pk").first()
    if fresh.state != Application.State.IN_REVIEW or visit is None or visit.state != Step.State.DONE:
        return None
    is_right = visit.result != Step.Result.FAILED
    stop_all_clocks(fresh, by=by, at=at)
    fresh.state = Application.State.GRANTED if is_right else Application.State.REFUSED
    fresh.decided_at = fresh.closed_at = fresh.changed_at = at
    fresh.revision += 1
    fresh.save()
    after = {"state": fresh.state, "opinion": visit.opinion[:200]}
    record_event("applications.sample_settled", fresh, by=by, at=at, after=after, about=fresh.parent)
    if not is_right and fresh.parent is not None and live_child(fresh.parent, Kind.RECOVERY) is None:
        reason = _("抽查发现：%(found)s") % {"found": visit.opinion or "—"}
        open_recovery(fresh.parent, reason=reason, by=None, at=at)
    return fresh


def settle_samples(period: DutyPeriod) -> int:
    """What the duty does every quarter of an hour: checks whose visit is over."""
    over = Application.objects.filter(
        kind=Kind.SAMPLE, state=Application.State.IN_REVIEW, steps__kind=Step.Kind.VISIT, steps__state=Step.State.DONE
    )
    return sum(settle_sample(one, by=None, at=period.at) is not None for one in over.distinct().order_by("pk"))
