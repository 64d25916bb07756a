"""The page that says how far each of the 22 rows is served is complete, in order, and points only at what exists."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from django.urls import Resolver404, resolve

from chuangju.programme.table import read_table
from tests.architecture import house

PLANNED = "planned"
TABLE = house.PACKAGES / "programme" / "data" / "minhang.txt"


@dataclass(frozen=True)
class Line:
    """One row of docs/coverage.md: number, title, what one does, page, code, tests."""

    number: int
    title: str
    does: str
    pages: list[str]
    code: list[str]
    tests: list[str]


def _lines() -> list[Line]:
    page = house.source_of(house.ROOT / "docs" / "coverage.md")
    found = []
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("| ") and cells[0].isdigit():
            number, title, does, pages, code, tests = cells
            quoted = [re.findall(r"`([^`]+)`", cell) for cell in (pages, code, tests)]
            found.append(Line(int(number), title, does, *quoted))
    return found


def test_every_row_of_the_shipped_table_has_its_line_in_order() -> None:
    tasks = read_table(TABLE).tasks
    assert len(tasks) == 22
    assert [(line.number, line.title) for line in _lines()] == [(task.number, task.task) for task in tasks]


@pytest.mark.parametrize("line", _lines(), ids=lambda line: str(line.number))
def test_a_line_is_planned_or_says_where_everything_is(line: Line) -> None:
    if line.does == PLANNED:
        assert not line.pages + line.code + line.tests
        return
    assert len(line.does) > 20
    assert line.pages
    assert line.code
    assert line.tests
    for path in line.code:
        assert path.startswith("chuangju/")
    for path in line.tests:
        assert path.startswith("tests/")
    assert [path for path in line.code + line.tests if not (house.ROOT / path).is_file()] == []


@pytest.mark.parametrize("page", sorted({page for line in _lines() for page in line.pages}))
def test_every_page_that_is_named_has_an_address(page: str) -> None:
    try:
        resolve(page)
    except Resolver404:
        pytest.fail(f"{page} is no address of the product")
