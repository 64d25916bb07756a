"""The rules know no web application: what every other test gets of it is left out here, so that thousands of cases are quick."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _own_attachments() -> None:
    """No test here keeps a file with the application."""


@pytest.fixture(autouse=True)
def _source_language() -> None:
    """Sentences of the rules stand in both languages; there is none to choose."""
