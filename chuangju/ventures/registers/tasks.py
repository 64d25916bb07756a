"""Strangers' registers - what a child process is told to do with the files of a folder, and how it is started.

A folder holds the files (`0`, `1`, …) and `job.json`, which says what they are called and what to do; the child
(`guarded.py`) leaves `register.parquet` there and answers with the report. Whoever asks loads no columns.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from chuangju.papers.grids import UnreadableFile
from chuangju.papers.guard import read_in_child
from chuangju.ventures.registers.findings import UnreadableRegister

SECONDS = 300
# Address space, of which the columns' allocator reserves far more than it uses.
MEGABYTES = 6_144
JOB, RESULT = "job.json", "register.parquet"
_READER = "chuangju.ventures.registers.guarded:read_folder"


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done with the files of a folder."""

    names: Sequence[str]
    on: str
    mapping: Mapping[str, str]
    # The former snapshot's file, over which this one goes; none for the first.
    former: str | None = None
    is_complete: bool = False


def write_task(folder: Path, task: Task) -> None:
    """Leave the task where the child finds it."""
    (folder / JOB).write_text(json.dumps(asdict(task), ensure_ascii=False), "utf-8")


def read_task(folder: Path) -> Task:
    """The task of a folder."""
    return Task(**json.loads((folder / JOB).read_text("utf-8")))


def read_folder_guarded(
    folder: Path, *, name: str, on_progress: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    """The report on the files of a folder, from a child process with limits; raises UnreadableRegister."""
    try:
        return read_in_child(_READER, folder, name=name, seconds=SECONDS, megabytes=MEGABYTES, on_progress=on_progress)
    except UnreadableFile as refusal:
        raise UnreadableRegister(refusal.sentence, code=refusal.code, params=refusal.params) from refusal
