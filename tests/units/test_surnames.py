"""The order of names where no office tells people apart: strokes of the surname, never sound."""

from __future__ import annotations

import tomllib

import pytest

from chuangju.units.surnames import SURNAMES_FILE, name_order


def test_fewer_strokes_come_first_then_the_first_stroke() -> None:
    names = ["戴敏", "张晓芸", "丁一", "李文静", "王五", "陈建国", "马力"]
    assert sorted(names, key=name_order) == ["丁一", "马力", "王五", "李文静", "张晓芸", "陈建国", "戴敏"]


def test_a_surname_that_nobody_listed_stands_last_and_the_mark_of_the_demo_is_no_surname() -> None:
    assert sorted(["Smith", "瞿颖", "演示·丁一"], key=name_order) == ["演示·丁一", "瞿颖", "Smith"]


def test_equal_surnames_are_told_apart_by_the_whole_name() -> None:
    assert sorted(["王五", "王一"], key=name_order) == ["王一", "王五"]


@pytest.mark.parametrize(("surname", "strokes"), [("丁", 2), ("王", 4), ("张", 7), ("郑", 8), ("薛", 16)])
def test_strokes_are_counted_as_written_today(surname: str, strokes: int) -> None:
    assert name_order(surname)[0] == strokes


def test_no_surname_is_listed_twice() -> None:
    signs = "".join(text for _count, text in tomllib.loads(SURNAMES_FILE.read_text("utf-8"))["strokes"])
    assert len(set(signs)) == len(signs) > 300
