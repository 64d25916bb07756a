"""发布的影响 - what a new wording would change over the register in force, before anybody publishes it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from chuangju.kernel.refusals import Refused
from chuangju.policies.simulations import MOST_ROWS
from chuangju.rules.policy import Policy
from chuangju.ventures.models import RegisterSnapshot
from chuangju.ventures.register_files import snapshot_frame, snapshot_path


@dataclass(frozen=True)
class Effects:
    """Counts by verdict before and after, who moved where, money, and how long it took."""

    on: date
    rows: int
    verdicts: list[tuple[str, int, int, int]]
    transitions: list[tuple[str, str, int]]
    paid_before: int
    paid_after: int
    winners: int
    losers: int
    milliseconds: int

    @property
    def change(self) -> int:
        """How much more it would cost on that day."""
        return self.paid_after - self.paid_before


class EffectsRefused(Refused):
    """It cannot be computed; the sentence says why."""


def effects_of(old: Policy | None, new: Policy, snapshot: RegisterSnapshot | None, *, on: date) -> Effects:
    """What changes on the first day on which the new wording counts; raises Refused."""
    if snapshot is None:
        raise EffectsRefused(_("还没有可用的企业名录，导入并确认之后才能算"))
    if int(snapshot.counts.get("enterprises", 0)) > MOST_ROWS:
        raise EffectsRefused(_("名录太大，请发起一次匹配来核对"))
    from chuangju.policies.simulation_engine import columns_asked, compare, summary_of, transitions_of  # noqa: PLC0415 - 60 MB
    from chuangju.rules.bulk.decisions import CannotDecide  # noqa: PLC0415 - as above

    day = max(on, new.effective_from)
    if new.effective_to is not None and day > new.effective_to:
        day = new.effective_to
    begun = time.perf_counter()
    before = _extended(old, day)
    asked = columns_asked(snapshot_path(snapshot), [one for one in (before, new) if one is not None], day)
    frame = snapshot_frame(snapshot, asked)
    try:
        both = compare(frame, before, new, day)
    except CannotDecide as problem:
        raise EffectsRefused(str(problem)) from problem
    found: dict[str, Any] = summary_of(both)
    return Effects(
        on=day,
        rows=frame.height,
        verdicts=[
            (name, found["before"][name], found["after"][name], found["after"][name] - found["before"][name])
            for name in found["before"]
        ],
        transitions=[(one, other, count) for one, other, count in transitions_of(both)][:8],
        paid_before=found["paid_before"],
        paid_after=found["paid_after"],
        winners=found["winners"],
        losers=found["losers"],
        milliseconds=round((time.perf_counter() - begun) * 1000),
    )


def _extended(old: Policy | None, day: date) -> Policy | None:
    """The old wording as if it were still in force on that day: what is asked is what the change itself does."""
    return replace(old, effective_to=None) if old is not None and not old.is_in_force(day) else old
