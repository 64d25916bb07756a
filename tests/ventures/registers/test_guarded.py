"""What the child process does with a folder of files, and what comes back from it."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from chuangju.ventures.registers.findings import UnreadableRegister
from chuangju.ventures.registers.generate import generate_register
from chuangju.ventures.registers.guarded import read_folder
from chuangju.ventures.registers.tasks import RESULT, Task, read_folder_guarded, read_task, write_task


def _folder(tmp_path: Path, *contents: bytes, **more: object) -> Path:
    names = [f"企业{place or ''}.csv" for place in range(len(contents))]
    for place, content in enumerate(contents):
        (tmp_path / str(place)).write_bytes(content)
    write_task(tmp_path, Task(names, "2026-06-30", **{"mapping": {}, **more}))  # type: ignore[arg-type]
    return tmp_path


def _read(folder: Path) -> dict[str, object]:
    return read_folder(folder, name="企业.csv", on_progress=lambda _done, _total: None)


def test_a_folder_is_read_merged_and_answered_in_plain_data(tmp_path: Path) -> None:
    former = tmp_path / "former.parquet"
    generate_register(5, seed=1).write_parquet(former)
    folder = _folder(tmp_path, b"id,name\nA1,x\n", former=str(former))
    found = _read(folder)
    assert json.loads(json.dumps(found)) == found
    assert found["counts"] == {
        "new": 1,
        "changed": 0,
        "unchanged": 0,
        "gone": 5,
        "enterprises": 6,
        "faults": 0,
        "rows": 1,
    }
    assert found["columns"] == [
        {"name": "id", "key": "id", "samples": ["A1"]},
        {"name": "name", "key": "name", "samples": ["x"]},
    ]
    assert pl.read_parquet(folder / RESULT).height == 6
    assert read_task(folder).former == str(former)


def test_without_a_key_only_the_columns_are_told(tmp_path: Path) -> None:
    found = _read(_folder(tmp_path, "编码,称谓\nA1,甲\n".encode()))
    assert found["needs_mapping"] is True
    assert not (tmp_path / RESULT).exists()


def test_lists_have_no_samples(tmp_path: Path) -> None:
    generate_register(5, seed=1).write_parquet(tmp_path / "0")
    write_task(tmp_path, Task(["r.parquet"], "2026-06-30", {}))
    columns = {each["name"]: each["samples"] for each in _read(tmp_path)["columns"]}  # type: ignore[attr-defined]
    assert columns["employees"] == []
    assert columns["id"]


def test_a_child_with_limits_gives_the_same_answer_and_the_same_refusal(tmp_path: Path) -> None:
    folder = _folder(tmp_path, b"id,name\nA1,x\n")
    told: list[tuple[int, int]] = []
    found = read_folder_guarded(folder, name="企业.csv", on_progress=lambda done, total: told.append((done, total)))
    assert found["counts"]["new"] == 1
    assert told[-1] == (2, 2)
    with pytest.raises(UnreadableRegister) as refused:
        read_folder_guarded(_folder(tmp_path, b"%PDF-1.7"), name="企业.csv")
    assert refused.value.code == "pdf"
