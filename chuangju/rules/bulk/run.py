"""A run: every enterprise of a register against every policy, by one of three engines; neither Django nor a database."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Literal

import polars as pl
from polars.io.plugins import register_io_source as scan_frames

from chuangju.rules.bulk.batch import BatchDecider
from chuangju.rules.bulk.decisions import Plan, make_plan
from chuangju.rules.bulk.registers import Source
from chuangju.rules.bulk.results import (
    DECISIONS,
    Decisions,
    Summary,
    add_to_summary,
    empty_summary,
    peak_megabytes,
    write_legend,
)
from chuangju.rules.bulk.widths import widened
from chuangju.rules.facts import Fact
from chuangju.rules.policy import Policy
from chuangju.rules.program import Program, prepare_policy
from chuangju.rules.tree import FactRef, walk

Engine = Literal["polars", "duckdb", "spark"]
Progress = Callable[[int, int], None]
ENGINES: tuple[Engine, ...] = ("polars", "duckdb", "spark")


class RunCancelled(Exception):
    """Whoever asked for the run does not want it any more."""


@dataclass(slots=True)
class Run:
    """One run on its way: whom to tell, and what has been counted so far."""

    plan: Plan
    source: Source
    progress: Progress | None = None
    cancelled: Callable[[], bool] | None = None
    summary: Summary = field(default_factory=dict)
    beside_mb: int = 0

    def batches(self) -> Iterator[pl.DataFrame]:
        """The decisions by Polars batch by batch."""
        decider = None
        for piece in self.source.pieces():
            decider = decider or BatchDecider(self.plan, piece.schema)
            yield decider.decide(piece)

    def counted(self, batches: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        """The same batches, counted on the way; raises RunCancelled."""
        done = 0
        for decided in batches:
            if self.cancelled is not None and self.cancelled():
                raise RunCancelled
            add_to_summary(self.summary, decided)
            done += len(decided)
            if self.progress is not None:
                self.progress(done, self.source.rows)
            yield decided


def match(
    source: Path | str | pl.DataFrame,
    policies: Sequence[Policy],
    *,
    on: date,
    engine: Engine = "polars",
    out: Path | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Decisions:
    """Decide every policy for every row on a day; with `out`, decisions.parquet and legend.json are written there.

    Raises CannotDecide with a sentence, and RunCancelled once `cancelled` says so.
    """
    begun = time.perf_counter()
    programs = [prepare_policy(one, on) for one in policies]
    opened = Source(source, facts_of_all(programs), narrow=engine == "polars")
    plan = make_plan(programs, opened.survey.absent)
    run = Run(plan, opened, progress, cancelled, empty_summary([one.id for one in plan.policies]))
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    held = _by_polars(run, out) if engine == "polars" else _by_sql(run, engine, out)
    if out is not None:
        write_legend(out, plan.legend())
    return Decisions(
        rows=opened.rows,
        policies=tuple(one.id for one in plan.policies),
        engine=engine,
        by_policy=run.summary,
        legend=plan.legend(),
        seconds=time.perf_counter() - begun,
        peak_mb=peak_megabytes() + run.beside_mb,
        warnings=opened.warnings,
        path=None if out is None else out / DECISIONS,
        held=held,
    )


def facts_of_all(programs: Sequence[Program]) -> list[Fact]:
    """The facts that any of these programs asks for."""
    found: dict[str, Fact] = {}
    for program in programs:
        trees = [one for part in program.conditions for one in (part.now, part.first, part.later) if one is not None]
        trees += [program.amount] if program.amount is not None else []
        found |= {node.fact.key: node.fact for tree in trees for node in walk(tree) if isinstance(node, FactRef)}
    return list(found.values())


def _by_polars(run: Run, out: Path | None) -> pl.DataFrame:
    if out is None:
        return pl.concat(run.counted(run.batches()), rechunk=False)
    names = [one.id for one in run.plan.policies]
    write_batches((widened(one, names) for one in run.counted(run.batches())), out / DECISIONS)
    return pl.DataFrame()


def _by_sql(run: Run, engine: Engine, out: Path | None) -> pl.DataFrame:
    from chuangju.rules.bulk import spark_run, sql_run  # noqa: PLC0415 - DuckDB is loaded only where it is asked for

    decide = sql_run.run_duckdb if engine == "duckdb" else spark_run.run_spark
    with tempfile.TemporaryDirectory(prefix="chuangju-match-") as folder:
        found, run.beside_mb = decide(run.plan, run.source, Path(folder), write_batches)
        batches = run.counted(sql_run.pieces_of(found, run.source.rows))
        if out is None:
            return pl.concat(batches, rechunk=False)
        write_batches(batches, out / DECISIONS)
        return pl.DataFrame()


def write_batches(batches: Iterator[pl.DataFrame], path: Path) -> None:
    """Write frames to one Parquet file as they come; what is not whole does not keep the name."""
    first = next(batches)
    partly = path.with_suffix(".part")
    try:
        scan_frames(lambda *_asked: chain((first,), batches), schema=first.schema).sink_parquet(
            partly, compression="lz4"
        )
        partly.replace(path)
    finally:
        partly.unlink(missing_ok=True)
