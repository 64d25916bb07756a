"""Overflow, division by nothing and days beyond the calendar are refused before anything runs."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chuangju.rules.bounds import BoundsCheck
from chuangju.rules.closures import compile_tree
from chuangju.rules.kinds import INT64, Kind
from chuangju.rules.tree import Node, YearStart
from tests.rules.bulk.random_facts import rows
from tests.rules.bulk.random_trees import TreeMaker
from tests.rules.small import SCOPE, fault, tree

CHECK = BoundsCheck(SCOPE.parameter)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("staff + local_staff", 0, 200_000),
        ("staff - local_staff", -100_000, 100_000),
        ("-staff", -100_000, 0),
        ("staff * 3", 0, 300_000),
        ("min(staff, 5)", 0, 5),
        ("max(staff, 5)", 5, 100_000),
        ("quota", 3, 3),
        ("share", 3000, 5000),
        ("by_band(ratio, staff)", 800, 1500),
        ("3 if trained else staff", 0, 100_000),
        ("count(employees)", 0, 1000),
        ("count(latest(employees, 5))", 0, 5),
        ("sum(e.months for e in employees)", 0, 600_000),
        ("max(e.months for e in employees)", 0, 600),
        ("sum(q for q in quarters)", 0, 800_000),
        ("sum(-3 for m in last_months(12))", -36, 0),
        ("count(m > on for m in last_months(12))", 0, 12),
        ("max(staff for m in last_months(12))", 0, 100_000),
        ("year_of(registered_on)", 1900, 2200),
        ("year_of(since)", 1900, 2200),
    ],
)
def test_the_least_and_greatest_of_every_part(text: str, low: int, high: int) -> None:
    assert CHECK.of(tree(text)) == (low, high)


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ("staff * staff * staff * staff > 1", "超出能计算的范围"),
        ("sum(e.wage * e.months * staff * staff for e in employees) > 0", "超出"),
        ("any(e.months * staff * staff * staff * staff > 1 for e in employees)", "超出"),
        ("count(e.local for e in employees if e.months * staff * staff * staff * staff > 1) > 0", "超出"),
        ("share_of(tax_a * staff, ownership) * staff > 0", "超出"),
        ("sum(tax_a * staff * staff for m in last_months(3)) > 0", "超出"),
        ("sum(1 for m in last_months(3) if tax_a * staff * staff > 0) > 0", "超出"),
        ("any(tax_a * staff * staff > 0 for m in last_months(3))", "超出"),
        ("trained if tax_a * staff * staff > 0 else first_time", "超出"),
        ("(3 if tax_a * staff * staff > 0 else 4) > 3", "超出"),
        ("at(quota, add_days(on, staff * 1000)) > 1", "不能超过 1200 个月"),
        ("prorate(rent, 1, staff) > 0", "除数可能是 0"),
        ("prorate(rent, 1, quota - 3) > 0", "除数可能是 0"),
        ("add_months(registered_on, staff) > on", "日期移动不能超过 1200 个月"),
        ("add_years(registered_on, 101) > on", "日期移动不能超过 1200 个月"),
        ("add_days(registered_on, 40000) > on", "日期移动不能超过 1200 个月"),
        ("add_months(" * 30 + "registered_on" + ", -1200)" * 30 + " > on", "日期可能超出日历"),
    ],
)  # fmt: skip
def test_what_could_go_beyond_is_refused(text: str, zh: str) -> None:
    assert zh in fault(text).words.zh


def test_bounds_of_days_and_of_what_lies_between() -> None:
    first, last = date(1900, 1, 1), date(2200, 12, 31)
    assert CHECK.of(tree("registered_on")) == (first.toordinal(), last.toordinal())
    assert CHECK.of(tree("2024-02-29"))[0] == date(2024, 2, 29).toordinal()
    low, high = CHECK.of(tree("days_since(registered_on)"))
    assert low <= -(last - first).days
    assert high >= (last - first).days
    assert CHECK.of(tree("months_since(registered_on)"))[1] >= 301 * 12


def test_a_year_begins_at_most_a_year_before_its_days() -> None:
    low, high = CHECK.of(YearStart(Kind.DATE, tree("2024-12-31")))
    assert low <= date(2024, 1, 1).toordinal() <= high == date(2024, 12, 31).toordinal()


def test_what_has_no_number_is_looked_through() -> None:
    CHECK.check(tree("form == 'company' and 'veteran' in groups and not trained"))
    CHECK.check(tree("any(c == 'veteran' for c in groups)"))
    assert CHECK.of(tree("form")) == (0, 0)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_no_value_of_a_random_tree_lies_outside_its_bounds(data: st.DataObject) -> None:
    node: Node = TreeMaker(data.draw).tree(data.draw(st.sampled_from([Kind.INT, Kind.MONEY, Kind.DATE])), 3)
    low, high = BoundsCheck(lambda _name: None).of(node)
    assert -INT64 <= low <= high <= INT64
    facts = {key: tuple(one) if isinstance(one, list) else one for key, one in data.draw(rows()).items()}
    found = compile_tree(node)(facts, None)
    if found is not None:
        number = found.toordinal() if isinstance(found, date) else found
        assert low <= number <= high or found == date.max


def test_an_element_outside_a_list_has_no_bounds_of_its_own() -> None:
    body = tree("sum(q for q in quarters)").body  # type: ignore[attr-defined]
    assert CHECK.of(body) == (0, 0)
