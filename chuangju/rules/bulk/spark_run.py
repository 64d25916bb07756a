"""The run by Spark: a numbered copy of the register, a process in an environment of its own, and its answer in our shape.

A few policies at a time make a statement: one statement for a whole catalogue would take Spark longer to make ready than to run.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import polars as pl

from chuangju.rules.bulk.decisions import CannotDecide, Plan, make_plan
from chuangju.rules.bulk.dialects import SPARK
from chuangju.rules.bulk.nodes import Absent
from chuangju.rules.bulk.registers import KEY, Source
from chuangju.rules.bulk.sql_run import Write, shaped
from chuangju.rules.bulk.statements import decide_statement
from chuangju.rules.program import Program

ROW = "row of the register"
_PROJECT = Path(__file__).resolve().parents[3]
SPARK_PYTHON = _PROJECT / ".venv-spark" / "bin" / "python"
_SPARK_PROGRAM = Path(__file__).with_name("spark_program.py")
_LAST_WORDS = 400
# So long a statement is still made ready in seconds.
_LONGEST = 30_000
_SECONDS_TO_END = 5.0


def run_spark(plan: Plan, source: Source, folder: Path, write: Write) -> tuple[pl.LazyFrame, int]:
    """The decisions by Spark, which runs in an environment and a process of its own; and its megabytes at most."""
    if not SPARK_PYTHON.exists():
        raise CannotDecide("还没有安装 Spark，请先运行 script/spark（需要 Java 17）。")
    file, found, used = folder / "register.parquet", folder / "spark", folder / "used.json"
    write(_numbered(source), file)
    parts = plan_parts([one.program for one in plan.policies], source.survey.absent)
    task = {
        "register": str(file),
        "statements": [text for _, text in parts],
        "found": str(found),
        "used": str(used),
        "scratch": str(folder),
    }
    code, words = _run_program(task)
    if code:
        raise CannotDecide(f"Spark 没有完成：{words.strip()[-_LAST_WORDS:]}")
    frames = []
    for place, (part, _) in enumerate(parts):
        answers, ordered = found / str(place), folder / f"ordered-{place}.parquet"
        pl.scan_parquet(answers / "*.parquet").sort(ROW).drop(ROW).sink_parquet(ordered)
        decided = shaped(pl.scan_parquet(ordered, glob=False), part)
        frames.append(decided if place == 0 else decided.drop(KEY))
    return pl.concat(frames, how="horizontal"), json.loads(used.read_text("utf-8"))["kilobytes"] // 1024


def plan_parts(programs: Sequence[Program], absent: Absent) -> list[tuple[Plan, str]]:
    """Plans of a few policies each with their statements, none longer than what is made ready soon."""
    groups: list[list[Program]] = []
    for program in programs:
        if groups and len(_part([*groups[-1], program], absent)[1]) <= _LONGEST:
            groups[-1].append(program)
        else:
            groups.append([program])
    return [_part(group, absent) for group in groups]


def _part(programs: Sequence[Program], absent: Absent) -> tuple[Plan, str]:
    plan = make_plan(programs, absent)
    return plan, decide_statement(plan, SPARK, "register").replace("SELECT ", f"SELECT `{ROW}`, ", 1)


def _run_program(task: Mapping[str, object]) -> tuple[int, str]:
    """Exit code and last words; whoever stops waiting stops Spark and its Java as well.

    Its standard input stays open meanwhile: should this process be killed, it closes, and the program ends by itself.
    """
    with subprocess.Popen(  # noqa: S603 - our own program
        [SPARK_PYTHON, "-Es", _SPARK_PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        start_new_session=True,
    ) as program:
        try:
            words = ""
            if program.stdin is not None and program.stderr is not None:
                with suppress(BrokenPipeError):
                    program.stdin.write(json.dumps(task) + "\n")
                    program.stdin.flush()
                words = program.stderr.read()
            return program.wait(), words
        except BaseException:
            _end_group(program.pid)
            raise


def _end_group(group: int) -> None:
    """All processes of a group, gently at first."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGTERM)
        until = time.monotonic() + _SECONDS_TO_END
        while time.monotonic() < until:
            time.sleep(0.1)
            os.killpg(group, 0)
        os.killpg(group, signal.SIGKILL)


def _numbered(source: Source) -> Iterator[pl.DataFrame]:
    begin = 0
    for piece in source.pieces():
        yield piece.with_row_index(ROW, offset=begin).with_columns(pl.col(ROW).cast(pl.Int64))
        begin += len(piece)
