"""What the kernel's tests share: an account that needs no unit, and a clean folder for anchors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chuangju.kernel.channels import EMAIL_CHANNEL, SMS_CHANNEL
from chuangju.kernel.models import User
from tests.kernel.outbox import Kept, number_of, replaced, sample_templates


@pytest.fixture
def person(db: None) -> User:
    """Somebody with an account."""
    return User.objects.create(username="wang", name="王芳")


@pytest.fixture
def data_folder(settings: object, tmp_path: Path) -> Path:
    """The installation's data folder, this test's own."""
    settings.DATA_DIR = tmp_path / "data"  # type: ignore[attr-defined]
    return tmp_path / "data"


@pytest.fixture
def sample_messages() -> Iterator[None]:
    """Templates that exist for tests only."""
    with sample_templates():
        yield


@pytest.fixture
def sms() -> Iterator[Kept]:
    """The SMS channel of a test, which reaches everybody: what it was given to send."""
    kept = Kept()
    with replaced(replace(SMS_CHANNEL, send=kept.send, is_ready=lambda: True, address_of=number_of)):
        yield kept


@pytest.fixture
def email() -> Iterator[Kept]:
    """The e-mail channel of a test: what it was given to send."""
    kept = Kept()
    with replaced(replace(EMAIL_CHANNEL, send=kept.send, is_ready=lambda: True)):
        yield kept
