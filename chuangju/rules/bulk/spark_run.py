"""The run by Spark: a numbered copy of the register, a process in an environment of its own, and its answer in our shape."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from chuangju.rules.bulk.decisions import CannotDecide, Plan
from chuangju.rules.bulk.dialects import SPARK
from chuangju.rules.bulk.registers import Source
from chuangju.rules.bulk.sql_run import Write, shaped
from chuangju.rules.bulk.statements import decide_statement

ROW = "row of the register"
_PROJECT = Path(__file__).resolve().parents[3]
SPARK_PYTHON = _PROJECT / ".venv-spark" / "bin" / "python"
_SPARK_PROGRAM = Path(__file__).with_name("spark_program.py")
_LAST_WORDS = 400


def run_spark(plan: Plan, source: Source, folder: Path, write: Write) -> pl.LazyFrame:
    """The decisions by Spark, which runs in an environment and a process of its own."""
    if not SPARK_PYTHON.exists():
        raise CannotDecide("还没有安装 Spark，请先运行 script/spark（需要 Java 17）。")
    file, found = folder / "register.parquet", folder / "spark"
    write(_numbered(source), file)
    statement = decide_statement(plan, SPARK, "register").replace("SELECT ", f"SELECT `{ROW}`, ", 1)
    task = {"register": str(file), "statement": statement, "found": str(found), "scratch": str(folder)}
    code, words = _run_program(task)
    if code:
        raise CannotDecide(f"Spark 没有完成：{words.strip()[-_LAST_WORDS:]}")
    return shaped(pl.scan_parquet(found / "*.parquet").sort(ROW).drop(ROW), plan)


def _run_program(task: dict[str, str]) -> tuple[int, str]:
    """Exit code and last words; whoever stops waiting stops Spark and its Java as well."""
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
            _, words = program.communicate(json.dumps(task))
        except BaseException:
            os.killpg(program.pid, signal.SIGTERM)
            raise
        return program.returncode, words


def _numbered(source: Source) -> Iterator[pl.DataFrame]:
    begin = 0
    for piece in source.pieces():
        yield piece.with_row_index(ROW, offset=begin).with_columns(pl.col(ROW).cast(pl.Int64))
        begin += len(piece)
