"""What else an answer shows: points, deductions in order, and what one more step would bring."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chuangju.rules.program import prepare_policy
from chuangju.rules.showing import apply_change, show_value
from tests.rules.small import DAY, answer, policy

POINTS = policy(
    """\
points:
  items:
  - {id: age, label: 年龄, value: 30 if years_since(born_on) < 44 else 5, law: 一}
  - {id: master, label: {zh: 硕士, en: Master}, value: 100 if trained else 0, group: education, law: 二}
  - {id: college, value: 50 if first_time else 0, group: education, law: 三}
  - {id: heads, value: staff * 10, cap: 40, law: 四}
conditions: [{id: enough, when: points_total >= 120, law: 五}]
"""
)


def test_points_line_by_line_and_of_a_group_only_the_best() -> None:
    shown = answer(POINTS, born_on=date(1990, 1, 1), trained=True, first_time=True, staff=9).points
    assert [(one["id"], one["value"], one["counts"]) for one in shown] == [
        ("age", 30, True),
        ("master", 100, True),
        ("college", 50, False),
        ("heads", 40, True),
    ]
    assert shown[1]["label"] == {"zh": "硕士", "en": "Master"}
    assert (shown[1]["group"], shown[3]["law"]) == ("education", "四")


def test_an_unknown_line_does_not_count() -> None:
    shown = answer(POINTS, born_on=date(1990, 1, 1), first_time=True, staff=9).points
    assert [(one["value"], one["counts"]) for one in shown[1:3]] == [(None, False), (50, True)]
    assert answer(policy("conditions: [{id: a, when: trained, law: x}]\n")).points == []


def test_deductions_follow_their_order_until_the_limit_is_used_up() -> None:
    of = policy("conditions: [{id: a, when: trained, law: x}]\namount: deduct_in_order(1万元, tax_a, tax_b, rent)\n")
    shown = answer(of, trained=True, tax_a=600_000, tax_b=700_000, rent=100).deductions
    assert [(one["due"], one["deducted"]) for one in shown] == [(600_000, 600_000), (700_000, 400_000), (100, 0)]
    assert shown[0]["label"] == {"zh": "增值税", "en": "Value-added tax"}
    open_tax = answer(of, trained=True, tax_a=600_000, rent=100).deductions
    assert [one["deducted"] for one in open_tax] == [600_000, None, None]
    assert answer(policy("conditions: [{id: a, when: trained, law: x}]\namount: rent\n"), rent=1).deductions == []
    assert answer(policy("conditions: [{id: a, when: trained, law: x}]\n")).deductions == []


STEPS = policy(
    """\
conditions:
- {id: heads, when: staff >= 3, law: 一}
- {id: locals, when: count(e.local for e in employees) >= 1, law: 二}
amount: min(staff, 5) * 1000元
what_if:
- {label: 多招一人, change: {staff: +1}}
- {label: 少一人, change: {staff: -1}}
- {label: 招本区一人, change: {employees: {add: {local: true, months: 6}}}}
- {label: 都做, change: {staff: +2, employees: {add: {local: true}}}}
- {label: 租金, change: {rent: 3000元}}
- {label: 直接写, change: {staff: 5}}
"""
)


def test_one_more_step_tells_verdict_amount_and_gain() -> None:
    steps = answer(STEPS, staff=3, employees=[]).steps
    assert [(one["label"]["zh"], one["verdict"], one["amount"], one["gain"]) for one in steps] == [
        ("少一人", "not_eligible", None, 0),
        ("招本区一人", "eligible", 300_000, 300_000),
        ("都做", "eligible", 500_000, 500_000),
    ]
    steps = answer(STEPS, staff=3, employees=[{"local": True}]).steps
    assert [(one["label"]["zh"], one["gain"]) for one in steps] == [
        ("多招一人", 100_000),
        ("少一人", 0),
        ("都做", 200_000),
        ("直接写", 200_000),
    ]


def test_a_step_from_an_unknown_or_beyond_what_can_be_is_left_out() -> None:
    assert [one["label"]["zh"] for one in answer(STEPS, employees=[{"local": True}]).steps] == ["直接写"]
    at_nought = answer(STEPS, staff=0, employees=[{"local": True}]).steps
    assert "少一人" not in [one["label"]["zh"] for one in at_nought]
    assert [one["label"]["zh"] for one in answer(STEPS, staff=3).steps] == ["多招一人", "少一人", "直接写"][1:2]


def test_a_change_of_what_the_policy_does_not_ask_for_changes_nothing() -> None:
    program = prepare_policy(STEPS, DAY)
    assert apply_change(program, {"staff": 3}, {"rent": "3000元"}) == {"staff": 3}
    assert apply_change(program, {"staff": 3}, {"staff": "+2"}) == {"staff": 5}
    assert apply_change(program, {}, {"employees": {"add": {"local": True}}}) is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (date(2025, 1, 31), "2025-01-31"),
        ((1, None), [1, None]),
        (({"hired_on": date(2025, 1, 31)},), [{"hired_on": "2025-01-31"}]),
        ("x", "x"),
        (None, None),
        (True, True),
    ],
)
def test_values_as_json_has_them(value: Any, shown: Any) -> None:
    assert show_value(value) == shown


def test_of_records_only_the_fields_that_are_looked_at_are_shown() -> None:
    of = policy(
        "conditions: [{id: a, when: \"any(e.months > 3 for e in employees) and 'veteran' in groups\", law: x}]\n"
    )
    told = answer(of, employees=[{"months": 1, "wage": 5, "local": True}], groups=["veteran"]).as_json()
    assert told["conditions"][0]["values"] == {"employees": [{"months": 1}], "groups": ["veteran"]}
