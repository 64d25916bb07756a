"""How a command refuses: one sentence on the error stream, exit code 2."""

from __future__ import annotations

import argparse
from typing import NoReturn

REFUSED = 2


class CommandRefused(Exception):
    """The command cannot be carried out; the sentence says why."""


class OneSentenceParser(argparse.ArgumentParser):
    """Refuses in one sentence."""

    def error(self, message: str) -> NoReturn:
        """What is wrong with the arguments, in argparse's own words."""
        raise CommandRefused(f"命令写法有误：{message}（用法见 {self.prog} --help）")


def place_of(problem: UnicodeDecodeError) -> str:
    """Where a file stops being UTF-8: line and column."""
    before = problem.object[: problem.start].decode("utf-8", "replace")
    return f"第 {before.count(chr(10)) + 1} 行第 {len(before) - before.rfind(chr(10))} 列"
