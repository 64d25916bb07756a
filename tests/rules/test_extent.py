"""Trees that would grow without bound through named parts and months are refused at once."""

from __future__ import annotations

import time

import pytest

from chuangju.rules.extent import check_extent
from chuangju.rules.kinds import Fault
from chuangju.rules.parser import parse_expression
from chuangju.rules.reading import Scope
from chuangju.rules.tree import Node
from tests.rules.small import DICTIONARY, SCOPE, tree


def test_months_count_as_often_as_they_are_looked_at() -> None:
    assert check_extent(tree("staff")) == 1
    assert check_extent(tree("staff + staff")) == 3
    assert check_extent(tree("sum(staff + 1 for m in last_months(12))")) == 1 + 12 * 3


def test_doubling_forty_times_is_told_at_once() -> None:
    lets: dict[str, Node] = {"x0": parse_expression("staff > 1", SCOPE)}
    for number in range(40):
        lets[f"x{number + 1}"] = parse_expression(f"x{number} and x{number}", Scope(DICTIONARY, lets=lets))
    started = time.perf_counter()
    with pytest.raises(Fault, match="太大"):
        check_extent(lets["x40"])
    assert time.perf_counter() - started < 0.1


def test_a_chain_of_names_that_goes_too_deep_is_refused() -> None:
    found = tree("staff")
    for _ in range(210):
        found = tree("chain + 1", Scope(DICTIONARY, SCOPE.shared, lets={"chain": found}))
    with pytest.raises(Fault, match="太大"):
        check_extent(found)
