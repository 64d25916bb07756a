"""幂等: one person's key belongs to one form; the first copy does the work, later copies learn where it led."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, transaction

from chuangju.kernel.models import IdempotencyKey

MAX_KEY = 64
_MAX_LOCATION = 500

V = TypeVar("V", bound=Callable[..., Any])


@dataclass(frozen=True)
class Claim:
    """What became of asking for a key: ours now, or somebody's earlier copy."""

    record: IdempotencyKey
    is_repeated: bool
    is_other_body: bool

    @property
    def location(self) -> str:
        """Where the first copy led."""
        return self.record.location


def is_valid_key(key: str) -> bool:
    """Neither empty nor longer than what is kept, and plain printable characters."""
    return 0 < len(key) <= MAX_KEY and key.isascii() and key.isprintable() and bool(key.strip())


def takes_no_key(view: V) -> V:
    """Mark a view that counts tries: nothing a browser adds to its form may take back what was counted and recorded."""
    view.takes_no_key = True  # type: ignore[attr-defined]
    return view


@contextmanager
def run_once() -> Iterator[Callable[[], None]]:
    """A transaction around the whole form; calling what it yields takes everything back, the key included."""
    with transaction.atomic():
        yield lambda: transaction.set_rollback(True)


def claim_key(user: Any, key: str, *, body: str, at: datetime) -> Claim:
    """Take the key; a copy that comes at the same moment waits here until the first one is done."""
    try:
        with transaction.atomic():
            record = IdempotencyKey.objects.create(actor=user, key=key, body_digest=body, created_at=at)
    except IntegrityError:
        record = IdempotencyKey.objects.get(actor=user, key=key)
        return Claim(record, is_repeated=True, is_other_body=record.body_digest != body)
    return Claim(record, is_repeated=False, is_other_body=False)


def keep_location(claim: Claim, location: str) -> None:
    """Remember where the form led, for the copies to come."""
    claim.record.location = location if len(location) <= _MAX_LOCATION else ""
    claim.record.save(update_fields=["location"])


def forget_keys(*, before: datetime) -> int:
    """Drop keys older than that moment; nobody sends a form again after so long."""
    count, _kinds = IdempotencyKey.objects.filter(created_at__lt=before).delete()
    return count
