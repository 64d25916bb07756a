"""chuangju register: checks a register of enterprises, or makes one up; with neither a database nor the web application."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chuangju.ventures.registers.findings import Finding
    from chuangju.ventures.registers.reading import Register

CLEAN, FOUND, REFUSED = 0, 1, 2
_SHOWN = 20


def run(command: str, arguments: Sequence[str]) -> int:
    """Run the command; what cannot be done is one sentence on the error stream."""
    del command
    options = _parser().parse_args(arguments)
    if options.generate is None and options.file is None:
        _parser().error("请指定名录文件，或用 --generate N 生成演示名录")
    try:
        return _generate(options) if options.generate is not None else _check(options)
    except BrokenPipeError:
        # The reader of our output (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLEAN


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="chuangju register",
        description="核对企业名录（Parquet、xlsx、csv），或生成演示名录；没有问题退出码为 0，有问题为 1，不能用为 2",
    )
    parser.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        type=Path,
        help="名录文件；csv 的明细放在同名的 register.employees.csv 等文件",
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.add_argument("--on", metavar="YYYY-MM-DD", type=_day, help="数据日期（核对默认今天，生成默认 2025-06-30）")
    parser.add_argument(
        "--map", metavar="列名=数据项", action="append", default=[], help="文件中某一列是哪个数据项，可重复"
    )
    parser.add_argument("--generate", metavar="N", type=int, help="生成 N 家虚构企业")
    parser.add_argument("--seed", metavar="S", type=int, default=1, help="随机种子，相同的种子得到相同的名录")
    parser.add_argument("--out", metavar="FILE", type=Path, help="写到哪个文件：生成的或核对后的名录（Parquet）")
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，请写成 2026-03-01") from problem


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return REFUSED


def _generate(options: argparse.Namespace) -> int:
    from chuangju.ventures.registers import generate  # noqa: PLC0415 - columns are loaded for this command alone

    if options.file is not None:
        return _refuse("--generate 不读取文件，请用 --out 指定写到哪里。")
    if options.out is None:
        return _refuse("请用 --out 指定写到哪个文件，如 --out register.parquet。")
    if not 1 <= options.generate <= generate.MAX_ROWS:
        return _refuse(f"--generate 应在 1 至 {generate.MAX_ROWS} 之间。")
    if options.out.suffix.lower() != ".parquet":
        return _refuse("演示名录写成 Parquet，文件名请以 .parquet 结尾。")
    try:
        on = options.on or generate.DEFAULT_DAY
        generate.write_register(options.out, options.generate, seed=options.seed, on=on)
    except OSError as problem:
        return _refuse(f"写不了文件 {options.out}：{problem.strerror or problem}。")
    size = options.out.stat().st_size
    facts = {
        "rows": options.generate,
        "seed": options.seed,
        "on": on.isoformat(),
        "file": str(options.out),
        "bytes": size,
    }
    said = f"已生成 {options.generate} 家虚构企业（演示数据，种子 {options.seed}，数据日期 {on}），写入 {options.out}。"
    print(json.dumps(facts, ensure_ascii=False) if options.json else said)
    return CLEAN


def _check(options: argparse.Namespace) -> int:
    from chuangju.rules.kinds import Kind  # noqa: PLC0415 - as above
    from chuangju.ventures.registers import dictionary  # noqa: PLC0415
    from chuangju.ventures.registers.findings import UnreadableRegister  # noqa: PLC0415
    from chuangju.ventures.registers.reading import read_register  # noqa: PLC0415

    mapping = {}
    known = {
        *dictionary().facts,
        *(name for fact in dictionary().facts.values() if fact.kind is Kind.RECORDS for name in fact.fields),
    }
    for pair in options.map:
        name, sign, key = pair.rpartition("=")
        if not sign or (key and key not in known):
            return _refuse(f"--map {pair}：请写成“列名=数据项”，数据项见 docs/registers.md。")
        mapping[name] = key
    try:
        register = read_register(options.file, mapping=mapping, on=options.on or date.today())  # noqa: DTZ011 - the day of whoever asks
    except UnreadableRegister as refusal:
        return _refuse(refusal.sentence)
    if options.out is not None:
        try:
            register.frame.write_parquet(
                options.out, metadata=dict(register.about) | {"chuangju.register_version": register.version}
            )
        except OSError as problem:
            return _refuse(f"写不了文件 {options.out}：{problem.strerror or problem}。")
    print(
        json.dumps(_facts(register, options.file), ensure_ascii=False, indent=2)
        if options.json
        else _summary(register, options.file)
    )
    sys.stdout.flush()
    return FOUND if register.log.faults else CLEAN


def _facts(register: Register, file: Path) -> dict[str, object]:
    report = register.report()
    return {
        "file": str(file),
        **{
            key: report[key]
            for key in ("rows", "enterprises", "columns", "version", "synthetic", "faults", "counts", "ignored")
        },
        "findings": [finding.public_dict() for finding in register.log.kept],
    }


def _summary(register: Register, file: Path) -> str:
    """The report for people: what it is, what is wrong by kind and column, and the first places."""
    lines = [f"{file}：{register.rows} 行，采用 {register.frame.height} 家企业、{register.frame.width} 个数据项"]
    if register.is_synthetic:
        lines.append("演示数据，均为虚构")
    faults = [each for each in register.log.kept if not each.is_notice]
    lines.append(f"数据质量：{register.log.faults} 处问题" if faults else "数据质量：没有发现问题")
    for finding in faults[:_SHOWN]:
        place = f"第 {finding.row} 行" if finding.row is not None else "整列"
        sheet = f"“{finding.sheet}”" if finding.sheet else ""
        column = _column(finding, register) if finding.column else ""
        lines.append(f"  - {sheet}{place}{f'，列“{column}”' if column else ''}：{finding.text}")
    if register.log.faults > len(faults[:_SHOWN]):
        lines.append(f"  另有 {register.log.faults - len(faults[:_SHOWN])} 处，详见 --json")
    notices = [each for each in register.log.kept if each.is_notice]
    if notices:
        lines.append(f"提示：{len(notices)} 处")
    lines += [f"  - {_column(finding, register)}：{finding.text}" for finding in notices[:_SHOWN]]
    return "\n".join(lines)


def _column(finding: Finding, register: Register) -> str:
    """A column as the file calls it, or as the dictionary does."""
    from chuangju.ventures.registers.sayings import column_words  # noqa: PLC0415 - as above

    return register.columns.get(finding.column) or column_words(finding.column) or finding.sheet
