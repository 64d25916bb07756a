"""Stable codes: known by title, or made from the title and never twice."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from chuangju.programme.table import read_table
from chuangju.programme.task_codes import category_name_en, code_from_title, known_task

SHIPPED = files("chuangju.programme").joinpath("data/minhang.txt")


def test_every_task_and_category_of_the_shipped_table_has_its_code_and_english_name() -> None:
    read = read_table(Path(str(SHIPPED)))
    codes = [known.code for task in read.tasks if (known := known_task(task.task))]
    assert len(set(codes)) == len(read.tasks)
    assert all(category_name_en(task.category or "") for task in read.tasks)


def test_spaces_and_line_breaks_in_a_title_do_not_matter() -> None:
    assert known_task(" 税收优惠政策\n的落实 ") == known_task("税收优惠政策的落实")
    assert code_from_title("甲 乙", set()) == code_from_title("甲乙", set())


def test_an_unknown_task_or_category_is_not_guessed() -> None:
    assert known_task("税收优惠") is None
    assert category_name_en("其他") == ""


def test_a_code_that_is_taken_is_not_given_again() -> None:
    taken: set[str] = set()
    for _round in range(70):
        code = code_from_title("同一个标题", taken)
        assert code not in taken
        taken.add(code)
