"""Binding: figures, lists and months of one day; and the same for the days after it."""

from __future__ import annotations

from datetime import date

import pytest

from chuangju.rules.binding import Binder
from chuangju.rules.closures import FROM_KEY, compile_tree
from chuangju.rules.folding import fold
from chuangju.rules.kinds import Kind, Value
from chuangju.rules.timing import on_that_day
from chuangju.rules.transforms import with_today
from chuangju.rules.tree import Const, ParamRef
from tests.rules.small import SHARED, bound, tree, value

ON = date(2025, 6, 15)


def _later(text: str, day: date, **facts: Value) -> Value:
    """What a tree bound for later days comes to on one of them."""
    moving = Binder(ON, {}, SHARED, is_counting=True, is_moving=True).bind(tree(text))
    return compile_tree(fold(with_today(moving, Const(Kind.DATE, day)), ON))(facts, None)


def test_a_figure_changes_on_the_very_day() -> None:
    assert value("rent >= wage_floor", date(2025, 6, 30), rent=250_000) is True
    assert value("rent >= wage_floor", date(2025, 7, 1), rent=250_000) is False
    assert value("share_of(rent, share)", date(2024, 6, 30), rent=100) == 30
    assert value("share_of(rent, share)", date(2024, 7, 1), rent=100) == 50


def test_bound_for_later_days_figures_and_lists_change_when_the_file_says_so() -> None:
    for day in (ON, date(2025, 6, 30), date(2025, 7, 1), date(2026, 1, 1), date(2027, 1, 1)):
        assert _later("rent >= wage_floor", day, rent=250_000) is value("rent >= wage_floor", day, rent=250_000)
        assert _later("at(wage_floor, on)", day) == value("at(wage_floor, on)", day)
        assert _later("by_band(ratio, staff)", day, staff=3) == value("by_band(ratio, staff)", day, staff=3)
        for code in ("A1", "B2", "C3", "D4"):
            assert _later("number in approved", day, number=code) is value("number in approved", day, number=code)
    assert _later("at(wage_floor, 2025-07-01)", ON) == 274_000


def test_working_days_count_on() -> None:
    """13 and 16 to 19 June are worked, 20 June is the sixth day."""
    start = date(2025, 6, 12)
    for text in ("working_days_since(registered_on) <= 5", "working_days_since(registered_on) < 6"):
        assert _later(text, date(2025, 6, 19), registered_on=start) is True
        assert _later(text, date(2025, 6, 20), registered_on=start) is False
        assert _later(text, date(2025, 6, 20)) is None
    assert _later("working_days_since(registered_on) >= 1", date(2026, 1, 1), registered_on=start) is True
    assert _later("working_days_since(registered_on) == 2", ON, registered_on=start) is False
    assert _later("working_days_since(registered_on) == 2", date(2025, 6, 16), registered_on=start) is True
    assert _later("working_days_since(registered_on) != 2", date(2025, 6, 16), registered_on=start) is False
    assert _later("working_days_since(registered_on) > 0", ON, registered_on=start) is True
    assert _later("working_days_since(registered_on) >= 0", ON, registered_on=date(2025, 6, 16)) is False


def test_a_number_of_working_days_that_is_not_known_leaves_it_unknown() -> None:
    early = date(2019, 1, 1)
    assert value("working_days_since(registered_on) >= quota", early, registered_on=date(2018, 1, 1)) is None


def test_a_figure_that_nobody_knows_is_a_mistake_of_the_program() -> None:
    with pytest.raises(KeyError):
        Binder(ON, {}, SHARED).bind(ParamRef(Kind.INT, "nothing"))


def test_own_figures_go_before_shared_ones() -> None:
    own = {"quota": SHARED.parameters["wage_floor"]}
    assert Binder(ON, own, SHARED).bind(ParamRef(Kind.MONEY, "quota")) == Const(Kind.MONEY, 248_000)


def test_on_that_day_the_day_found_stands_for_today() -> None:
    later = on_that_day(bound("months_since(registered_on) <= 12", ON), ON)
    facts = {"registered_on": date(2025, 1, 31)}
    assert compile_tree(later)({**facts, FROM_KEY: date(2026, 2, 27)}, None) is True
    assert compile_tree(later)({**facts, FROM_KEY: date(2026, 2, 28)}, None) is False
    assert compile_tree(later)(facts, None) is None
