"""The district's own register of units, for tests that speak of real names."""

from __future__ import annotations

from datetime import datetime

import pytest
from pytest_django import Settings

from chuangju.units.reference_data import load_units
from tests.beginnings import begin_with


@pytest.fixture
def register(db: None, now: datetime) -> None:
    """Minhang's 27 units and three groups, as a new installation holds them."""
    begin_with("units", lambda: load_units(now))


@pytest.fixture
def sms(settings: Settings) -> None:
    """An installation that sends SMS; tests read them where they are kept (`tests.units.sms`), and none leaves."""
    settings.SMS_URL = "http://localhost:9/"


@pytest.fixture
def factor_required(settings: Settings) -> None:
    """An installation whose staff must show a second factor, as every one but a demo."""
    settings.SECOND_FACTOR_REQUIRED = True
