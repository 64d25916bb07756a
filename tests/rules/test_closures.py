"""Closures are the reference: Kleene's logic, and unknown kept by everything else."""

from __future__ import annotations

from itertools import product

import pytest

from chuangju.rules.closures import FROM_KEY, compile_tree
from chuangju.rules.kinds import FAR, Kind
from chuangju.rules.tree import Aggregate, Const, FromDay, Today, YearStart
from tests.rules.small import DAY, tree, value

SETTLED = {
    (True, True): (True, True),
    (True, False): (False, True),
    (False, True): (False, True),
    (False, False): (False, False),
}


def test_and_or_not_follow_kleene() -> None:
    for one, other in product((True, False, None), repeat=2):
        ways = [
            SETTLED[a, b]
            for a in ((True, False) if one is None else (one,))
            for b in ((True, False) if other is None else (other,))
        ]
        for index, word in enumerate(("and", "or")):
            possible = {way[index] for way in ways}
            expected = possible.pop() if len(possible) == 1 else None
            assert value(f"trained {word} first_time", trained=one, first_time=other) is expected
    assert value("not trained") is None
    assert value("not trained", trained=False) is True


@pytest.mark.parametrize(
    "text",
    [
        "staff + local_staff", "staff - local_staff", "staff * local_staff", "min(staff, local_staff)", "max(staff, 3, local_staff)",
        "staff == local_staff", "staff != local_staff", "staff < local_staff", "prorate(rent, staff, 3)", "share_of(rent, ownership)",
        "months_between(registered_on, ends_on)", "years_since(born_on)", "days_since(born_on)", "year_of(born_on)",
        "add_months(born_on, min(staff, 12))", "add_days(born_on, 3)", "staff in {1, 2}", "has_any(groups, {'veteran'})", "-staff",
    ],
)  # fmt: skip
def test_everything_but_logic_is_unknown_with_an_unknown_part(text: str) -> None:
    assert value(text) is None
    assert value(text, staff=None, rent=None, groups=None, born_on=None) is None


def test_a_choice_looks_only_at_the_branch_taken() -> None:
    assert value("staff if trained else 3", trained=False) == 3
    assert value("staff if trained else 3", trained=True) is None
    assert value("3 if trained else 3") is None


def test_the_day_found_stands_among_the_facts() -> None:
    run = compile_tree(FromDay(Kind.DATE))
    assert run({}, None) is None
    assert run({FROM_KEY: DAY}, None) == DAY


def test_years_begin_on_new_years_day_and_never_stays_never() -> None:
    assert compile_tree(YearStart(Kind.DATE, Const(Kind.DATE, DAY)))({}, None) == DAY.replace(month=1, day=1)
    assert compile_tree(YearStart(Kind.DATE, Const(Kind.DATE, FAR)))({}, None) == FAR


def test_what_binding_should_have_taken_away_is_refused() -> None:
    for node in (Today(Kind.DATE), tree("quota"), tree("by_band(ratio, staff)")):
        with pytest.raises(TypeError, match="not bound"):
            compile_tree(node)


def test_the_nth_smallest_day_is_far_where_there_are_fewer() -> None:
    source = tree("employees")
    body = tree("count(e.hired_on == on for e in employees)").body.left  # type: ignore[union-attr]
    nth = compile_tree(Aggregate(Kind.DATE, "nth", source, body, None, 2))  # type: ignore[arg-type]
    rows = tuple({"hired_on": day} for day in (DAY, DAY.replace(year=2020), DAY.replace(year=2021)))
    assert nth({"employees": rows}, None) == DAY.replace(year=2021)
    assert nth({"employees": rows[:1]}, None) == FAR
    assert nth({"employees": (*rows, {"hired_on": None})}, None) is None
