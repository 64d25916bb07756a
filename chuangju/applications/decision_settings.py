"""What stands in data/decisions.toml: terms, shares and words of what follows a decision."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "decisions.toml"


@cache
def decision_settings() -> dict[str, Any]:
    """The settings by section, read once."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def days_of(section: str, key: str = "days") -> int:
    """A number of days (or months, or hundredths) of one section."""
    return int(decision_settings()[section][key])


def task_codes(key: str) -> tuple[str, ...]:
    """The rows of the table on which something hangs."""
    return tuple(decision_settings()["tasks"][key])
