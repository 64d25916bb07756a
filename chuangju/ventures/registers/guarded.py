"""What runs inside the child process: the files of a folder read, checked and merged, the result left beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from chuangju.ventures.registers.columns import COMPRESSION, dictionary_version, find_columns
from chuangju.ventures.registers.findings import UnreadableRegister, shown
from chuangju.ventures.registers.merging import merge_registers
from chuangju.ventures.registers.reading import Progress, read_register
from chuangju.ventures.registers.sources import read_tables
from chuangju.ventures.registers.tables import Table, place_name
from chuangju.ventures.registers.tasks import RESULT, Task, read_task

MOST_ROWS = 1_000_000
_SAMPLES = 3


def read_folder(folder: Path, *, name: str, on_progress: Progress) -> dict[str, Any]:
    """Read, check, merge, and leave the result in the folder; without a key column, only tell the columns there are."""
    del name
    task = read_task(folder)
    paths = [folder / str(place) for place in range(len(task.names))]
    try:
        register = read_register(
            *paths,
            names=task.names,
            mapping=task.mapping,
            on=date.fromisoformat(task.on),
            most_rows=MOST_ROWS,
            on_progress=on_progress,
        )
    except UnreadableRegister as refusal:
        if refusal.code != "no_id_column":
            raise
        return {"columns": _columns(paths, task), "needs_mapping": True}
    former = pl.read_parquet(task.former) if task.former else None
    merged = merge_registers(former, register.frame, is_complete=task.is_complete)
    result = folder / RESULT
    merged.frame.write_parquet(
        result,
        compression=COMPRESSION,
        metadata=dict(register.about) | {"chuangju.register_version": dictionary_version()},
    )
    with result.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    counts = {key: getattr(merged, key) for key in ("new", "changed", "unchanged", "gone")}
    return {
        "columns": _columns(paths, task),
        "needs_mapping": False,
        "report": register.report(),
        "counts": counts | {"enterprises": merged.frame.height, "faults": register.log.faults, "rows": register.rows},
        "sha256": digest,
    }


def _columns(paths: Sequence[Path], task: Task) -> list[dict[str, Any]]:
    """The columns of the list of enterprises, what each is taken for, and a few of its values."""
    tables = read_tables(paths, task.names, mapping=task.mapping, most_rows=MOST_ROWS)
    mains = [table for table in tables if not table.part] or tables
    main = max(mains, key=lambda table: len(find_columns(table.header, "", task.mapping)[0]))
    columns, _doubled, _ignored = find_columns(main.header, "", task.mapping)
    keys = {column.place: column.key for column in columns.values()}
    return [
        {"name": name, "key": keys.get(place, ""), "samples": _samples(main, place)}
        for place, name in enumerate(main.header)
        if name.strip()
    ]


def _samples(table: Table, place: int) -> list[str]:
    values = table.frame[place_name(place)].drop_nulls().head(_SAMPLES)
    if isinstance(values.dtype, pl.List | pl.Struct):
        return []
    return [shown(value) for value in values.to_list()]
