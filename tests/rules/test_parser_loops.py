"""Figures over lists, plain lists and months: how they are written, and what is told where they cannot be."""

from __future__ import annotations

from datetime import date

import pytest

from chuangju.rules.kinds import Kind
from tests.rules.small import fault, tree, value

TWO = [
    {"local": True, "months": 12, "hired_on": date(2024, 1, 31), "wage": 800_000, "groups": ("veteran",), "form": "company"},
    {"local": False, "months": 3, "hired_on": date(2025, 5, 1), "wage": 650_000, "groups": (), "form": "company"},
]  # fmt: skip


def test_figures_over_records() -> None:
    assert value("count(employees)", employees=TWO) == 2
    assert value("count(e.local for e in employees)", employees=TWO) == 1
    assert value("count(e.local for e in employees if e.months > 12)", employees=TWO) == 0
    assert value("sum(e.wage for e in employees)", employees=TWO) == 1_450_000
    assert value("sum(e.months * 2 for e in employees if not e.local)", employees=TWO) == 6
    assert value("any(e.months >= 12 and e.local for e in employees)", employees=TWO) is True
    assert value("all(e.months >= 6 for e in employees)", employees=TWO) is False
    assert value("all(e.months >= 6 for e in employees if e.local)", employees=TWO) is True
    assert value("min(e.hired_on for e in employees)", employees=TWO) == date(2024, 1, 31)
    assert value("max(e.wage for e in employees)", employees=TWO) == 800_000
    assert value("count(months_since(e.hired_on) >= 6 for e in employees)", employees=TWO) == 1
    assert value("any(has_any(e.groups, {'veteran'}) for e in employees)", employees=TWO) is True
    assert value("count(e.form == 'company' for e in employees) == staff", employees=TWO, staff=2) is True


def test_an_empty_list_is_known() -> None:
    assert value("count(employees)", employees=[]) == 0
    assert value("sum(e.wage for e in employees)", employees=[]) == 0
    assert value("any(e.local for e in employees)", employees=[]) is False
    assert value("all(e.local for e in employees)", employees=[]) is True
    assert value("max(e.wage for e in employees)", employees=[]) is None
    assert value("count(employees)") is None
    assert value("all(e.local for e in employees)") is None


def test_figures_over_plain_lists() -> None:
    assert value("count(q >= 10 for q in quarters)", quarters=[9, 10, 11]) == 2
    assert value("sum(q for q in latest(quarters, 2))", quarters=[9, 10, 11]) == 19
    assert value("count(latest(quarters, 2))", quarters=[9, 10, 11]) == 2
    assert value("has_run(q >= 10 for q in latest(quarters, 3), 2)", quarters=[9, 10, 11, 12]) is True
    assert value("count(c == 'veteran' for c in groups)", groups=["veteran", "graduate"]) == 1
    assert value("has_run((e.months > 1 for e in employees), 2)", employees=TWO) is True


def test_figures_over_the_months_before_the_day() -> None:
    on = date(2025, 8, 20)
    assert value("count(m >= 2025-07-01 for m in last_months(3))", on) == 1
    assert value("sum(at(wage_floor, m) for m in last_months(3))", on) == 274_000 + 2 * 248_000
    assert value("sum(at(wage_floor, m) for m in last_months(3) if m < 2025-07-01)", on) == 496_000
    assert value("count(m >= 2025-07-01 for m in last_months(3) if m < 2025-07-01)", on) == 0
    assert value("any(m == 2025-05-01 for m in last_months(3))", on) is True
    assert value("any(m == 2025-05-01 for m in last_months(3) if m > 2025-05-01)", on) is False
    assert value("all(m >= 2025-05-01 for m in last_months(3))", on) is True
    assert value("all(m >= 2025-06-01 for m in last_months(3) if m != 2025-05-01)", on) is True
    assert value("min(m for m in last_months(3))", on) == date(2025, 5, 1)
    assert value("max(at(wage_floor, m) for m in last_months(3))", on) == 274_000
    assert value("sum(rent for m in last_months(2) if m > registered_on)", on, rent=5) is None
    employed = "sum(count(e.hired_on <= m for e in employees) for m in last_months(4))"
    assert value(employed, on, employees=TWO) == 4 + 3


def test_the_kind_of_a_figure_is_that_of_its_part() -> None:
    assert tree("sum(e.wage for e in employees)").kind is Kind.MONEY
    assert tree("max(e.hired_on for e in employees)").kind is Kind.DATE
    assert tree("count(e.local for e in employees)").kind is Kind.INT
    assert tree("sum(at(share, m) for m in last_months(2))").kind is Kind.RATE


@pytest.mark.parametrize(
    ("text", "position", "zh"),
    [
        ("all(employees)", 4, "写成 … for 变量 in 明细"),
        ("count(last_months(3)) > 1", 6, "写成 … for 变量 in 明细"),
        ("sum(3) > 1", 4, "这里要一个明细或列表"),
        ("count(e.local for e in staff) > 1", 23, "这里要一个明细或列表"),
        ("count(e.local for e in employees for f in leases) > 1", 5, "只能有一层循环"),
        ("count(e.local async for e in employees) > 1", 5, "只能有一层循环"),
        ("count(staff.local for staff in employees) > 1", 22, "没有用过的名称"),
        ("count(on.local for on in employees) > 1", 19, "没有用过的名称"),
        ("count(quota.local for quota in employees) > 1", 22, "没有用过的名称"),
        ("count(_e.local for _e in employees) > 1", 19, "没有用过的名称"),
        ("count(e.local for (e, f) in employees) > 1", 18, "没有用过的名称"),
        ("sum(count(m.local for m in employees) for m in last_months(2)) > 1", 22, "没有用过的名称"),
        ("count(any(f.rent > 0 for f in leases) for e in employees) > 1", 9, "明细里面不能再套明细"),
        ("all(size(groups) > 3 for e in employees)", 3, "明细里面不能再统计明细"),
        ("any(e.local for e in employees if count(leases) > 1)", 3, "明细里面不能再统计明细"),
        ("sum(sum(1 for a in last_months(2)) for b in last_months(2)) > 1", 7, "月份里面不能再套月份"),
        ("count(e.local for e in employees if e.months > 1 if e.local) > 1", 5, "只能写一个 if"),
        ("count(e.months for e in employees) > 1", 6, "这里要是非，写的是整数"),
        ("sum(e.local for e in employees) > 1", 4, "这里要整数或金额或比率"),
        ("max(e.local for e in employees) > 1", 4, "这里要整数或金额或比率或日期"),
        ("count(e.local for e in employees if e.months) > 1", 36, "这里要是非"),
        ("has_run(m > on for m in last_months(3), 2)", 0, "has_run 要用于数列"),
        ("min(m for m in last_months(3) if m > on) > on", 0, "按月取最大最小时不能写 if"),
        ("sum(q for q in latest(quarters, 0)) > 1", 32, "1 至 10000 的整数"),
        ("sum(q for q in latest(quarters, staff)) > 1", 32, "1 至 10000 的整数"),
        ("sum(q for q in latest(latest(quarters, 3), 2)) > 1", 15, "没有“latest”这个函数"),
        ("sum(q for q in latest(last_months(3), 2)) > 1", 15, "没有“latest”这个函数"),
        ("sum(q for q in latest(quarters)) > 1", 15, "没有“latest”这个函数"),
        ("sum(1 for m in last_months(61)) > 1", 27, "1 至 60 的整数"),
        ("sum(1 for m in last_months(2, 3)) > 1", 15, "没有“last_months”这个函数"),
        ("has_run(q > 1 for q in quarters, 1001)", 33, "1 至 1000 的整数"),
        ("e.local", 0, "只有明细的循环变量后面可以用点"),
        ("sum(m.year for m in last_months(2)) > 1", 4, "只有明细的循环变量"),
    ],
)  # fmt: skip
def test_what_cannot_be_looped_over_is_told_where_it_stands(text: str, position: int, zh: str) -> None:
    found = fault(text)
    assert zh in found.words.zh
    assert found.position == position
