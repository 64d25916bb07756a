"""Numbering - the number of each task: as printed where that is possible, in order where it is not, and always told."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from chuangju.programme.table.categories import is_none_sign, join_lines
from chuangju.programme.table.headers import Header
from chuangju.programme.table.numbers import parse_number
from chuangju.programme.table.rows import RawTask, RowCollector
from chuangju.programme.table.sentences import refuse, warn

_LEADING_NUMBER = re.compile(r"^\s*[（(]?\s*(\d{1,4})\s*(?:[）)]|[.．](?!\d)|、)\s*")
# 1-1, 2.3, A-01: numbers of a plan of its own, which are no whole numbers.
_CODE = re.compile(r"[A-Za-z]{0,3}\d{0,4}(?:[-.．_－—–][A-Za-z]{0,2}\d{1,4}){0,3}|[A-Za-z]{1,3}\d{1,4}")
# In a sheet 1.1 and 1.10 are the same value, so these may repeat.
_FRACTION = re.compile(r"\d+[.．]\d+")
# Fewer repeated numbers are a slip of the pen and not a way of counting.
_FEWEST_REPEATED = 2


def number_tasks(collector: RowCollector) -> list[int]:
    """The numbers of the collector's tasks, in their order."""
    raw = collector.tasks
    header = raw[0].header
    if not any("number" in task.header.indices for task in raw):
        return _number_from_texts(collector)
    column = header.name("number")
    if any(task.shares_number for task in raw):
        return _in_order(collector, "numbers_shared", column)
    if _are_codes(raw):
        return _in_order(collector, "numbers_coded", column, text=join_lines(raw[0].texts["number"]))
    if _restart(raw, [parse_number(join_lines(task.texts["number"])) for task in raw]):
        return _in_order(collector, "numbers_restarted", column)
    return _read_numbers(collector, header)


def _in_order(collector: RowCollector, code: str, column: str | None, **params: object) -> list[int]:
    collector.notice(None, warn(code, cell=column, column=column, **params))
    return list(range(1, len(collector.tasks) + 1))


def _are_codes(raw: Sequence[RawTask]) -> bool:
    """Whether all of several tasks have a code of two parts and none a number."""
    texts = [re.sub(r"\s+", "", task.texts["number"]) for task in raw]
    if len(texts) < _FEWEST_REPEATED or not all(_CODE.fullmatch(text) and len(text) > 1 for text in texts):
        return False
    if any(parse_number(text) is not None for text in texts):
        return False
    told_apart = [text for text in texts if not _FRACTION.fullmatch(text)]
    return len(set(told_apart)) == len(told_apart)


def _restart(raw: Sequence[RawTask], numbers: Sequence[int | None]) -> bool:
    """Whether each category counts its tasks from 1: at least two numbers come again, and none is out of its place."""
    if None in numbers or len(numbers) - len(set(numbers)) < _FEWEST_REPEATED:
        return False
    blocks = [
        [number for _, number in pairs]
        for _, pairs in itertools.groupby(
            zip(raw, numbers, strict=True), key=lambda pair: (pair[0].category, pair[0].part)
        )
    ]
    in_place = all(block == list(range(1, len(block) + 1)) for block in blocks)
    return in_place and any(len(block) > 1 for block in blocks)


def _read_numbers(collector: RowCollector, header: Header) -> list[int]:
    raw, column = collector.tasks, header.name("number")
    printed: dict[int, RawTask] = {}
    for task in raw:
        text = join_lines(task.texts["number"])
        number = parse_number(text)
        if number is None and not is_none_sign(text):
            called = task.header.name("number") or column
            raise refuse("number_unclear", row=task.row, column=called, text=text[:20], part=task.part)
        if number is not None:
            if number in printed:
                _refuse_duplicate(task, printed[number], number, column)
            printed[number] = task
    numbers = _fill_numbers(collector, set(printed), column)
    _strip_repeated(raw, numbers)
    return numbers


def _strip_repeated(raw: Sequence[RawTask], numbers: Sequence[int]) -> None:
    """Takes the number off every task's name where all of them begin with their own."""
    matches = [_LEADING_NUMBER.match(task.texts["task"]) for task in raw]
    if all(match and int(match[1]) == number for match, number in zip(matches, numbers, strict=True)):
        for task, match in zip(raw, matches, strict=True):
            task.texts["task"] = task.texts["task"][match.end() if match else 0 :]


def _refuse_duplicate(task: RawTask, first: RawTask, number: int, column: str | None) -> None:
    told = {"row": task.row, "column": column, "number": number, "first": first.row, "part": task.part}
    if task.part == first.part:
        raise refuse("duplicate_number", **told)
    raise refuse("duplicate_number_apart", **told, other=first.part)


def _fill_numbers(collector: RowCollector, taken: set[int], column: str | None) -> list[int]:
    """The printed numbers, and for tasks without one the next that is free."""
    numbers: list[int] = []
    noticed: list[tuple[RawTask, int]] = []
    collides = False
    for task in collector.tasks:
        number = parse_number(task.texts["number"])
        if number is None:
            number = (numbers[-1] if numbers else 0) + 1
            collides |= number in taken
            number = number if number not in taken else max(taken) + 1
            taken.add(number)
            noticed.append((task, number))
        numbers.append(number)
    if collides and len(noticed) >= _FEWEST_REPEATED:
        # Numbers that stand only at some tasks and leave no room for the others count something else.
        return _in_order(collector, "numbers_shared", column)
    for task, number in noticed:
        collector.notice(task.row, warn("number_missing", cell=column, number=number), task)
    return numbers


def _number_from_texts(collector: RowCollector) -> list[int]:
    """Without a column of numbers: those before all of the tasks' names, else their order."""
    matches = [_LEADING_NUMBER.match(task.texts["task"]) for task in collector.tasks]
    written = [int(match[1]) for match in matches if match]
    is_complete = len(written) == len(matches)
    is_unique = len(set(written)) == len(written)
    if is_complete and (is_unique or _restart(collector.tasks, written)):
        for task, match in zip(collector.tasks, matches, strict=True):
            task.texts["task"] = task.texts["task"][match.end() if match else 0 :]
        if is_unique:
            return written
    collector.notice(None, warn("numbers_assigned"))
    return list(range(1, len(matches) + 1))
