"""Variants of a policy against the policy as it is, in figures: who qualifies, what it costs, who gains and who loses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

BASE, VARIANT, HAS = "base", "variant ", " has"
UNKNOWN = "unknown"
Figures = dict[str, Any]


class Comparison:
    """Rows with an amount and a yes or no for the policy as it is (`base`) and for each variant; unknown amounts are nothing.

    A row wins where its amount rises, or where it comes to qualify for no amount; it loses the other way round.
    """

    def __init__(self, decided: pl.DataFrame, variants: int) -> None:
        """Work out once for every row what is then added up in several ways."""
        self._names = [f"{VARIANT}{number}" for number in range(variants)]
        before, had = pl.col(BASE).fill_null(0), pl.col(f"{BASE}{HAS}")
        self._rows = decided.with_columns(pl.col(name).fill_null(0) for name in (BASE, *self._names)).with_columns(
            found
            for name in self._names
            for found in (
                _rises(before, pl.col(name), had, pl.col(f"{name}{HAS}")).alias(f"{name} wins"),
                _rises(pl.col(name), before, pl.col(f"{name}{HAS}"), had).alias(f"{name} loses"),
            )
        )
        summed = [name + what for name in self._names for what in ("", HAS, " wins", " loses")]
        self._sums = [pl.col(name).sum() for name in (BASE, f"{BASE}{HAS}", *summed)]

    def told(self) -> list[Figures]:
        """The figures of each variant."""
        return self._read(self._rows.select(self._sums).row(0, named=True))

    def told_by(self, column: str) -> dict[str, list[Figures]]:
        """The same by the values of a column."""
        found = self._rows.group_by(column).agg(self._sums).with_columns(pl.col(column).cast(pl.String))
        rows = found.sort(column, nulls_last=True).iter_rows(named=True)
        return {UNKNOWN if row[column] is None else row[column]: self._read(row) for row in rows}

    def _read(self, row: Mapping[str, Any]) -> list[Figures]:
        return [
            {
                "base": {"eligible": row[f"{BASE}{HAS}"], "amount": row[BASE]},
                "changed": {"eligible": row[f"{name}{HAS}"], "amount": row[name]},
                "winners": row[f"{name} wins"],
                "losers": row[f"{name} loses"],
            }
            for name in self._names
        ]


def _rises(one: pl.Expr, other: pl.Expr, had: pl.Expr, has: pl.Expr) -> pl.Expr:
    return (other > one) | ((other == one) & has & ~had)
