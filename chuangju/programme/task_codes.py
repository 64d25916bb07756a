"""任务代码 - the stable code of a task: kept from the previous version, known by title, or made from the title."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class KnownTask(NamedTuple):
    """A task of the district's own table: its code and the English reading of its title."""

    code: str
    title_en: str


@cache
def _catalogue() -> tuple[dict[str, KnownTask], dict[str, str]]:
    """Known titles and category names, from data/task_codes.toml."""
    text = files("chuangju.programme").joinpath("data/task_codes.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    tasks = {
        title: KnownTask(entry["code"], entry["title_en"])
        for entry in data["task"]
        for title in (entry["title"], *entry.get("also", ()))
    }
    return tasks, data["categories"]


def known_task(title: str) -> KnownTask | None:
    """The catalogue's entry for a printed title, or None."""
    return _catalogue()[0].get("".join(title.split()))


def category_name_en(name: str) -> str:
    """The English name of a known category; empty where there is none."""
    return _catalogue()[1].get(name, "")


def code_from_title(title: str, taken: set[str]) -> str:
    """A new code for an unknown task: short, stable for the same title, and not among those taken."""
    digest = hashlib.sha256("".join(title.split()).encode()).hexdigest()
    for length in range(8, 64):
        code = f"task-{digest[:length]}"
        if code not in taken:
            return code
    return f"task-{digest}-{len(taken)}"
