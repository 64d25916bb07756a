"""Parquet as a table: whole or refused in a sentence; its own types are kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from chuangju.papers.sentences import unreadable
from chuangju.ventures.registers.findings import refuse
from chuangju.ventures.registers.tables import MAX_COLUMNS, ROW, Table, place_name

MAGIC = b"PAR1"
# What our own files say of themselves.
_OURS = "chuangju."
_TYPES = (pl.Object, pl.Struct, pl.Array)


def read_parquet(path: Path, label: str, *, most_rows: int, keep: Sequence[str] | None = None) -> Table:
    """The table of a Parquet file; `keep` names the columns that are of use. Raises UnreadableRegister."""
    with path.open("rb") as stream:
        stream.seek(0, 2)
        size = stream.tell()
        stream.seek(max(0, size - len(MAGIC)))
        if size < 3 * len(MAGIC) or stream.read() != MAGIC:
            raise refuse("not_parquet")
    try:
        about = {key: text for key, text in pl.read_parquet_metadata(path).items() if key.startswith(_OURS)}
        lazy = pl.scan_parquet(path, glob=False)
        header = list(lazy.collect_schema())
        if not header:
            raise refuse("no_columns")
        if len(header) > MAX_COLUMNS:
            raise unreadable("too_many_columns", count=len(header), limit=MAX_COLUMNS)
        height = int(lazy.select(pl.len()).collect().item())
        if height > most_rows:
            raise refuse("too_many_rows", table="", count=height, limit=most_rows)
        used = [name for name in header if keep is None or name in keep]
        frame = lazy.select(used).collect()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError, OverflowError) as error:
        raise refuse("not_parquet") from error
    frame = frame.rename({name: place_name(place) for place, name in enumerate(header) if name in used})
    numbers = pl.int_range(1, height + 1, dtype=pl.Int64, eager=True).alias(ROW)
    return Table(label, frame.with_columns(numbers), header, is_typed=True, about=about)
