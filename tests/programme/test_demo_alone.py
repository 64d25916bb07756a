"""The demonstration of this package without those of the packages below."""

from __future__ import annotations

import pytest

from chuangju.programme.demo import load_demo
from chuangju.programme.models import TableVersion
from tests.conftest import NOW


def test_without_demo_accounts_nothing_is_loaded(db: None) -> None:
    with pytest.raises(LookupError):
        load_demo(NOW)
    assert not TableVersion.objects.exists()
