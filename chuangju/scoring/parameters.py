"""参数 - the figures of scoring, from a file with their day and whether they are examples: nothing of it stands in code."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
PARAMETERS = DATA / "parameters.toml"


@dataclass(frozen=True)
class FeeRate:
    """What an assessor gets for one subject, from a day on; `most` is the most for one panel. Whole fen."""

    valid_from: date
    per_subject: int
    most: int
    is_example: bool
    basis: str


@dataclass(frozen=True)
class Parameters:
    """The figures in their order."""

    drop_extremes_from: int
    min_assessors: int
    shift_from: int
    remind_working_days: tuple[int, ...]
    due_working_days: int
    wide_spread_percent: int
    fee_rates: tuple[FeeRate, ...]


@lru_cache(maxsize=1)
def read_parameters() -> Parameters:
    """The figures of the file."""
    data = tomllib.loads(PARAMETERS.read_text(encoding="utf-8"))
    panel, reminders = data["panel"], data["reminders"]
    rates = [
        FeeRate(
            valid_from=rate["valid_from"],
            per_subject=rate["per_subject_fen"],
            most=rate["most_fen"],
            is_example=rate["is_example"],
            basis=rate["basis"],
        )
        for rate in data["fee_rate"]
    ]
    return Parameters(
        drop_extremes_from=panel["drop_extremes_from"],
        min_assessors=panel["min_assessors"],
        shift_from=panel["shift_from"],
        remind_working_days=tuple(reminders["working_days_before"]),
        due_working_days=panel["due_working_days"],
        wide_spread_percent=panel["wide_spread_percent"],
        fee_rates=tuple(sorted(rates, key=lambda rate: rate.valid_from)),
    )


def fee_rate_on(day: date) -> FeeRate | None:
    """The rate of a day; None before the first one."""
    found = [rate for rate in read_parameters().fee_rates if rate.valid_from <= day]
    return found[-1] if found else None
