"""chuangju match and chuangju simulate: every enterprise of a register against the policies; no database, no web application."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import polars as pl

from chuangju.rules.amounts import write_money
from chuangju.rules.bulk.changes import ChangeRefused, read_sweep, with_conditions, with_figures, with_value
from chuangju.rules.bulk.decisions import CannotDecide
from chuangju.rules.bulk.run import ENGINES, match
from chuangju.rules.bulk.shapes import fits_all
from chuangju.rules.bulk.simulate import Simulation, simulate, simulate_quarters, simulate_variants
from chuangju.rules.catalogue import Catalogue
from chuangju.rules.policy import Policy
from chuangju.ventures.registers import dictionary
from chuangju.ventures.registers.findings import UnreadableRegister
from chuangju.ventures.registers.parquet import MAGIC
from chuangju.ventures.registers.reading import read_register
from config.policy_commands import catalogue_in, chosen_policy, day_of
from config.refusing import REFUSED, CommandRefused, OneSentenceParser

# A shell tells by such a code which signal ended a command.
_BY_SIGNAL = 128


def run(command: str, arguments: Sequence[str]) -> int:
    """Run one of the two; what cannot be done is one sentence on the error stream."""
    try:
        if command == "match":
            code = _run_match(_match_parser().parse_args(arguments))
        else:
            code = _run_simulate(_simulate_parser().parse_args(arguments))
        sys.stdout.flush()
    except (CommandRefused, CannotDecide, ChangeRefused) as refusal:
        print(refusal, file=sys.stderr)
    except UnreadableRegister as refusal:
        print(refusal.sentence, file=sys.stderr)
    except BrokenPipeError:
        # The reader of our output (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as problem:
        print(f"文件读写出错：{problem.filename or ''} {problem.strerror or problem}", file=sys.stderr)
    else:
        return code
    return REFUSED


def _match_parser() -> argparse.ArgumentParser:
    parser = OneSentenceParser(prog="chuangju match", description="政策找企业：对名录中的每家企业测算每项政策")
    _add_common(parser)
    parser.add_argument(
        "--out", metavar="DIR", type=Path, required=True, help="结果目录：decisions.parquet 和 legend.json"
    )
    parser.add_argument(
        "--policy", metavar="ID", nargs="+", action="extend", help="只测算这些政策（标识、标识@版本或文件）"
    )
    parser.add_argument("--engine", choices=ENGINES, default="polars", help="计算引擎（默认 polars）")
    return parser


def _simulate_parser() -> argparse.ArgumentParser:
    parser = OneSentenceParser(prog="chuangju simulate", description="政策模拟：改动参数或条件后的受益面和金额")
    _add_common(parser)
    parser.add_argument("--policy", metavar="ID", required=True, help="政策（标识、标识@版本或文件）")
    parser.add_argument(
        "--set",
        metavar="NAME=VALUE",
        dest="figures",
        action="append",
        default=[],
        help="改动参数，如 --set cap_month=…",
    )
    parser.add_argument("--condition", metavar="ID=EXPR", action="append", default=[], help="改动条件的表达式")
    parser.add_argument("--sweep", metavar="NAME=FROM..TO:STEP", help="逐值测算一个参数")
    parser.add_argument("--quarters", action="store_true", help="一并测算今后四个季度")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    return parser


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--register", metavar="FILE", type=Path, required=True, help="企业名录（Parquet、csv 或 xlsx）")
    parser.add_argument("--on", metavar="YYYY-MM-DD", help="按哪一天测算（默认今天）")
    parser.add_argument("--catalogue", metavar="DIR", type=Path, help="使用另一个政策目录")


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Whoever is asked to end clears away first: files for the time being, and Spark with its Java."""

    def _leave(number: int, _frame: FrameType | None) -> NoReturn:
        raise SystemExit(_BY_SIGNAL + number)

    signals = [signal.SIGTERM, signal.SIGHUP, signal.SIGINT]
    before = [signal.signal(one, _leave) for one in signals]
    try:
        yield
    finally:
        for one, handler in zip(signals, before, strict=True):
            signal.signal(one, handler)


@contextmanager
def _as_parquet(file: Path, day: date) -> Iterator[Path]:
    """The register as Parquet of our own kinds; all else is read and checked first, and what is found told on the error stream."""
    if not file.is_file():
        raise CommandRefused(f"没有文件 {file}")
    if _is_taken_as_it_stands(file):
        yield file
        return
    register = read_register(file, on=day)
    if register.log.faults:
        print(
            f"名录有 {register.log.faults} 处需要核对，相应的值按未知处理；chuangju register {file.name} 逐处列出。",
            file=sys.stderr,
        )
    with tempfile.TemporaryDirectory(prefix="chuangju-register-") as folder:
        found = Path(folder) / "register.parquet"
        register.frame.write_parquet(found)
        yield found


def _is_taken_as_it_stands(file: Path) -> bool:
    """Whether it is Parquet with each column as we keep it: other programs write days as moments, and numbers with a point."""
    with file.open("rb") as stream:
        if stream.read(len(MAGIC)) != MAGIC:
            return False
    try:
        schema = pl.scan_parquet(file, glob=False).collect_schema()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        return False
    return schema.get("id", pl.String()) == pl.String() and fits_all(schema, dictionary().facts.values())


def _policies(catalogue: Catalogue, names: Sequence[str] | None, day: date) -> list[Policy]:
    if names is None:
        found = catalogue.in_force(day)
    else:
        found = [chosen_policy(catalogue, name, day) for part in names for name in part.split(",") if name]
    if not found:
        raise CommandRefused(f"{day} 没有有效的政策")
    return found


def _run_match(options: argparse.Namespace) -> int:
    day = day_of(options.on)
    policies = _policies(catalogue_in(options.catalogue), options.policy, day)
    with _ended_in_order(), _as_parquet(options.register, day) as file:
        found = match(file, policies, on=day, engine=options.engine, out=options.out)
    for warning in found.warnings:
        print(warning, file=sys.stderr)
    print(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
    return 0


def _run_simulate(options: argparse.Namespace) -> int:
    day = day_of(options.on)
    policy = chosen_policy(catalogue_in(options.catalogue), options.policy, day)
    changed = with_figures(policy, dict(_pair(text, "--set") for text in options.figures))
    changed = with_conditions(changed, dict(_pair(text, "--condition") for text in options.condition), dictionary())
    if not (options.figures or options.condition or options.sweep):
        raise CommandRefused("请用 --set、--condition 或 --sweep 写明改动什么")
    with _as_parquet(options.register, day) as file:
        if options.sweep:
            name, values = read_sweep(changed, options.sweep)
            variants = [with_value(changed, name, value) for value in values]
            found = simulate_variants(file, policy, variants, on=day, values=values)
        elif options.quarters:
            found = simulate_quarters(file, policy, changed, on=day)
        else:
            found = [simulate(file, policy, changed, on=day)]
    for warning in found[0].warnings:
        print(warning, file=sys.stderr)
    if options.json:
        answer: Any = [one.as_json() for one in found]
        if not options.sweep:
            now, *later = answer
            answer = now | ({"quarters": later} if later else {})
        print(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        print("\n".join(f"{one.on}  {_told(one)}" if options.quarters else _told(one) for one in found))
    return 0


def _pair(text: str, option: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip() or not value.strip():
        raise CommandRefused(f"{option} 要写成 名称=内容，写的是“{text[:60]}”")
    return name.strip(), value.strip()


def _told(one: Simulation) -> str:
    value = f"{one.value}：" if one.value is not None else ""
    before, after = one.base, one.changed
    is_money = one.policy.amount_unit == "money"
    amounts = [write_money(figures["amount"]) if is_money else str(figures["amount"]) for figures in (before, after)]
    return (
        f"{value}符合 {before['eligible']:,} → {after['eligible']:,} 家，金额 {amounts[0]} → {amounts[1]}，"
        f"增加 {one.winners:,} 家，减少 {one.losers:,} 家"
    )
