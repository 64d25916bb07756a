"""The district's own register of units, for tests that speak of real names."""

from __future__ import annotations

from datetime import datetime

import pytest

from chuangju.units.reference_data import load_units


@pytest.fixture
def register(db: None, now: datetime) -> None:
    """Minhang's 27 units and three groups, as a new installation holds them."""
    load_units(now)
