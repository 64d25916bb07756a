"""Refreshing a register - a new file over the former snapshot, by key: what is new, what has changed, what is gone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_

import polars as pl

from chuangju.ventures.registers.columns import KEY, schema

_GIVEN = "__given"


@dataclass(frozen=True, slots=True)
class Merged:
    """The register after a refresh, and how many enterprises each way."""

    frame: pl.DataFrame
    new: int
    changed: int
    unchanged: int
    # In the former snapshot and not in the file.
    gone: int


def merge_registers(former: pl.DataFrame | None, given: pl.DataFrame, *, is_complete: bool) -> Merged:
    """The given register over the former one.

    Columns that the file has count as the file has them, unknown ones included; columns it lacks keep what was known.
    Enterprises that it lacks stay, unless the file is the complete register of its day.
    """
    types = schema()
    if former is None:
        return Merged(given, given.height, 0, 0, 0)
    former = former.select(pl.col(key).cast(types[key], strict=False) for key in former.columns if key in types)
    kept = former.join(given.select(KEY), on=KEY, how="semi", maintain_order="left")
    gone = former.join(given.select(KEY), on=KEY, how="anti", maintain_order="left")
    more = [key for key in former.columns if key not in given.columns]
    whole = given.join(former.select(KEY, *more), on=KEY, how="left", maintain_order="left")
    changed = _count_changed(kept, given)
    frame = whole if is_complete else pl.concat([whole, gone], how="diagonal")
    ordered = frame.select(key for key in types if key in frame.columns)
    return Merged(ordered, given.height - kept.height, changed, kept.height - changed, gone.height)


def _count_changed(kept: pl.DataFrame, given: pl.DataFrame) -> int:
    """How many known enterprises the file says something else of."""
    shared = [key for key in given.columns if key in kept.columns and key != KEY]
    new = [key for key in given.columns if key not in kept.columns]
    pairs = kept.join(given.select(KEY, *shared, *new), on=KEY, how="left", suffix=_GIVEN, maintain_order="left")
    differs = [pl.col(key).ne_missing(pl.col(f"{key}{_GIVEN}")) for key in shared]
    # Columns of which nothing was known before: any value in them is a change.
    differs += [pl.col(key).is_not_null() for key in new]
    if not differs:
        return 0
    return int(pairs.select(reduce(or_, differs).sum()).item())
