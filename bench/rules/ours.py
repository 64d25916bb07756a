"""Our engine over the same register: complete decisions, the plain pass, one explained answer, a sweep.

Run as `ours.py PART REGISTER`, each part in a process of its own so that its memory can be told.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench.rules.made_register import write_made
from bench.rules.measuring import measure, tell
from chuangju.rules.bulk.batch import Stage
from chuangju.rules.bulk.changes import read_sweep, with_value
from chuangju.rules.bulk.decisions import make_plan
from chuangju.rules.bulk.plain import HOLDS, PlainDecider
from chuangju.rules.bulk.registers import PIECE, Source
from chuangju.rules.bulk.results import empty_summary
from chuangju.rules.bulk.run import Run, facts_of_all, match
from chuangju.rules.bulk.simulate import simulate_variants
from chuangju.rules.bulk.widths import WORKED, keep_columns
from chuangju.rules.explain import explain
from chuangju.rules.parameters import Shared
from chuangju.rules.policy import Policy
from chuangju.rules.policy_file import parse_policy
from chuangju.rules.program import prepare_policy
from chuangju.ventures.registers import dictionary

ON, SEED = date(2025, 6, 30), 7
FOLDER = Path(__file__).with_name("policies")


@cache
def policies() -> tuple[Policy, ...]:
    """The ten policies, 58 conditions and 26 columns that are measured."""
    files = sorted(FOLDER.glob("*.yaml"))
    return tuple(parse_policy(file.read_text("utf-8"), dictionary=dictionary(), shared=Shared()) for file in files)


def hold(register: str) -> pl.DataFrame:
    """The 26 columns asked for, each in one piece and as narrow as its values allow (peers hold theirs in 32 bits)."""
    return keep_columns(register, [name for name in pl.scan_parquet(register).collect_schema() if name != "id"])


def plain_decider(schema: dict[str, pl.DataType]) -> PlainDecider:
    """Yes, no or unknown and the amount for each policy: what is left when nobody asks why."""
    return PlainDecider({one.id: prepare_policy(one, ON) for one in policies()}, {}, schema)


def measure_match(register: str) -> None:
    """Complete decisions: five verdicts, amounts, what fails, what is missing."""
    frame = pl.read_parquet(register).rechunk()
    tell(what="ours, complete, in memory", **measure(lambda: match(frame, policies(), on=ON)))


def measure_file(register: str) -> None:
    """The same from Parquet, kept in memory and written."""
    tell(what="ours, complete, from file", **measure(lambda: match(register, policies(), on=ON), runs=3))


def measure_written(register: str) -> None:
    """The same from Parquet to Parquet."""
    with tempfile.TemporaryDirectory() as folder:
        work = lambda: match(register, policies(), on=ON, out=Path(folder))  # noqa: E731 - said once
        tell(what="ours, complete, file to file", **measure(work, runs=2))


def measure_plain(register: str) -> None:
    """Only yes, no or unknown and the amount."""
    frame = hold(register)
    decider = plain_decider(dict(frame.schema))
    tell(what="ours, plain, in memory", **measure(lambda: decider.decide(frame)))


def measure_plain_file(register: str) -> None:
    """The same from Parquet, so many rows at a time."""
    tell(what="ours, plain, from file", **measure(lambda: pl.concat(decided_plainly(register), rechunk=False)))


def decided_plainly(register: str) -> Iterator[pl.DataFrame]:
    """The decisions piece by piece."""
    lazy = pl.scan_parquet(register).drop("id")
    decider = plain_decider(dict(lazy.collect_schema()))
    for begin in range(0, int(lazy.select(pl.len()).collect().item()), PIECE):
        yield decider.decide(lazy.slice(begin, PIECE).collect())


def measure_near(register: str) -> None:
    """The plain pass, and for every decision which conditions fail and whether it is just one."""
    frame = hold(register)
    schema, programs = dict(frame.schema), [prepare_policy(one, ON) for one in policies()]
    plan = make_plan(programs, {})
    near = {one.columns.near.name: plan.steps[2][one.columns.near.name] for one in plan.policies}
    stages = [Stage(schema, step) for step in (plan.steps[0], plan.steps[1], near)]
    decider = plain_decider(schema)
    beside = [pl.col(name) for one in plan.policies for name in (one.columns.near.name, one.columns.failed.name)]
    holds = [pl.col(one.columns.holds.name).alias(f"{one.id}{HOLDS}") for one in plan.policies]

    def _run() -> pl.DataFrame:
        rows = frame.lazy()
        for stage in stages:
            rows = stage.add_to(rows)
        held = rows.select(*beside, *holds).collect(engine="streaming")
        return decider.with_amounts(frame, held).hstack(held.select(beside))

    tell(what="ours, with near misses, in memory", **measure(_run))


def measure_answer(register: str) -> None:
    """One applicant, ten policies, everything explained."""
    row = pl.scan_parquet(register).head(1).collect().to_dicts()[0]
    tell(
        what="ours, one explained answer",
        **measure(lambda: [explain(one, row, on=ON).missing for one in policies()], runs=300),
    )


def measure_sweep(register: str) -> None:
    """Twenty values of one cap."""
    frame = pl.read_parquet(register).rechunk()
    policy = next(one for one in policies() if one.id == "rent_subsidy")
    name, values = read_sweep(policy, "cap_month=100000..480000:20000")
    variants = [with_value(policy, name, value) for value in values]
    tell(
        what=f"ours, sweep of {len(values)} values, in memory",
        **measure(lambda: simulate_variants(frame, policy, variants, on=ON, values=values)),
    )


def make(register: str) -> None:
    """The register that the file's name says the size of, unless it is there."""
    path = Path(register)
    tell(what=str(write_made(path, int(path.stem.split("-")[1]), seed=SEED)))


def measure_counted(register: str) -> None:
    """Complete decisions counted by policy and verdict, not kept: what a register of any size takes."""
    programs = [prepare_policy(one, ON) for one in policies()]

    def _count() -> None:
        source = Source(register, facts_of_all(programs))
        plan = make_plan(programs, source.survey.absent)
        run = Run(plan, source, summary=empty_summary([one.id for one in plan.policies]))
        for _ in run.counted(run.batches()):
            pass

    tell(what="ours, complete, counted", **measure(_count, runs=1))


def measure_plain_counted(register: str) -> None:
    """Yes, no or unknown and the amount, counted."""
    work = lambda: [piece.select(pl.all().cast(WORKED).sum()) for piece in decided_plainly(register)]  # noqa: E731 - said once
    tell(what="ours, plain, counted", **measure(work, runs=1))


PARTS: dict[str, Callable[[str], None]] = {
    "match": measure_match,
    "file": measure_file,
    "written": measure_written,
    "plain": measure_plain,
    "plain_file": measure_plain_file,
    "near": measure_near,
    "answer": measure_answer,
    "sweep": measure_sweep,
    "counted": measure_counted,
    "make": make,
    "plain_counted": measure_plain_counted,
}

if __name__ == "__main__":
    PARTS[sys.argv[1]](sys.argv[2])
