"""应享未享 - what matching says that enterprises are entitled to, beside what the tax office says that they enjoyed (row 8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.models import ReliefUptake
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.languages import reads_english
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.policies.current import current_catalogue
from chuangju.policies.models import MatchRun
from chuangju.rules.policy import Policy
from chuangju.units.access import Visitor, has_role
from chuangju.units.models import Role

READERS = (Role.LEADER, Role.PROGRAMME_OFFICE, Role.POLICY_OFFICER, Role.CLERK, Role.APPROVER, Role.FINANCE)
KEEPERS = (Role.PROGRAMME_OFFICE, Role.POLICY_OFFICER)
_FIRST_YEAR = 2000
# Nobody applies for these: whoever fulfils them enjoys them.
_CHANNEL = "none"


class UptakeRefused(Refused):
    """The figures cannot be entered like this; the sentence says why."""


@dataclass(frozen=True, slots=True)
class UptakeFigures:
    """One line as reported: whole fen."""

    policy_id: str
    year: int
    count: int
    amount: int
    source: str


@dataclass(frozen=True, slots=True)
class UptakeGap:
    """A policy with what matching says and what was reported; None where there is nothing to say."""

    policy: Policy
    title: str
    entitled: int | None
    entitled_amount: int | None
    enjoyed: int | None
    amount: int | None
    source: str
    run: MatchRun | None

    @property
    def unclaimed(self) -> int | None:
        """How many are entitled and did not enjoy it; None where either side is missing."""
        if self.entitled is None or self.enjoyed is None:
            return None
        return max(0, self.entitled - self.enjoyed)


@transaction.atomic
def enter_uptake(lines: Sequence[UptakeFigures], *, by: User, at: datetime) -> int:
    """Keep the reported sums of a year, all lines or none; how many were new or other than before. Raises UptakeRefused."""
    on = timezone.localdate(at)
    if not has_role(by, *KEEPERS, on=on):
        raise UptakeRefused(_("只有创建办和政策主管可以登记享受情况"))
    take_locks("applications.uptake")
    known = {one.id for one in relief_policies(on)}
    changed = 0
    for line in lines:
        _refuse_bad(line, known, on)
        changed += _keep(line, by=by, at=at)
    return changed


def _refuse_bad(line: UptakeFigures, known: set[str], on: date) -> None:
    if line.policy_id not in known:
        raise UptakeRefused(_("%(id)s 不是免申请享受的政策") % {"id": line.policy_id})
    if not _FIRST_YEAR <= line.year <= on.year:
        raise UptakeRefused(_("年度应在 2000 年至今年之间"))
    if line.count < 0 or line.amount < 0 or not line.source.strip():
        raise UptakeRefused(_("请填写享受户数、减免金额和来源"))


def _keep(line: UptakeFigures, *, by: User, at: datetime) -> int:
    kept = ReliefUptake.objects.select_for_update().filter(policy_id=line.policy_id, year=line.year).first()
    before = snapshot(kept) if kept else None
    told = (line.count, line.amount, line.source.strip()[:200])
    if kept is not None and (kept.count, kept.amount, kept.source) == told:
        return 0
    one = kept or ReliefUptake(policy_id=line.policy_id, year=line.year, revision=0)
    one.count, one.amount, one.source = told
    one.revision += 1
    one.entered_by, one.entered_at = by, at
    one.save()
    record_event("applications.uptake_entered", one, by=by, at=at, before=before, after=snapshot(one))
    return 1


def relief_policies(on: date) -> list[Policy]:
    """The policies in force that nobody applies for."""
    return [one for one in current_catalogue().in_force(on) if one.channel == _CHANNEL]


def latest_run() -> MatchRun | None:
    """The last finished match run."""
    return MatchRun.objects.filter(state=MatchRun.State.DONE).order_by("-started_at", "-pk").first()


def uptake_gaps(*, year: int, on: date) -> list[UptakeGap]:
    """Each policy that nobody applies for, the widest gap first; three queries however many there are."""
    run = latest_run()
    summed = (run.summary or {}).get("policies", {}) if run is not None else {}
    reported = {one.policy_id: one for one in ReliefUptake.objects.filter(year=year)}
    is_english, found = reads_english(), list[UptakeGap]()
    for policy in relief_policies(on):
        matched, kept = summed.get(policy.id), reported.get(policy.id)
        found.append(
            UptakeGap(
                policy=policy,
                title=policy.title.en if is_english else policy.title.zh,
                entitled=matched["verdicts"]["eligible"] if matched else None,
                entitled_amount=matched["amount"] if matched and matched["amount_unit"] == "money" else None,
                enjoyed=kept.count if kept else None,
                amount=kept.amount if kept else None,
                source=kept.source if kept else "",
                run=run if matched else None,
            )
        )
    return sorted(found, key=lambda one: (-(one.unclaimed or 0), one.title))


def can_keep_uptake(user: Visitor, on: date) -> bool:
    """Whether somebody enters what was reported."""
    return has_role(user, *KEEPERS, on=on)
