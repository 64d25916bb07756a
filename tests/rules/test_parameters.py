"""Dated parameters and lists: what holds on a day."""

from __future__ import annotations

from datetime import date

from chuangju.rules.kinds import Fault, Kind, Words
from chuangju.rules.parameters import Shared
from tests.rules.small import LISTS, PARAMETERS, SHARED


def test_a_figure_holds_from_its_day_to_the_next() -> None:
    floor = PARAMETERS["wage_floor"]
    assert floor.on(date(2019, 12, 31)) is None
    assert [floor.on(day).value for day in (date(2020, 1, 1), date(2025, 6, 30), date(2025, 7, 1))] == [
        248_000,
        248_000,
        274_000,
    ]  # type: ignore[union-attr]
    assert floor.bounds() == (248_000, 274_000)
    assert not floor.is_banded


def test_bands_reach_up_to_and_with_their_limit() -> None:
    held = PARAMETERS["short_ratio"].values[0]
    assert [held.for_size(size) for size in (0, 10, 11, 20, 21)] == [1500, 1500, 800, 800, None]
    assert PARAMETERS["ratio"].values[0].for_size(10**9) == 800
    assert PARAMETERS["ratio"].is_banded
    assert PARAMETERS["ratio"].bounds() == (800, 1500)


def test_a_simulation_asks_about_one_value_for_all_days() -> None:
    changed = PARAMETERS["wage_floor"].with_value(300_000)
    assert changed.on(date(2020, 1, 1)).value == 300_000  # type: ignore[union-attr]
    assert changed.on(date(2030, 1, 1)).value == 300_000  # type: ignore[union-attr]
    assert changed.kind is Kind.MONEY


def test_a_list_holds_its_members_of_the_day_sorted() -> None:
    approved = LISTS["approved"]
    assert approved.on(date(2025, 6, 30)) == ("A1", "B2")
    assert approved.on(date(2025, 7, 1)) == ("A1",)
    assert approved.on(date(2026, 1, 1)) == ("A1", "C3")


def test_what_is_shared_is_told_apart_by_what_it_is_not_by_what_it_holds() -> None:
    assert len({SHARED, Shared(), Shared()}) == 3


def test_words_and_faults_speak_two_languages() -> None:
    assert Words("甲", "A").as_json() == {"zh": "甲", "en": "A"}
    assert str(Words("甲", "A")) == "甲"
    assert Fault("错", "wrong", 3).words == Words("错", "wrong")
    assert str(Fault("错", "wrong")) == "错"
