"""What stands in data/desk.toml: on which rows the desk's tools hang, and what a demo begins with."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "desk.toml"


@cache
def desk_settings() -> dict[str, Any]:
    """The settings, read once."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
