"""限次 - how often something may be tried: counted in the database, so that every process and every restart knows.

A window begins with the first attempt and lasts as long as the limit says; then counting starts afresh.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from chuangju.kernel.encryption import keyed_hash
from chuangju.kernel.models import AttemptCount


@dataclass(frozen=True)
class Limit:
    """So many attempts in so long a time, for each subject of a purpose."""

    purpose: str
    attempts: int
    per: timedelta


@transaction.atomic
def take_attempt(limit: Limit, subject: object, *, at: datetime) -> bool:
    """Count one attempt of a subject (a number, an account, an address); False where none is left.

    Racers wait for the row, so that no more than the limit ever get True. Call it in a transaction of its own: an
    attempt that is taken back with what it was for has not been counted.
    """
    counted, _is_new = AttemptCount.objects.select_for_update().get_or_create(
        purpose=limit.purpose, subject_hash=_hash(limit, subject), defaults={"since": at}
    )
    if at - counted.since >= limit.per:
        counted.since, counted.count = at, 0
    if counted.count >= limit.attempts:
        return False
    counted.count += 1
    counted.save(update_fields=["since", "count"])
    return True


def has_attempts_left(limit: Limit, subject: object, *, at: datetime) -> bool:
    """Whether `take_attempt` would be True, counting nothing: for what only failures are counted of."""
    counted = AttemptCount.objects.filter(purpose=limit.purpose, subject_hash=_hash(limit, subject)).first()
    return counted is None or at - counted.since >= limit.per or counted.count < limit.attempts


def forget_attempts(limit: Limit, subject: object) -> None:
    """Start counting afresh, once it has succeeded or somebody lifted the limit."""
    AttemptCount.objects.filter(purpose=limit.purpose, subject_hash=_hash(limit, subject)).delete()


def forget_old_attempts(*, before: datetime) -> int:
    """Remove counts whose window began before a moment."""
    gone, _kinds = AttemptCount.objects.filter(since__lt=before).delete()
    return gone


def _hash(limit: Limit, subject: object) -> str:
    return keyed_hash(str(subject), purpose=f"attempts:{limit.purpose}")
