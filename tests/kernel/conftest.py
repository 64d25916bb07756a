"""What the kernel's tests share: an account that needs no unit, and a clean folder for anchors."""

from __future__ import annotations

from pathlib import Path

import pytest

from chuangju.kernel.models import User


@pytest.fixture
def person(db: None) -> User:
    """Somebody with an account."""
    return User.objects.create(username="wang", name="王芳")


@pytest.fixture
def data_folder(settings: object, tmp_path: Path) -> Path:
    """The installation's data folder, this test's own."""
    settings.DATA_DIR = tmp_path / "data"  # type: ignore[attr-defined]
    return tmp_path / "data"
