"""演示名录 - a register of any size from a seed: realistic in shape, marked as made up in every name and in the file itself.

The same seed, day and row number give the same enterprise, whatever the size: the first ten thousand of ten million are
the register of ten thousand.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import polars as pl
from polars.io.plugins import register_io_source as frames_from

from chuangju.ventures.registers import dictionary
from chuangju.ventures.registers.columns import COMPRESSION, KEY, dictionary_version, dtype_of, schema
from chuangju.ventures.registers.draws import Draws
from chuangju.ventures.registers.made_enterprises import YEAR_DAYS, enterprise_stages, founder_stages, gap_of
from chuangju.ventures.registers.made_records import record_columns
from chuangju.ventures.registers.made_support import support_stage
from chuangju.ventures.registers.quality import derive_industry

# The day of the data, unless another is asked for: a fixed one, so that a seed always means the same file.
DEFAULT_DAY = date(2025, 6, 30)
CHUNK = 100_000
MAX_ROWS = 500_000_000
# What is always known: who it is. Whether it stands and since when are known in any register as well.
_NO_GAPS = frozenset({KEY, "name", "town", "entity_type", "status", "closed_on"})


def generate_register(rows: int, *, seed: int, on: date = DEFAULT_DAY, first: int = 0) -> pl.DataFrame:
    """So many made-up enterprises, from the given row on, as one frame."""
    frame = pl.DataFrame({"row": pl.int_range(first, first + rows, dtype=pl.UInt64, eager=True)})
    draws = Draws(seed, "row")
    stages = (*enterprise_stages(draws, on), *founder_stages(draws, on), support_stage(draws, on))
    for stage in stages:
        frame = frame.with_columns(expression.alias(name) for name, expression in stage.items())
    frame = frame.with_columns(record_columns(frame, seed, on))
    frame = frame.with_columns(_sums_of_records(on))
    known = [key for key in dictionary().facts if key in frame.columns]
    frame = derive_industry(frame.select("row", *(_with_gaps(draws, key) for key in known)))
    types = schema()
    return frame.select(pl.col(key).cast(types[key]) for key in types if key in frame.columns)


def write_register(path: Path, rows: int, *, seed: int, on: date = DEFAULT_DAY) -> None:
    """The register as a Parquet file, made and written chunk by chunk: memory does not grow with the rows."""
    about = metadata_of(rows, seed=seed, on=on)
    if rows <= CHUNK:
        generate_register(rows, seed=seed, on=on).write_parquet(path, compression=COMPRESSION, metadata=dict(about))
        return

    def _chunks(
        with_columns: list[str] | None, predicate: pl.Expr | None, n_rows: int | None, batch_size: int | None
    ) -> Iterator[pl.DataFrame]:
        del with_columns, predicate, n_rows, batch_size
        for first in range(0, rows, CHUNK):
            yield generate_register(min(CHUNK, rows - first), seed=seed, on=on, first=first)

    columns = made_schema()
    frames_from(_chunks, schema=dict(columns)).sink_parquet(
        path, compression=COMPRESSION, metadata=dict(about), row_group_size=CHUNK
    )


def metadata_of(rows: int, *, seed: int, on: date) -> Mapping[str, str]:
    """What the file says of itself."""
    return {
        "chuangju.synthetic": "true",
        "chuangju.note": "演示数据，均为虚构 / made up for demonstration",
        "chuangju.seed": str(seed),
        "chuangju.rows": str(rows),
        "chuangju.on": on.isoformat(),
        "chuangju.register_version": dictionary_version(),
    }


@functools.cache
def made_schema() -> Mapping[str, pl.DataType]:
    """The columns of a made-up register."""
    return dict(generate_register(1, seed=0).schema)


def _sums_of_records(on: date) -> list[pl.Expr]:
    """Facts that follow from the related records, so that the register does not contradict itself."""
    people, leases, loans = pl.col("employees"), pl.col("leases"), pl.col("loans")
    local = pl.element().struct.field("residence").cast(pl.String).is_in(["district", "city"])
    running = pl.element().struct.field("to") >= pl.lit(on)
    rent = leases.list.eval(pl.when(running).then(pl.element().struct.field("monthly_rent")).otherwise(0))
    return [
        people.list.eval(local.fill_null(value=False)).list.sum().cast(pl.Int64).alias("local_staff"),
        rent.list.sum().cast(pl.Int64).alias("monthly_rent"),
        loans.list.len().cast(pl.Int64).alias("loans_before"),
        people.list.eval(_is_new_of_key_group(on).fill_null(value=False))
        .list.sum()
        .cast(pl.Int64)
        .alias("key_group_hires_year"),
    ]


def _is_new_of_key_group(on: date) -> pl.Expr:
    """Whether an employee of a key group was hired within a year."""
    one = pl.element().struct
    return (one.field("groups").list.len() > 0) & (one.field("hired_on") > pl.lit(on - timedelta(days=YEAR_DAYS)))


def _with_gaps(draws: Draws, key: str) -> pl.Expr:
    if key in _NO_GAPS:
        return pl.col(key)
    gap = draws.chance(f"unknown/{key}", gap_of(draws, key))
    return pl.when(gap).then(pl.lit(None, dtype=dtype_of(dictionary().facts[key]))).otherwise(pl.col(key)).alias(key)
