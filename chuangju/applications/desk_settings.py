"""What stands in data/desk.toml and data/step_words.toml: periods of the desk and the words of policy files, as data."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"


@cache
def desk_settings() -> dict[str, Any]:
    """Periods and limits of the desk, read once."""
    return tomllib.loads((FOLDER / "desk.toml").read_text(encoding="utf-8"))


@cache
def step_words() -> dict[str, Any]:
    """What the words of policy files mean, read once."""
    return tomllib.loads((FOLDER / "step_words.toml").read_text(encoding="utf-8"))
