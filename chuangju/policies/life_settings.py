"""What stands in data/life.toml: on which rows of the table the tools and figures of a policy's life hang."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "life.toml"


@dataclass(frozen=True)
class LifeSettings:
    """Task codes by what hangs on them."""

    policies: tuple[str, ...]
    packages: tuple[str, ...]
    fees: tuple[str, ...]
    # The key of a tool and the tasks that it serves.
    tools: dict[str, tuple[str, ...]]


@cache
def life_settings() -> LifeSettings:
    """The settings, read once."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    tasks = {key: tuple(codes) for key, codes in data["tasks"].items()}
    tools = {key: tuple(codes) for key, codes in data["tools"].items()}
    return LifeSettings(tasks["policies"], tasks["packages"], tasks["fees"], tools)
