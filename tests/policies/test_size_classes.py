"""Size classes: at each bound the firm is in the class above, one below it in the class below."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from chuangju.policies.size_classes import (
    CLASSES,
    SizeClass,
    SizeFault,
    load_size_tables,
    missing_figures,
    shipped_size_tables,
    size_class,
    size_table_on,
)

ON = date(2026, 6, 15)
WAN = 1_000_000  # fen in 万元


@pytest.mark.parametrize("industry", sorted(shipped_size_tables()[0].industries))
@pytest.mark.parametrize("step", [0, 1, 2])
def test_every_bound_of_every_industry_is_from_and_including(industry: str, step: int) -> None:
    bounds = shipped_size_tables()[0].industries[industry].bounds
    at = {criterion: values[step] for criterion, values in bounds.items()}
    assert size_class(industry, **at, on=ON) == CLASSES[step + 1]
    for criterion in bounds:
        below = at | {criterion: at[criterion] - 1}
        assert size_class(industry, **below, on=ON) == CLASSES[step]


def test_the_lowest_of_the_figures_decides() -> None:
    assert size_class("industry", 1000, 300 * WAN, on=ON) == SizeClass.SMALL
    assert size_class("industry", 19, 50_000 * WAN, on=ON) == SizeClass.MICRO
    assert size_class("real_estate", turnover=200_000 * WAN, assets=4_999 * WAN, on=ON) == SizeClass.SMALL


def test_a_figure_that_does_not_count_in_an_industry_changes_nothing() -> None:
    assert size_class("agriculture", 5000, 49 * WAN, 900_000 * WAN, on=ON) == SizeClass.MICRO
    assert size_class("other", 100, on=ON) == SizeClass.MEDIUM


def test_an_unknown_figure_leaves_the_answer_open_unless_another_settles_it() -> None:
    assert size_class("software", 12, on=ON) is None
    assert missing_figures("software", 12, None, None, on=ON) == ("turnover",)
    assert size_class("software", 9, on=ON) == SizeClass.MICRO
    assert missing_figures("software", 9, None, None, on=ON) == ()
    assert size_class("software", on=ON) is None
    assert missing_figures("leasing", None, None, None, on=ON) == ("staff", "assets")


def test_nothing_grows_smaller_with_more_of_anything() -> None:
    for industry in shipped_size_tables()[0].industries.values():
        for values in industry.bounds.values():
            assert list(values) == sorted(values)


def test_before_the_first_standard_and_for_an_unknown_industry_there_is_no_answer() -> None:
    assert size_table_on(date(2011, 6, 17)) is None
    assert size_table_on(date(2011, 6, 18)) is not None
    with pytest.raises(SizeFault):
        size_class("industry", 5, on=date(2011, 6, 17))
    with pytest.raises(SizeFault):
        size_class("astrology", 5, on=ON)


def test_a_later_standard_takes_over_on_its_day(tmp_path: Path) -> None:
    file = tmp_path / "tables.yaml"
    industry = "  industries: [{id: other, name: {zh: 其他, en: Other}, staff: {small: %d, medium: 100, large: 300}}]\n"
    head = "- from: %s\n  source: {confidence: sample}\n"
    file.write_text(
        "tables:\n" + head % "2030-01-01" + industry % 20 + head % "2011-06-18" + industry % 10, encoding="utf-8"
    )
    tables = load_size_tables(file)
    assert size_class("other", 10, on=date(2029, 12, 31), tables=tables) == SizeClass.SMALL
    assert size_class("other", 10, on=date(2030, 1, 1), tables=tables) == SizeClass.MICRO


def test_an_amount_that_is_none_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "tables.yaml"
    file.write_text(
        "tables:\n- from: 2011-06-18\n  source: {}\n  industries: "
        "[{id: x, name: {zh: x}, turnover: {small: 3万, medium: 4万元, large: 5万元}}]\n",
        encoding="utf-8",
    )
    with pytest.raises(SizeFault):
        load_size_tables(file)


def test_amounts_are_whole_fen() -> None:
    assert shipped_size_tables()[0].industries["industry"].bounds["turnover"] == (300 * WAN, 2000 * WAN, 40_000 * WAN)
