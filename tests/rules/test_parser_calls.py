"""The functions of the language: what each takes and gives, and what is told where it does not fit."""

from __future__ import annotations

from datetime import date

import pytest

from chuangju.rules.parser_calls import FUNCTIONS
from tests.rules.small import fault, value

LEAP = date(2024, 2, 29)


def test_time_gone_by() -> None:
    assert value("months_since(registered_on)", date(2025, 3, 30), registered_on=date(2025, 1, 31)) == 1
    assert value("months_since(registered_on)", date(2025, 3, 31), registered_on=date(2025, 1, 31)) == 2
    assert value("years_since(born_on)", date(2025, 2, 28), born_on=LEAP) == 1
    assert value("years_since(born_on)", date(2025, 2, 27), born_on=LEAP) == 0
    assert value("days_since(registered_on)", date(2025, 3, 1), registered_on=date(2024, 3, 1)) == 365
    assert value("months_since(registered_on)") is None


def test_time_between_two_days() -> None:
    facts = {"registered_on": LEAP, "ends_on": date(2026, 2, 28)}
    assert value("months_between(registered_on, ends_on)", **facts) == 24
    assert value("years_between(registered_on, ends_on)", **facts) == 2
    assert value("days_between(registered_on, ends_on)", **facts) == 730
    assert value("days_between(ends_on, registered_on)", **facts) == -730
    assert value("year_of(ends_on) - year_of(registered_on)", **facts) == 2


def test_days_are_moved() -> None:
    assert value("add_months(registered_on, 12)", registered_on=LEAP) == date(2025, 2, 28)
    assert value("add_years(registered_on, 4)", registered_on=LEAP) == date(2028, 2, 29)
    assert value("add_years(registered_on, quota)", registered_on=LEAP) == date(2027, 2, 28)
    assert value("add_days(registered_on, -60)", registered_on=LEAP) == date(2023, 12, 31)
    assert value("add_months(2025-01-31, 1)") == date(2025, 2, 28)


def test_working_days() -> None:
    """From Tuesday 30 September 2025 to Friday 10 October lie two working days: Thursday and Friday."""
    facts = {"registered_on": date(2025, 9, 30)}
    on = date(2025, 10, 10)
    assert value("working_days_since(registered_on) == 2", on, **facts) is True
    assert value("working_days_since(registered_on) >= 2", on, **facts) is True
    assert value("working_days_since(registered_on) > 2", on, **facts) is False
    assert value("working_days_since(registered_on) < 3", on, **facts) is True
    assert value("working_days_since(registered_on) <= 1", on, **facts) is False
    assert value("3 != working_days_since(registered_on)", on, **facts) is True
    assert value("quota > working_days_since(registered_on)", on, **facts) is True
    assert value("working_days_since(registered_on) >= 2", on) is None


def test_shares_are_rounded_by_name() -> None:
    assert value("share_of(rent, 25.5%)", rent=731_000) == 186_405
    assert value("share_of(rent, 50%)", rent=186_405) == 93_203
    assert value("share_of(rent, 50%, 'half_even')", rent=186_405) == 93_202
    assert value("share_of(rent, 50%, 'down')", rent=186_405) == 93_202
    assert value("share_of(rent, 0.01%, 'up')", rent=1) == 1
    assert value("share_of(staff, 30%)", staff=11) == 3
    assert value("share_of(rent, ownership)", rent=1) is None


def test_parts_and_interest() -> None:
    assert value("prorate(rent, 7, 12)", rent=1_000_000) == 583_333
    assert value("prorate(rent, 7, 12, 'up')", rent=1_000_000) == 583_334
    assert value("prorate(staff, 1, 2)", staff=5) == 3
    assert value("interest(rent, 3.65%, 30, 'act/365')", rent=30_000_000) == 90_000
    assert value("interest(rent, 3.65%, 30, 'act/360')", rent=30_000_000) == 91_250
    assert value("interest(rent, 3.65%, 31, 'act/365', 'down')", rent=30_000_000) == 93_000


def test_a_ratio_is_held_without_a_division() -> None:
    assert value("ratio_at_least(local_staff, staff, 15%)", local_staff=3, staff=20) is True
    assert value("ratio_at_least(local_staff, staff, 15%)", local_staff=2, staff=20) is False
    assert value("ratio_at_least(local_staff, staff, 15%)", local_staff=0, staff=0) is True
    assert value("ratio_at_least(local_staff, staff, by_band(ratio, staff))", local_staff=8, staff=101) is False
    assert value("ratio_at_least(local_staff, staff, by_band(ratio, staff))", local_staff=9, staff=101) is True
    assert value("ratio_at_least(3, staff, 15%)", staff=20) is True
    assert value("ratio_at_least(tax_a, tax_b, 30%)", tax_a=30, tax_b=100) is True
    assert value("ratio_at_least(tax_a, tax_b, 30%)", tax_a=29, tax_b=100) is False


@pytest.mark.parametrize(("staff", "points"), [(0, 1500), (100, 1500), (101, 800), (99_999, 800), (None, None)])
def test_bands_go_up_to_and_with_their_limit(staff: int | None, points: int | None) -> None:
    assert value("by_band(ratio, staff)", staff=staff) == points


def test_beyond_the_last_band_nothing_is_known() -> None:
    assert value("by_band(short_ratio, staff)", staff=20) == 800
    assert value("by_band(short_ratio, staff)", staff=21) is None
    assert value("by_band(ratio, staff)", date(2019, 1, 1), staff=3) is None


def test_a_parameter_on_another_day() -> None:
    assert value("wage_floor", date(2025, 6, 30)) == 248_000
    assert value("wage_floor", date(2025, 7, 1)) == 274_000
    assert value("at(wage_floor, 2025-07-01)", date(2024, 1, 1)) == 274_000
    assert value("at(wage_floor, add_days(on, 1))", date(2025, 6, 30)) == 274_000
    assert value("at(wage_floor, registered_on)", registered_on=date(2025, 6, 30)) == 248_000
    assert value("at(wage_floor, registered_on)", registered_on=date(2025, 7, 1)) == 274_000
    assert value("at(wage_floor, registered_on)", registered_on=date(2019, 12, 31)) is None
    assert value("at(wage_floor, registered_on)") is None
    assert value("at(wage_floor, 2019-12-31)") is None
    assert value("wage_floor", date(2019, 12, 31)) is None


def test_a_day_that_is_not_known_yet_folds_to_unknown() -> None:
    on = date(2025, 1, 1)
    assert value("months_between(registered_on, late) >= 3", on, registered_on=LEAP) is None
    assert value("days_between(registered_on, late) >= 3", on, registered_on=LEAP) is None
    assert value("days_between(late, registered_on) != 3", on, registered_on=LEAP) is None
    assert value("months_between(late, registered_on) == 3", on, registered_on=LEAP) is None
    assert value("add_months(late, 3) <= registered_on", on, registered_on=LEAP) is None


def test_deductions_in_their_order_stay_below_the_limit() -> None:
    assert value("deduct_in_order(1万元, tax_a, tax_b)", tax_a=300_000, tax_b=500_000) == 800_000
    assert value("deduct_in_order(1万元, tax_a, tax_b)", tax_a=900_000, tax_b=500_000) == 1_000_000
    assert value("deduct_in_order(1万元, tax_a, tax_b)", tax_a=900_000) is None


def test_the_mean_of_four_quarters_takes_their_eight_ends() -> None:
    """Open and close of each quarter averaged, the four means averaged: the sum of eight over eight, rounded up."""
    assert value("quarter_mean(quarters)", quarters=[10, 12, 12, 14, 14, 16, 16, 18]) == 14
    assert value("quarter_mean(quarters)", quarters=[10, 12, 12, 14, 14, 16, 16, 19]) == 15
    assert value("quarter_mean(quarters)", quarters=[10, 12]) is None
    assert value("quarter_mean(quarters)", quarters=[10] * 7 + [None]) is None
    assert value("quarter_mean(quarters)") is None


def test_a_mean_is_compared_as_if_it_were_not_rounded() -> None:
    """Seven times 300 and once 301 is a mean of 300.125."""
    above, below = [300] * 7 + [301], [300] * 7 + [299]
    for quarters, comparisons in {
        tuple(above): {
            "<= 300": False,
            "> 300": True,
            ">= 300": True,
            "< 300": False,
            "<= 301": True,
            ">= 301": False,
            "< 301": True,
        },
        tuple(below): {
            "<= 300": True,
            "> 300": False,
            ">= 300": False,
            "< 300": True,
            "<= 299": False,
            ">= 299": True,
            "< 299": False,
        },
    }.items():
        for comparison, expected in comparisons.items():
            sign, number = comparison.split()
            mirrored = {"<=": ">=", ">": "<", ">=": "<=", "<": ">"}[sign]
            assert value(f"quarter_mean(quarters) {comparison}", quarters=quarters) is expected
            assert value(f"{number} {mirrored} quarter_mean(quarters)", quarters=quarters) is expected


def test_lists_of_codes() -> None:
    assert value("has_any(groups, {'graduate', 'veteran'})", groups=["veteran"]) is True
    assert value("has_all(groups, {'graduate', 'veteran'})", groups=["veteran"]) is False
    assert value("has_all(groups, {'graduate', 'veteran'})", groups=["veteran", "graduate", "disabled"]) is True
    assert value("has_all(groups, {'graduate', 'veteran'})", groups=["veteran", None]) is None
    assert value("has_any(groups, {'graduate'})") is None
    assert value("size(groups)", groups=["veteran", None]) == 2
    assert value("size(employees)", employees=[]) == 0
    assert value("size(quarters)") is None


def test_least_and_greatest() -> None:
    assert value("min(staff, 3, local_staff)", staff=5, local_staff=4) == 3
    assert value("max(rent, 0)", rent=3) == 3
    assert value("max(0, 0)") == 0
    assert value("min(registered_on, 2024-01-01)", registered_on=LEAP) == date(2024, 1, 1)
    assert value("min(staff, 3)") is None


def test_codes_below_a_prefix() -> None:
    assert value("has_prefix(form, {'co'})", form="cooperative") is True
    assert value("has_prefix(form, ('comp', 'co', 'ind'))", form="company") is True
    assert value("has_prefix(form, ['ind'])", form="company") is False
    assert value("has_prefix(form, {'co'})") is None


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_counts_its_arguments(name: str) -> None:
    _, least, most = FUNCTIONS[name]
    # A third part of has_run would be taken into the brackets of its loop.
    for count in (0, least - 1, *((most + 1,) if name != "has_run" else ())):
        found = fault(f"{name}({', '.join(['staff'] * (count - 1) + ['3'] * (count > 0))})")
        assert f"{name} 要 {least}" in found.words.zh
        assert f"写了 {count} 个" in found.words.zh


@pytest.mark.parametrize(
    ("text", "position", "zh"),
    [
        ("month_since(registered_on) > 3", 0, "没有“month_since”这个函数，是不是 months_since？"),
        ("qqq(3)", 0, "没有“qqq”这个函数"),
        ("open('/etc/passwd')", 0, "没有“open”这个函数"),
        ("__import__('os')", 0, "没有“__import__”这个函数"),
        ("eval('1')", 0, "没有“eval”这个函数"),
        ("getattr(staff, 'real')", 0, "没有“getattr”这个函数"),
        ("globals()", 0, "没有“globals”这个函数"),
        ("abs(staff)", 0, "没有“abs”这个函数"),
        ("staff()", 0, "没有“staff”这个函数"),
        ("on.today()", 0, "只能调用语言自带的函数"),
        ("(lambda: 1)()", 0, "只能调用语言自带的函数"),
        ("min(1, 2)(3)", 0, "只能调用语言自带的函数"),
        ("share_of(amount=rent, rate=3%)", 0, "参数不写名称"),
        ("min(**employees)", 0, "参数不写名称"),
        ("min(*employees)", 0, "不能使用 *"),
        ("sum(*employees)", 0, "不能使用 *"),
        ("min(staff)", 0, "min 要 2–20 个参数，写了 1 个"),
        ("min(staff, rent)", 11, "金额和整数不能放在一起"),
        ("min(trained, 3)", 4, "写的是是非"),
        ("months_since(staff)", 13, "这里要日期，写的是整数"),
        ("months_between(on, 3)", 19, "这里要日期"),
        ("add_months(on, rent)", 15, "这里要整数，写的是金额"),
        ("share_of(rent, 30)", 15, "这里要比率，写的是整数"),
        ("share_of(rent, 30%, 'about')", 20, "舍入方式要写"),
        ("share_of(rent, 30%, form)", 20, "舍入方式要写"),
        ("interest(rent, 3%, 30, 'act/364')", 23, "计息方式要写 act/365、act/360、30/360 之一"),
        ("interest(rent, 3%, 30, form)", 23, "计息方式要写"),
        ("ratio_at_least(staff, rent, 30%)", 22, "这里要整数，写的是金额"),
        ("by_band(staff, 3)", 8, "这里要一个分档的参数"),
        ("by_band(1 + 1, 3)", 8, "这里要一个分档的参数"),
        ("by_band(quota, 3)", 8, "这里要一个分档的参数"),
        ("at(staff, on)", 3, "这里要一个参数"),
        ("at(ratio, on)", 3, "这里要一个参数"),
        ("at(3, on)", 3, "这里要一个参数"),
        ("at(quota, 3)", 10, "这里要日期"),
        ("deduct_in_order(rent, 3)", 22, "这里要金额，写的是整数"),
        ("quarter_mean(employees)", 13, "这里要数列，写的是明细"),
        ("has_any(form, {'company'})", 8, "这里要代码列表"),
        ("size(form)", 5, "这里要代码列表或数列或明细"),
        ("has_prefix(number, {'9'})", 11, "有代码表的数据项"),
        ("has_prefix(form, 'co')", 17, "这里要一组前缀"),
        ("has_prefix(form, {'x'})", 18, "里没有这样开头的代码"),
        ("has_prefix(form, {3})", 18, "这里要代码或文字"),
        ("latest(quarters, 3)", 0, "没有“latest”这个函数"),
        ("prorate(rent, 3, staff)", 0, "除数可能是 0"),
        ("prorate(rent, 3, 0)", 0, "除数可能是 0"),
        ("prorate(rent, 3, staff - 1)", 0, "除数可能是 0"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_where_it_stands(text: str, position: int, zh: str) -> None:
    found = fault(text)
    assert zh in found.words.zh
    assert found.position == position
