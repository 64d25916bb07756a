"""Folding: with the day taken in, a tree says the same as without, for whatever tree and facts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chuangju.rules.closures import compile_tree
from chuangju.rules.days import add_months
from chuangju.rules.folding import fold, settle_figures
from chuangju.rules.kinds import Kind
from chuangju.rules.transforms import depends_on_today, negate, with_today
from chuangju.rules.tree import Compare, Const, MonthsBetween, Not, YearsBetween, walk
from tests.rules.bulk.random_facts import DAYS, rows
from tests.rules.bulk.random_trees import TreeMaker
from tests.rules.small import DAY, bound, tree

QUICK = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")


@QUICK
@given(st.data())
def test_folded_is_unfolded_on_random_trees(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from([Kind.BOOL, Kind.BOOL, Kind.INT, Kind.DATE, Kind.TEXT]))
    node, day = TreeMaker(data.draw, with_today=True).tree(kind, 4), data.draw(DAYS)
    folded = fold(node, day)
    assert not depends_on_today(folded)
    run, plain = compile_tree(folded), compile_tree(with_today(node, Const(Kind.DATE, day)))
    for _ in range(3):
        facts = data.draw(rows())
        assert run(facts, None) == plain(facts, None)


@QUICK
@given(st.data())
def test_the_opposite_of_a_tree_is_kleenes_not(data: st.DataObject) -> None:
    node = TreeMaker(data.draw).tree(Kind.BOOL, 3)
    facts = data.draw(rows())
    found = compile_tree(node)(facts, None)
    assert compile_tree(negate(node))(facts, None) == (None if found is None else not found)
    assert compile_tree(Not(Kind.BOOL, node))(facts, None) == (None if found is None else not found)


def _differences(text: str, on: date, days: list[date]) -> list[date]:
    """The days of registration on which a text says something else folded than as it stands."""
    made = bound(text, on)
    folded, plain = compile_tree(fold(made, on)), compile_tree(with_today(made, Const(Kind.DATE, on)))
    return [day for day in days if folded({"registered_on": day}, None) is not plain({"registered_on": day}, None)]


@pytest.mark.parametrize("comparison", COMPARISONS)
def test_every_comparison_of_a_count_has_its_border_on_the_right_day(comparison: str) -> None:
    days = [date(2023, 12, 25) + timedelta(days=one) for one in range(430)]
    days += [add_months(date(2024, 1, 31), one) for one in range(-14, 15)]
    for left, numbers in {
        "months_since(registered_on)": (-1, 0, 1, 12),
        "years_since(registered_on)": (-1, 0, 1),
        "days_since(registered_on)": (-3, 0, 29, 31),
        "months_between(2024-02-29, registered_on)": (-1, 0, 1, 12),
        "days_between(2024-02-29, registered_on)": (-3, 0, 29),
        "year_of(registered_on)": (2023, 2024, 2025),
    }.items():
        for number in numbers:
            for on in (date(2024, 2, 29), date(2025, 2, 28), date(2025, 3, 30)):
                assert _differences(f"{left} {comparison} {number}", on, days) == []
                assert _differences(f"{number} {comparison} {left}", on, days) == []


@pytest.mark.parametrize("comparison", COMPARISONS)
def test_every_comparison_of_a_moved_day_has_its_border_on_the_right_day(comparison: str) -> None:
    days = [date(2024, 1, 25) + timedelta(days=one) for one in range(70)]
    lefts = ("add_months(registered_on, {})", "add_days(registered_on, {})", "add_years(registered_on, {})")
    for left in (one.format(number) for one in lefts for number in (-1, 1, 30)):
        for border in ("2024-02-29", "2024-03-31", "2025-02-28", "2023-12-31"):
            assert _differences(f"{left} {comparison} {border}", DAY, days) == []
            assert _differences(f"{border} {comparison} {left}", DAY, days) == []


@pytest.mark.parametrize("comparison", COMPARISONS)
def test_borders_at_the_beginning_of_the_calendar_are_no_days_of_facts(comparison: str) -> None:
    days = [date(1900, 1, 1), date(1960, 6, 30), date(2200, 12, 31)]
    for number in (0, 1, 2, 3, 60, 9998, 9999):
        assert (
            _differences(f"year_of(add_years(add_years(registered_on, 50), -99)) {comparison} {number}", DAY, days)
            == []
        )
        assert (
            _differences(f"year_of(add_years(add_days(registered_on, 30000), 90)) {comparison} {number}", DAY, days)
            == []
        )


def test_engines_never_meet_months() -> None:
    folded = fold(
        bound("months_since(registered_on) >= 12 and years_since(born_on) < 40 and year_of(ends_on) == 2026"), DAY
    )
    assert not [one for one in walk(folded) if isinstance(one, MonthsBetween | YearsBetween)]
    assert len([one for one in walk(folded) if isinstance(one, Compare)]) == 4


def test_what_is_constant_is_worked_out() -> None:
    assert fold(bound("quota + 3 > 5 and staff > 1"), DAY) == tree("staff > 1")
    assert fold(bound("quota > 5 and staff > 1"), DAY) == Const(Kind.BOOL, False)
    assert fold(bound("quota > 5 or staff > 1"), DAY) == tree("staff > 1")
    assert fold(bound("staff > 1 if quota > 5 else trained"), DAY) == tree("trained")
    assert fold(bound("3 if late > on else 4"), DAY) == Const(Kind.INT, None)
    assert fold(bound("late > registered_on"), DAY) == Const(Kind.BOOL, None)
    assert fold(bound("not (staff > 1)"), DAY) == tree("staff <= 1")
    assert fold(bound("not trained"), DAY) == tree("not trained")


def test_only_plain_figures_are_settled_for_sentences() -> None:
    settled = settle_figures(bound("months_since(registered_on) >= quota + 12"))
    assert settled == bound("months_since(registered_on) >= 15")
    assert settle_figures(bound("min(quota, 5) * staff > quota * 2")) == bound("3 * staff > 6")
