"""What stands in data/loans.toml, and the figures of policy that it points to."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from chuangju.applications.loan_schedule import Terms
from chuangju.policies.current import current_catalogue
from chuangju.rules.catalogue import Catalogue
from chuangju.rules.policy import Policy

_FILE = Path(__file__).parent / "data" / "loans.toml"


@cache
def loan_settings() -> dict[str, Any]:
    """The settings as shipped, read once."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class SubsidyRule:
    """Which version gives the share of interest on a day, the share, and up to which principal."""

    policy: Policy
    share: int
    limit: int | None


def leaves_facility(policy: Policy) -> bool:
    """Whether a loan grows out of a case under this policy."""
    return policy.benefit in loan_settings()["benefits"]


def subsidy_rule(day: date, catalogue: Catalogue | None = None) -> SubsidyRule | None:
    """What is subsidised of the interest of a period that begins on this day; None where no version says so."""
    told = loan_settings()["schedule"]
    policy = (catalogue or current_catalogue()).version_for(told["policy"], day)
    if policy is None:
        return None
    share, limit = _figure(policy, told["share"], day), _figure(policy, told["limit"], day)
    return None if share is None else SubsidyRule(policy, share, limit)


def terms_of(rate: int, rule: SubsidyRule) -> Terms:
    """How interest runs at this rate under a rule."""
    told = loan_settings()["schedule"]
    return Terms(
        rate=rate,
        share=rule.share,
        period_months=int(told["period_months"]),
        year_days=int(told["year_days"]),
        ends_with_overdue=told["after_overdue"] == "stop",
        limit=rule.limit,
    )


def _figure(policy: Policy, name: str, day: date) -> int | None:
    parameter = policy.parameters.get(name)
    found = parameter.on(day) if parameter is not None else None
    return found.value if found is not None and isinstance(found.value, int) else None
