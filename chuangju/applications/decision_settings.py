"""What stands in data/decisions.toml: terms, shares and words of what follows a decision."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from chuangju.rules.policy import Policy

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


def is_paid_out(policy: Policy) -> bool:
    """Whether what a policy gives is money from a budget line, not a voucher, a loan or a relief, and not paid elsewhere."""
    money = decision_settings()["money"]
    return policy.benefit in money["benefits"] and policy.amount_unit == "money" and policy.channel in money["channels"]


def is_paid_elsewhere(policy: Policy) -> bool:
    """Whether somebody else decides and pays (referral)."""
    return policy.channel not in decision_settings()["money"]["channels"]
