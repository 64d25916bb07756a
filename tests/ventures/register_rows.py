"""Registers of enterprises as rows, for tests that need one to be there."""

from __future__ import annotations

from datetime import date

from chuangju.ventures.models import RegisterSnapshot
from tests import people
from tests.conftest import NOW


def add_register(number: int) -> RegisterSnapshot:
    """A register that was given up, with what was counted in it."""
    return RegisterSnapshot.objects.create(
        state=RegisterSnapshot.State.DISCARDED,
        file_names=[f"{number}.parquet"],
        source_sha256="0" * 64,
        on=date(2026, 1, 1),
        counts={"enterprises": number, "new": number, "changed": 0, "gone": 0, "faults": 0},
        uploaded_by=people.make_user(f"register-uploader{number}"),
        uploaded_at=NOW,
    )
