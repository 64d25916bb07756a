"""The child process: it may take neither all the time nor all the memory, and never takes us along when it falls."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from chuangju.papers.grids import UnreadableFile
from chuangju.papers.guard import read_in_child

READERS = "tests.papers.hostile_readers"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "表.txt"
    path.write_text("甲")
    return path


def refusal(function: str, file: Path, *, seconds: float = 30, megabytes: int = 512) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as refused:
        read_in_child(f"{READERS}:{function}", file, name="名单.docx", seconds=seconds, megabytes=megabytes)
    assert refused.value.sentence.startswith("名单.docx：")
    return refused.value


def test_the_answer_and_the_progress_come_through(file: Path) -> None:
    told: list[tuple[int, int]] = []
    answer = read_in_child(f"{READERS}:answer", file, on_progress=lambda done, total: told.append((done, total)))
    assert answer == {"path": str(file), "name": "表.txt", "text": "甲"}
    assert told == [(1, 2), (2, 2)]


def test_a_reader_that_never_ends_is_stopped(file: Path) -> None:
    begun = time.monotonic()
    assert refusal("sleep", file, seconds=0.8).code == "timed_out"
    assert time.monotonic() - begun < 5


def test_a_reader_that_wants_all_memory_is_refused(file: Path) -> None:
    assert refusal("devour", file, megabytes=256).code == "out_of_memory"


@pytest.mark.parametrize("function", ["fall", "vanish", "stumble", "cut_off"])
def test_a_reader_that_crashes_is_one_sentence(function: str, file: Path) -> None:
    assert refusal(function, file).code == "crashed"


def test_a_refusal_keeps_its_code_and_its_words(file: Path) -> None:
    found = refusal("refuse", file)
    assert (found.code, found.params["line"]) == ("wrong_encoding", 3)
    assert "第 3 行" in found.sentence


def test_what_a_library_prints_does_not_disturb_the_answer(file: Path) -> None:
    assert read_in_child(f"{READERS}:chatter", file) == {"quiet": True}


def test_the_child_sees_nothing_of_the_installations_settings(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHUANGJU_SECRET_KEY", "geheim")
    monkeypatch.setenv("DATABASE_URL", "postgres://geheim")
    seen = read_in_child(f"{READERS}:environment", file)["names"]
    assert "PYTHONPATH" in seen
    assert not [name for name in seen if name.startswith("CHUANGJU") or name == "DATABASE_URL"]
