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
    """On which rows the tools hang, when a line is said to lag, and how the forecast reckons."""

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
        tasks=tuple(raw["tasks"]),
        amber_points=int(raw["execution"]["amber_points"]),
        red_points=int(raw["execution"]["red_points"]),
        pace_days=int(raw["forecast"]["pace_days"]),
        underspend_share=Decimal(str(raw["forecast"]["underspend_share"])),
    )
