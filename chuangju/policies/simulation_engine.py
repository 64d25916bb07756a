"""测算引擎 - two wordings of a policy over one register: who gains, who loses, what it costs, now and in the coming quarters.

Loads the dataframe library: imported only by what computes, never with a page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from chuangju.rules.bulk.registers import KEY
from chuangju.rules.bulk.run import facts_of_all, match
from chuangju.rules.bulk.simulate import simulate_variants
from chuangju.rules.kinds import Value
from chuangju.rules.policy import Policy
from chuangju.rules.program import VERDICTS, prepare_policy

GROUPS = {"town": "town", "industry": "industry_section", "size": "size_class"}


def coming_quarters(on: date, count: int = 4) -> list[date]:
    """The first days of the quarters that follow."""
    found, year, month = list[date](), on.year, 3 * ((on.month - 1) // 3) + 1
    for _step in range(count):
        year, month = (year, month + 3) if month < 10 else (year + 1, 1)  # noqa: PLR2004 - October begins the last quarter
        found.append(date(year, month, 1))
    return found


def decide(frame: pl.DataFrame, policy: Policy, on: date) -> pl.DataFrame:
    """Verdict and amount of each row; before and after its term nobody qualifies."""
    decided = match(frame, [policy], on=on).frame
    return decided.select(
        pl.col(f"{policy.id}.verdict").cast(pl.String).alias("verdict"), pl.col(f"{policy.id}.amount").alias("amount")
    )


def compare(frame: pl.DataFrame, old: Policy | None, new: Policy, on: date) -> pl.DataFrame:
    """Both wordings side by side, with what each row gains or loses (fen; nothing where no amount is known)."""
    after = decide(frame, new, on).rename({"verdict": "after", "amount": "paid_after"})
    if old is None:
        before = pl.DataFrame({"before": ["not_eligible"] * frame.height, "paid_before": [0] * frame.height})
    else:
        before = decide(frame, old, on).rename({"verdict": "before", "amount": "paid_before"})
    both = before.hstack(after)
    was, is_now = pl.col("before") == "eligible", pl.col("after") == "eligible"
    paid_before = pl.when(was).then(pl.col("paid_before").fill_null(0)).otherwise(0)
    paid_after = pl.when(is_now).then(pl.col("paid_after").fill_null(0)).otherwise(0)
    return both.with_columns(
        was.alias("was"), is_now.alias("is_now"), paid_before.alias("paid_before"), paid_after.alias("paid_after")
    ).with_columns(
        ((~pl.col("was") & pl.col("is_now")) | (pl.col("paid_after") > pl.col("paid_before"))).alias("wins"),
        ((pl.col("was") & ~pl.col("is_now")) | (pl.col("paid_after") < pl.col("paid_before"))).alias("loses"),
    )


def summary_of(both: pl.DataFrame) -> dict[str, Any]:
    """One day: verdicts and money of both wordings, winners and losers."""
    counts = {side: dict(both[side].value_counts().iter_rows()) for side in ("before", "after")}
    return {
        "before": {name: counts["before"].get(name, 0) for name in VERDICTS},
        "after": {name: counts["after"].get(name, 0) for name in VERDICTS},
        "paid_before": int(both["paid_before"].sum()),
        "paid_after": int(both["paid_after"].sum()),
        "winners": int(both["wins"].sum()),
        "losers": int(both["loses"].sum()),
    }


def transitions_of(both: pl.DataFrame) -> list[list[Any]]:
    """How many moved from which verdict to which; only those that moved."""
    moved = both.filter(pl.col("before") != pl.col("after")).group_by("before", "after").len()
    return sorted(([*row] for row in moved.iter_rows()), key=lambda one: -one[2])


def columns_asked(register: Path, policies: Sequence[Policy], on: date) -> list[str]:
    """The columns of a register that the policies ask for on any of the days, with those that it is broken down by."""
    programs = [prepare_policy(one, day) for one in policies for day in (on, *coming_quarters(on))]
    asked = {KEY, *GROUPS.values(), *(fact.key for fact in facts_of_all(programs))}
    return [name for name in pl.scan_parquet(register, glob=False).collect_schema() if name in asked]


def simulate(
    frame: pl.DataFrame, old: Policy, new: Policy, on: date, tell: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    """Now and on the first days of the next four quarters; over the year each enterprise counts once, when it first qualifies."""
    days = [on, *coming_quarters(on)]
    by_day, year = list[dict[str, Any]](), {"before": _Year(frame.height), "after": _Year(frame.height)}
    first: pl.DataFrame | None = None
    for number, day in enumerate(days):
        if tell is not None:
            tell(number, len(days))
        both = compare(frame, old, new, day)
        by_day.append({"on": day.isoformat(), "in_force": new.is_in_force(day), **summary_of(both)})
        year["before"].add(both["was"], both["paid_before"])
        year["after"].add(both["is_now"], both["paid_after"])
        first = both if first is None else first
    assert first is not None  # noqa: S101 - there is always today
    return {
        "days": by_day,
        "year": {side: {"count": one.count, "paid": one.paid} for side, one in year.items()},
        "groups": {kind: _by_group(frame, first, column) for kind, column in GROUPS.items()},
        "transitions": transitions_of(first),
    }


class _Year:
    """Who has qualified on any of the days so far, and what each got on the first of them."""

    def __init__(self, rows: int) -> None:
        self._had = pl.repeat(value=False, n=rows, eager=True)
        self.paid = 0

    def add(self, qualifies: pl.Series, paid: pl.Series) -> None:
        is_new = qualifies & ~self._had
        self.paid += int(paid.filter(is_new).sum())
        self._had = self._had | qualifies

    @property
    def count(self) -> int:
        return int(self._had.sum())


def _by_group(frame: pl.DataFrame, both: pl.DataFrame, column: str) -> list[dict[str, Any]]:
    if column not in frame.columns:
        return []
    counted = (
        both.with_columns(frame[column].cast(pl.String).fill_null("").alias("code"))
        .group_by("code")
        .agg(
            pl.col("was").sum().alias("before"),
            pl.col("is_now").sum().alias("after"),
            pl.col("paid_before").sum(),
            pl.col("paid_after").sum(),
            pl.col("wins").sum().alias("winners"),
            pl.col("loses").sum().alias("losers"),
        )
    )
    return sorted(counted.to_dicts(), key=lambda one: (one["code"] == "", one["code"]))


def sweep(frame: pl.DataFrame, policy: Policy, name: str, values: Sequence[Value], on: date) -> list[dict[str, Any]]:
    """The policy with one figure after another: how many qualify, what it costs."""
    parameter = policy.parameters[name]
    variants = [
        replace(policy, parameters={**policy.parameters, name: parameter.with_value(value)}) for value in values
    ]
    return [
        {"value": one.value, "eligible": one.changed["eligible"], "paid": one.changed["amount"]}
        for one in simulate_variants(frame, policy, variants, on=on, values=list(values))
    ]
