"""Draws - random columns as expressions: the same seed, row and name give the same number, in whatever pieces one asks.

SplitMix64 over 64-bit numbers that wrap around; nothing depends on the order of evaluation or on a library's own
generator, so a register can be made in chunks of any size and is the same on every machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import polars as pl

_GOLDEN = 0x9E3779B97F4A7C15
_FIRST, _SECOND = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_SHIFTS = (30, 27, 31)
_MASK = (1 << 64) - 1
PER_MILLE = 1000


class Draws:
    """Draws for the rows of a frame that are numbered in one column (UInt64)."""

    def __init__(self, seed: int, row: str) -> None:
        self._seed = seed
        self.row = row

    def number(self, name: str) -> pl.Expr:
        """A number of 64 bits for each row."""
        z = pl.col(self.row) * _wide(_GOLDEN) + _wide(stream_of(self._seed, name))
        z = (z ^ (z // _wide(1 << _SHIFTS[0]))) * _wide(_FIRST)
        z = (z ^ (z // _wide(1 << _SHIFTS[1]))) * _wide(_SECOND)
        return z ^ (z // _wide(1 << _SHIFTS[2]))

    def offset(self, name: str, bound: int) -> int:
        """A number from 0 to bound - 1 that is the same for all rows."""
        return stream_of(self._seed, name) % bound

    def below(self, name: str, bound: int) -> pl.Expr:
        """A number from 0 to bound - 1."""
        return (self.number(name) % _wide(bound)).cast(pl.Int64)

    def within(self, name: str, bound: pl.Expr) -> pl.Expr:
        """A number from 0 to another column's, both included."""
        return self.below(name, 1 << 32) % (bound + 1)

    def between(self, name: str, low: int, high: int) -> pl.Expr:
        """A number from low to high, both included."""
        return self.below(name, high - low + 1) + low

    def chance(self, name: str, per_mille: int) -> pl.Expr:
        """Whether something of that likelihood is so."""
        return self.below(name, PER_MILLE) < per_mille

    def choice(self, name: str, weights: Mapping[str, int], dtype: pl.DataType | None = None) -> pl.Expr:
        """One of some words, by weight."""
        slots = [word for word, weight in weights.items() for _each in range(weight)]
        return self.pick(name, pl.Series(slots, dtype=dtype or pl.String()))

    def pick(self, name: str, values: pl.Series) -> pl.Expr:
        """One of some values, each as likely as another."""
        return pl.lit(values).gather(self.below(name, len(values)))

    def sized(self, name: str, steps: Sequence[tuple[int, int]]) -> pl.Expr:
        """A number from steps of (per mille, highest), evenly spread from above the step before to the highest."""
        slots: list[int] = []
        low = 0
        for weight, high in steps:
            slots += [low + (high - low) * place // max(1, weight - 1) for place in range(weight)]
            low = high + 1
        return self.pick(name, pl.Series(slots, dtype=pl.Int64))


def stream_of(seed: int, name: str) -> int:
    """Where the numbers of one name begin."""
    return int.from_bytes(hashlib.blake2b(f"{seed}/{name}".encode(), digest_size=8).digest(), "big") & _MASK


def _wide(number: int) -> pl.Expr:
    return pl.lit(number, dtype=pl.UInt64)
