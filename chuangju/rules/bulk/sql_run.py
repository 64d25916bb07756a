"""Runs in SQL: a copy of the register where its columns need mending, one statement, and the answer in the same shape as ever."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import polars as pl

from chuangju.rules.bulk import registers
from chuangju.rules.bulk.decisions import Plan
from chuangju.rules.bulk.dialects import DUCKDB
from chuangju.rules.bulk.registers import KEY, Source
from chuangju.rules.bulk.results import VERDICT
from chuangju.rules.bulk.statements import decide_statement
from chuangju.rules.bulk.widths import bits_dtype

Write = Callable[[Iterator[pl.DataFrame], Path], None]


def run_duckdb(plan: Plan, source: Source, folder: Path, write: Write) -> tuple[pl.LazyFrame, int]:
    """The decisions by DuckDB, in a file of this folder for the time being; it takes no memory beside this process's."""
    file, found = _plain_file(source, folder, write), folder / "duckdb.parquet"
    statement = decide_statement(plan, DUCKDB, f"read_parquet({DUCKDB.text_of(str(file))})")
    with duckdb.connect(config={"temp_directory": str(folder)}) as connection:
        connection.execute(f"COPY ({statement}) TO {DUCKDB.text_of(str(found))} (FORMAT parquet, PRESERVE_ORDER true)")
    return shaped(pl.scan_parquet(found, glob=False), plan), 0


def _plain_file(source: Source, folder: Path, write: Write) -> Path:
    """The register's own file where it can be taken as it stands, else a cleaned copy."""
    if source.path is not None and source.is_plain:
        return source.path
    file = folder / "register.parquet"
    write(source.pieces(), file)
    return file


def shaped(found: pl.LazyFrame, plan: Plan) -> pl.LazyFrame:
    """The decisions with the types that Polars gives."""
    wanted = [pl.col(KEY)]
    for policy in plan.policies:
        bits = {f"{policy.id}.failed": policy.program.conditions, f"{policy.id}.missing": policy.facts}
        wanted += [pl.col(f"{policy.id}.verdict").cast(VERDICT), pl.col(f"{policy.id}.amount").cast(pl.Int64)]
        wanted += [pl.col(name).cast(bits_dtype(len(parts))) for name, parts in bits.items()]
    return found.select(wanted)


def pieces_of(found: pl.LazyFrame, rows: int) -> Iterator[pl.DataFrame]:
    """The decisions so many rows at a time."""
    size = registers.PIECE
    for begin in range(0, max(rows, 1), size):
        yield found.slice(begin, size).collect()
