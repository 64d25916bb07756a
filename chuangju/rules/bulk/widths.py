"""How wide numbers have to be: kept in as few bits as hold them, worked with in 64.

Polars overflows in silence, in sums too: whoever adds up what is kept narrow widens it first (`widened`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

from chuangju.rules.bounds import Bounds, BoundsCheck
from chuangju.rules.bulk.nodes import Held
from chuangju.rules.counting import WorkingDayAfter
from chuangju.rules.kinds import NUMBERS, Fault
from chuangju.rules.tree import BandRef, FromDay, Node, OverMonths, ParamRef, walk

WORKED = pl.Int64()
_RANGES: dict[pl.DataType, Bounds] = {
    pl.Int8(): (-(2**7), 2**7 - 1),
    pl.Int16(): (-(2**15), 2**15 - 1),
    pl.Int32(): (-(2**31), 2**31 - 1),
    pl.UInt8(): (0, 2**8 - 1),
    pl.UInt16(): (0, 2**16 - 1),
    pl.UInt32(): (0, 2**32 - 1),
}
_KEPT = (pl.Int8(), pl.Int16(), pl.Int32(), pl.UInt32())
_BYTE, _WORD, _LONG = 8, 16, 32
# What says nothing of its own bounds: it stands for a tree, a figure or a day that is elsewhere.
_UNBOUND = (Held, ParamRef, BandRef, OverMonths, FromDay, WorkingDayAfter)


def is_narrow(dtype: object) -> bool:
    """Whether it is a whole number of fewer bits than are worked with, each of whose values fits into those."""
    return dtype in _RANGES


def holds(dtype: pl.DataType, value: int | None) -> bool:
    """Whether a narrow type can hold the value; unknown is none."""
    low, high = _RANGES[dtype]
    return value is not None and low <= value <= high


def bits_dtype(count: int) -> pl.DataType:
    """The narrowest number that holds so many bits."""
    if count <= _BYTE:
        return pl.UInt8()
    return pl.UInt16() if count <= _WORD else pl.UInt32() if count <= _LONG else WORKED


def bounds_of(tree: Node) -> Bounds | None:
    """The least and the greatest value of a tree bound to its day; None where they are not known."""
    if tree.kind not in NUMBERS or any(isinstance(one, _UNBOUND) for one in walk(tree)):
        return None
    try:
        return BoundsCheck(lambda _name: None).of(tree)
    except Fault:
        return None


def is_never_negative(tree: Node) -> bool:
    """Whether it is surely nothing or more."""
    bounds = bounds_of(tree)
    return bounds is not None and bounds[0] >= 0


def width_of(tree: Node | None) -> pl.DataType:
    """The type in which what a tree gives can be kept: 32 bits where its bounds allow, else 64."""
    bounds = bounds_of(tree) if tree is not None else (0, 0)
    low, high = _RANGES[pl.Int32()]
    return pl.Int32() if bounds is not None and low <= bounds[0] and bounds[1] <= high else WORKED


def narrowed(column: pl.Series) -> pl.Series:
    """A column of whole numbers in as few bits as its values need; any other as it is."""
    if not column.dtype.is_integer():
        return column
    low, high = column.min(), column.max()
    if not isinstance(low, int) or not isinstance(high, int):
        return column.cast(_KEPT[0])
    found = next((one for one in _KEPT if holds(one, low) and holds(one, high)), None)
    return column.cast(found) if found is not None else column


def widened(frame: pl.DataFrame, policies: Iterable[str]) -> pl.DataFrame:
    """Decisions with the amounts of these policies in 64 bits, for writing and adding up."""
    return frame.with_columns(pl.col(f"{name}.amount").cast(WORKED) for name in policies)


def keep_columns(register: Path | str, names: Sequence[str]) -> pl.DataFrame:
    """Columns of a register held in memory, narrow; read one by one so that no copy of all is made."""
    kept = (narrowed(pl.read_parquet(register, columns=[name], glob=False).to_series()).rechunk() for name in names)
    return pl.DataFrame(list(kept))
