"""chuangju - the product's command line: `table` reads a file with nothing but Python, all else goes to the application."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chuangju.programme.table import ReadTable

BAD_FILE = 2
_BIG_FILE = 100_000

# Command of ours: (management command of the application, what it does).
COMMANDS = {
    "prepare": ("prepare", "准备数据库和初始数据（可重复执行）"),
    "migrate": ("migrate", "把数据库更新到当前版本"),
    "load_demo": ("load_demo", "载入演示数据（只用于空库或演示库）"),
    "work": ("work", "执行后台任务和例行事务，可同时运行多个"),
    "verify": ("verify", "核对审计链、附件等是否完好，有误时退出码为 1"),
    "backup": ("backup", "备份数据库、附件和密钥到一个文件"),
    "restore": ("restore", "把备份恢复到空库，逐表核对散列值"),
    "rotate_keys": ("rotate_keys", "更换个人信息的加密密钥并重新加密（中断后再运行即接着做）"),
    "export_anchor": ("export_anchor", "把当天的审计链头存到数据库之外"),
    "appoint_administrator": ("appoint_administrator", "任命第一批管理员"),
    "load_policies": ("load_policies", "载入本区自己的政策文件（一人起草，另一人发布）"),
    "import_table": ("import_table", "导入任务表，等同于 table FILE --import"),
}

# Commands that need neither a database nor Django: (module with `run(command, arguments)`, what it does).
PURE_COMMANDS = {
    "policies": ("config.policy_commands", "列出政策目录，核对每个文件和范例"),
    "explain": ("config.policy_commands", "一项（或全部）政策对某人某企业的答复，逐条说明"),
    "register": ("config.register_commands", "核对企业名录文件，或生成演示名录"),
    "match": ("config.rule_commands", "政策找企业：对名录中的每家企业测算每项政策"),
    "simulate": ("config.rule_commands", "政策模拟：改动参数或条件后的受益面和金额"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if given and given[0] in COMMANDS:
        return _run_in_application([COMMANDS[given[0]][0], *given[1:]])
    if given and given[0] in PURE_COMMANDS:
        module = importlib.import_module(PURE_COMMANDS[given[0]][0])
        return int(module.run(given[0], given[1:]))
    options, more = _parser().parse_known_args(given)
    if more and not getattr(options, "is_import", False):
        _parser().error(f"不认识的参数：{' '.join(more)}")
    if options.command == "table":
        return _run_table(options, more)
    _parser().print_help()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="chuangju", description="创聚：创业型城区创建工作平台")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="命令")
    table = commands.add_parser("table", help="读取任务表文件（docx、xlsx、csv、文本），不需要数据库")
    table.add_argument("file", metavar="FILE", type=Path, help="任务表文件")
    table.add_argument("--json", action="store_true", help="输出 JSON")
    table.add_argument("--import", action="store_true", dest="is_import", help="导入为新版本（需要数据库）")
    table.add_argument("--by", metavar="USERNAME", help="由谁导入（用户名）")
    table.add_argument("--effective", metavar="YYYY-MM-DD", help="新版本的生效日期")
    for name, (_, what) in (PURE_COMMANDS | COMMANDS).items():
        commands.add_parser(name, help=what, add_help=False)
    return parser


def _run_in_application(arguments: list[str]) -> int:
    """A management command, with the application set up; what goes wrong is one sentence, not a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django  # noqa: PLC0415 - `table` must not load Django
    from django.core.management import CommandError, call_command  # noqa: PLC0415 - as above
    from django.db import DatabaseError  # noqa: PLC0415 - as above

    django.setup()
    try:
        call_command(*arguments)
    except CommandError as problem:
        print(problem, file=sys.stderr)
        return problem.returncode
    except DatabaseError as problem:
        print(f"数据库用不了（{problem}），请先运行 chuangju prepare。", file=sys.stderr)
        return BAD_FILE
    return 0


def _run_table(options: argparse.Namespace, more: list[str]) -> int:
    if options.is_import:
        if not options.by:
            print("导入需要用 --by 写明由谁导入。", file=sys.stderr)
            return BAD_FILE
        arguments = ["import_table", str(options.file), f"--by={options.by}", *more]
        if options.effective:
            arguments.append(f"--effective={options.effective}")
        return _run_in_application(arguments)
    from chuangju.programme.table import UnreadableTable, read_table_guarded  # noqa: PLC0415 - other commands need no reader

    try:
        table = read_table_guarded(options.file, on_progress=_progress(options.file))
    except UnreadableTable as refusal:
        print(refusal.sentence, file=sys.stderr)
        return BAD_FILE
    try:
        print(json.dumps(table.public_dict(), ensure_ascii=False, indent=2) if options.json else _summary(table))
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _progress(file: Path) -> Callable[[int, int], None] | None:
    """A counter on the terminal while a big file is read."""
    try:
        is_big = file.stat().st_size > _BIG_FILE
    except OSError:
        return None
    if not is_big or not sys.stderr.isatty():
        return None

    def _show(done: int, total: int) -> None:
        print(f"\r正在读取：{done}/{total} 行", end="\n" if done >= total else "", file=sys.stderr, flush=True)

    return _show


def _summary(table: ReadTable) -> str:
    """The table for people: category by category, then what to look at."""
    lines = [*table.headings, table.title or "（没有表题）", ""]
    categories = {task.category for task in table.tasks} - {None}
    measures = sum(len(task.measures) for task in table.tasks)
    lines.append(f"{len(table.tasks)} 项任务，{len(categories)} 个类别，{measures} 条推进举措")
    past: str | None = ""
    for task in table.tasks:
        if task.category != past:
            lines += ["", f"【{task.category or '未分类'}】"]
            past = task.category
        parts = [f"牵头：{'、'.join(task.lead)}"]
        if task.cooperating:
            parts.append(f"配合：{'、'.join(task.cooperating)}")
        parts.append(f"举措 {len(task.measures)} 条")
        if task.due:
            parts.append(f"时限：{task.due}")
        lines += [f"{task.number:>4}  {task.task}", f"      {'；'.join(parts)}"]
    if table.warnings:
        lines += ["", f"需要核对 {len(table.warnings)} 处："]
    for found in table.warnings:
        place = f"第 {found.row} 项" if found.row is not None else "全表"
        lines.append(f"  - {place}{f'“{found.cell}”' if found.cell else ''}：{found.text}")
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
