"""Frozen facts are written under a new key like everything else, and stay guarded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from chuangju.applications.models import FrozenFacts
from chuangju.kernel.encryption import ensure_keys
from chuangju.kernel.key_rotation import count_stale, rotate_keys
from chuangju.kernel.models import User
from tests.applications import desk


@pytest.fixture(autouse=True)
def _own_keys(settings: object, tmp_path: Path, now: datetime) -> None:
    settings.KEY_FILE = tmp_path / "keys" / "own.json"  # type: ignore[attr-defined]
    ensure_keys(at=now)


@pytest.mark.django_db
@pytest.mark.usefixtures("reference_data")
def test_frozen_facts_read_the_same_under_a_new_key_and_still_cannot_be_changed(
    make_user: Callable[..., User], now: datetime
) -> None:
    founder = make_user("founder", "entrepreneur")
    desk.hand_in(desk.make_firm(1, founder=founder), by=founder, at=now)
    before = FrozenFacts.objects.get()
    rotate_keys(at=now)
    assert count_stale() == 0
    after = FrozenFacts.objects.get()
    assert (after.facts, after.explanation, after.sha256) == (before.facts, before.explanation, before.sha256)
    with pytest.raises(DatabaseError), transaction.atomic():
        FrozenFacts.objects.update(verdict="near_miss")
