"""Unknown elements of lists: a figure is known only where no unknown could change it."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from tests.rules.small import value

LOCAL = (True, False, None)


def _employees(*local: bool | None) -> list[dict[str, Any]]:
    return [{"local": one, "months": 1, "wage": 100, "hired_on": None, "form": None, "groups": None} for one in local]


def _possible(text: str, answers: tuple[bool | None, ...]) -> set[Any]:
    """What comes out for every way of filling the unknowns."""
    ways = product(*((True, False) if one is None else (one,) for one in answers))
    return {value(text, employees=_employees(*way)) for way in ways}


@pytest.mark.parametrize(
    "text",
    [
        "any(e.local for e in employees)",
        "all(e.local for e in employees)",
        "has_run(e.local for e in employees, 2)",
        "has_run(e.local for e in employees, 1)",
        "any(e.months == 1 for e in employees if e.local)",
        "any(e.months == 2 for e in employees if e.local)",
        "all(e.months == 2 for e in employees if e.local)",
        "count(e.months == 2 for e in employees if e.local)",
    ],
)
def test_yes_and_no_are_known_just_when_every_way_of_filling_in_says_so(text: str) -> None:
    for answers in product(LOCAL, repeat=3):
        possible = _possible(text, answers)
        expected = possible.pop() if len(possible) == 1 else None
        found = value(text, employees=_employees(*answers))
        assert found == expected or (found is None and expected is None)


def test_counts_and_sums_are_unknown_with_one_unknown_element() -> None:
    assert value("count(e.local for e in employees)", employees=_employees(True, None)) is None
    assert value("count(e.local and e.months > 5 for e in employees)", employees=_employees(True, None)) == 0
    assert value("sum(e.wage for e in employees if e.local)", employees=_employees(True, None)) is None
    assert value("sum(e.wage for e in employees if e.local)", employees=_employees(True, False)) == 100
    assert value("min(e.wage for e in employees if e.local)", employees=_employees(None)) is None
    assert value("max(e.wage for e in employees if e.local)", employees=_employees(False)) is None
    assert value("sum(q for q in quarters)", quarters=[1, None]) is None
    assert value("max(q for q in quarters)", quarters=[1, None]) is None
    assert value("count(q > 0 for q in quarters)", quarters=[1, None]) is None


def test_rows_that_are_left_out_are_not_asked_for() -> None:
    assert value("sum(e.months for e in employees if e.local)", employees=[*_employees(True), {"local": False}]) == 1
    assert value("count(employees)", employees=_employees(None, None)) == 2
    assert value("all(e.months == 1 for e in employees if e.local)", employees=_employees(None, True)) is True
    assert value("all(e.months == 2 for e in employees if e.local)", employees=_employees(None, True)) is False


def test_a_run_is_of_neighbours() -> None:
    assert value("has_run(q > 2 for q in quarters, 2)", quarters=[3, 1, 3, 1, 3]) is False
    assert value("has_run(q > 2 for q in quarters, 2)", quarters=[3, None, 1]) is None
    assert value("has_run(q > 2 for q in quarters, 2)", quarters=[1, None, 1]) is False
    assert value("has_run(q > 2 for q in quarters, 2)", quarters=[3, 3, None]) is True
