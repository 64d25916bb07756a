"""申请设置 - data/apply.toml: which policies are applied for, when an account is asked for, which papers may follow."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from chuangju.rules.kinds import Kind
from chuangju.rules.policy import Policy

_DATA = Path(__file__).parent / "data" / "apply.toml"


@dataclass(frozen=True)
class ApplySettings:
    """What the file says."""

    applied_channels: frozenset[str]
    subjects: dict[str, frozenset[str]]
    account_benefits: frozenset[str]
    account_channels: frozenset[str]
    account_always: frozenset[str]
    may_follow: tuple[str, ...]
    may_be_promised: tuple[str, ...]
    made_here: tuple[str, ...]
    draft_days: int
    offer_days: int
    offer_done_words: frozenset[str]
    most_offers: int

    def kinds_of(self, subject: str) -> frozenset[str]:
        """The kinds of party that may be the subject a policy names."""
        return self.subjects.get(subject, frozenset())

    def wants_account(self, policy: Policy) -> bool:
        """Whether money comes of it, so that an account is asked for."""
        return (
            policy.amount_kind is Kind.MONEY
            and policy.amount_unit == "money"
            and (
                policy.benefit in self.account_always
                or (policy.benefit in self.account_benefits and policy.channel in self.account_channels)
            )
        )


@cache
def apply_settings() -> ApplySettings:
    """The settings that come with the product."""
    data = tomllib.loads(_DATA.read_text("utf-8"))
    return ApplySettings(
        applied_channels=frozenset(data["applied_channels"]),
        subjects={key: frozenset(kinds) for key, kinds in data["subjects"].items()},
        account_benefits=frozenset(data["account"]["benefits"]),
        account_channels=frozenset(data["account"]["channels"]),
        account_always=frozenset(data["account"]["always"]),
        may_follow=tuple(data["documents"]["may_follow"]),
        may_be_promised=tuple(data["documents"]["may_be_promised"]),
        made_here=tuple(data["documents"]["made_here"]),
        draft_days=data["life"]["draft_days"],
        offer_days=data["life"]["offer_days"],
        offer_done_words=frozenset(data["offers"]["done_words"]),
        most_offers=data["offers"]["most"],
    )
