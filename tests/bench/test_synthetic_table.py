"""The generator of large tables: any size, the same for the same seed, readable by the import."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.synthetic_table import main, synthetic_table, write_table
from chuangju.programme.table import read_table


@pytest.mark.parametrize("ending", [".docx", ".xlsx"])
def test_the_file_reads_back_as_what_was_made(tmp_path: Path, ending: str) -> None:
    made = synthetic_table(60, seed=3)
    read = read_table(write_table(tmp_path / f"table{ending}", 60, seed=3))
    assert read.title == made.title
    assert [
        (
            task.number,
            task.category,
            task.task,
            task.lead,
            task.cooperating,
            task.measures,
            task.due,
        )
        for task in read.tasks
    ] == [(row.number, row.category, row.task, row.lead, row.cooperating, row.measures, row.due) for row in made.rows]


def test_the_same_seed_gives_the_same_table() -> None:
    assert synthetic_table(40, seed=5) == synthetic_table(40, seed=5)
    assert synthetic_table(40, seed=5) != synthetic_table(40, seed=6)


def test_every_title_stands_once() -> None:
    titles = [row.task for row in synthetic_table(2000).rows]
    assert len(set(titles)) == 2000


def test_the_command_writes_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "t.xlsx"
    main(["5", str(target)])
    assert capsys.readouterr().out.strip() == str(target)
    assert len(read_table(target).tasks) == 5


@pytest.mark.parametrize("arguments", [["0", "a.docx"], ["5", "a.pdf"]])
def test_a_senseless_wish_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "rows must be at least 1" in capsys.readouterr().err
