"""核实时限 - how long the check of a claim may take: promised in working days, standing still while papers are awaited.

A claim to be proved at the counter has no clock: it waits for the claimant, not for the clerk.
"""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings

from chuangju.kernel.clocks import ClockReading, clock_of, read_clock, start_clock, stop_clock
from chuangju.kernel.models import Clock, User
from chuangju.ventures.models import Claim

REVIEW = "ventures.claim_review"


def start_review(claim: Claim, *, by: User, at: datetime) -> None:
    """The paper has come in: the promised days begin to count tomorrow."""
    if claim.way == Claim.Way.DOCUMENT:
        start_clock(claim, REVIEW, promised_days=settings.CLAIM_WORKING_DAYS, by=by, at=at)


def stop_review(claim: Claim, *, by: User | None, at: datetime) -> None:
    """Decided or taken back: nothing counts any more."""
    clock = clock_of(claim, REVIEW)
    if clock is not None:
        stop_clock(clock, by=by, at=at)


def review_clock(claim: Claim) -> Clock | None:
    """The clock of a claim; where `clocks__pauses` was fetched before, without a query."""
    return next((clock for clock in claim.clocks.all() if clock.kind == REVIEW), None)


def read_review(claim: Claim, *, on: date) -> ClockReading | None:
    """How the check stands on a day; None for a claim without a clock."""
    clock = review_clock(claim)
    return read_clock(clock, on=on) if clock else None
