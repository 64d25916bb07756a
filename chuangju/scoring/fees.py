"""评审费 - what each assessor of a panel is paid for, by the rate in force on the day; whole fen, no payment is made here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.utils import timezone

from chuangju.kernel.models import User
from chuangju.scoring.models import Assessment, Panel
from chuangju.scoring.parameters import FeeRate, fee_rate_on


@dataclass(frozen=True)
class FeeLine:
    """One assessor: how many subjects they scored, and the amount in fen (None where no rate is in force)."""

    assessor: User
    count: int
    amount: int | None
    is_capped: bool


def fee_rate_of(panel: Panel) -> FeeRate | None:
    """The rate of the day on which the panel was frozen, or of its last day while it scores."""
    return fee_rate_on(timezone.localdate(panel.frozen_at) if panel.frozen_at else panel.due_on)


def fee_lines(panel: Panel) -> list[FeeLine]:
    """Everybody who scored, by name."""
    rate = fee_rate_of(panel)
    submitted = Assessment.objects.filter(panel=panel, state=Assessment.State.SUBMITTED)
    given = list(submitted.select_related("assessor").order_by("assessor__name", "assessor_id", "pk"))
    counts = Counter(one.assessor_id for one in given)
    people = {one.assessor_id: one.assessor for one in given}
    return [_line(person, counts[pk], rate) for pk, person in people.items()]


def _line(person: User, count: int, rate: FeeRate | None) -> FeeLine:
    if rate is None:
        return FeeLine(person, count, None, is_capped=False)
    full = count * rate.per_subject
    return FeeLine(person, count, min(full, rate.most), is_capped=full > rate.most)
