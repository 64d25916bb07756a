"""The budget's own settings: what a district may choose, read once from data/budget.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "budget.toml"


@dataclass(frozen=True)
class BudgetSettings:
    """Who works across units, on which rows the tools hang, and when a line is said to lag."""

    keepers_of_all: frozenset[str]
    tasks: tuple[str, ...]
    amber_points: int
    red_points: int
    pace_days: int
    underspend_share: Decimal


@lru_cache(maxsize=1)
def budget_settings() -> BudgetSettings:
    """The settings as shipped."""
    raw = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return BudgetSettings(
        keepers_of_all=frozenset(raw["keepers_of_all"]),
        tasks=tuple(raw["tasks"]),
        amber_points=int(raw["execution"]["amber_points"]),
        red_points=int(raw["execution"]["red_points"]),
        pace_days=int(raw["forecast"]["pace_days"]),
        underspend_share=Decimal(str(raw["forecast"]["underspend_share"])),
    )
