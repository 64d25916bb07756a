"""A file of facts, as `chuangju explain` takes it: one JSON object, each key once."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from chuangju.rules.given import Facts, clean_facts
from chuangju.ventures.registers import dictionary
from config.refusing import CommandRefused, place_of

_MOST_BYTES = 20_000_000


def facts_from(name: str) -> Facts:
    """The facts of a file, or of standard input (-); raises CommandRefused."""
    try:
        text = sys.stdin.read(_MOST_BYTES) if name == "-" else Path(name).read_text("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise CommandRefused(f"读不了数据项文件 {name}：{place_of(problem)}不是 UTF-8 文本") from problem
    except OSError as problem:
        raise CommandRefused(f"读不了数据项文件 {name}：文件不存在或不能读取") from problem
    try:
        given = json.loads(text, object_pairs_hook=_without_repeats)
    except json.JSONDecodeError as problem:
        place = f"第 {problem.lineno} 行第 {problem.colno} 列"
        raise CommandRefused(f"数据项文件 {name} 不是 JSON：{place}读不下去") from problem
    except (ValueError, RecursionError) as problem:
        raise CommandRefused(f"数据项文件 {name} 不是 JSON：有的数太长，或嵌套太深") from problem
    if not isinstance(given, dict):
        raise CommandRefused(f'数据项文件 {name} 要是一个 JSON 对象，如 {{"registered_on": "2025-03-01"}}')
    facts, problems = clean_facts(given, dictionary())
    if problems:
        raise CommandRefused("；".join(one.zh for one in problems[:5]))
    return facts


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise CommandRefused(f"数据项文件里“{key[:40]}”写了两次")
        found[key] = value
    return found
