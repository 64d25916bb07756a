"""Facts as somebody gives them: read into values, or a sentence that names the fact."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chuangju.rules.given import clean_facts, clean_value, read_number
from chuangju.rules.kinds import Fault, Value
from tests.rules.small import DICTIONARY


def _clean(key: str, value: Any) -> Value:
    facts, problems = clean_facts({key: value}, DICTIONARY)
    assert problems == []
    return facts[key]


def _problem(key: str, value: Any) -> tuple[str, str]:
    facts, problems = clean_facts({key: value}, DICTIONARY)
    assert key not in facts
    (problem,) = problems
    return problem.zh, problem.en


@pytest.mark.parametrize(
    ("key", "given", "value"),
    [
        ("trained", True, True),
        ("trained", "是", True),
        ("trained", " No ", False),
        ("trained", None, None),
        ("registered_on", "2024-02-29", date(2024, 2, 29)),
        ("registered_on", "2024-02-29T10:30:00+08:00", date(2024, 2, 29)),
        ("registered_on", "2024-02-29 10:30", date(2024, 2, 29)),
        ("registered_on", date(2024, 2, 29), date(2024, 2, 29)),
        ("registered_on", datetime(2024, 2, 29, 23, 59, tzinfo=UTC), date(2024, 2, 29)),
        ("staff", 3, 3),
        ("staff", "3", 3),
        ("staff", 3.0, 3),
        ("rent", 300_000, 300_000),
        ("rent", "300000", 300_000),
        ("rent", "3000元", 300_000),
        ("rent", "0.3万元", 300_000),
        ("ownership", "30%", 3000),
        ("ownership", 3000, 3000),
        ("form", "company", "company"),
        ("number", "任何文字", "任何文字"),
        ("groups", ["veteran", None], ("veteran", None)),
        ("groups", [], ()),
        ("quarters", [1, None, "3"], (1, None, 3)),
        ("leases", [{"from": "2024-01-01"}], ({"from": date(2024, 1, 1), "rent": None},)),
        ("leases", [{"rent": "3000元", "from": None}], ({"from": None, "rent": 300_000},)),
        ("leases", None, None),
    ],
)
def test_values_are_read_from_what_json_has(key: str, given: Any, value: Value) -> None:
    assert _clean(key, given) == value


def test_absent_and_null_are_unknown_alike() -> None:
    assert clean_facts({}, DICTIONARY) == ({}, [])
    assert clean_facts({"staff": None}, DICTIONARY) == ({"staff": None}, [])


@pytest.mark.parametrize(
    ("key", "given", "zh"),
    [
        ("staf", 3, "没有“staf”这个数据项，是不是“staff”？"),
        ("x" * 5000, 3, f"没有“{'x' * 40}”这个数据项"),
        ("trained", 1, "培训合格（trained）：“1”不是是非"),
        ("trained", "maybe", "“maybe”不是是非"),
        ("registered_on", "2025-02-30", "“2025-02-30”这一天不存在"),
        ("registered_on", "2024-2-9", "“2024-2-9”不是日期"),
        ("registered_on", "2024-02-2912", "不是日期"),
        ("registered_on", "2024-02-29x", "不是日期"),
        ("registered_on", 20240229, "“20240229”不是日期"),
        ("registered_on", "1850-01-01", "1850-01-01 应在 1900-01-01 至 2200-12-31 之间"),
        ("registered_on", ["2024-01-01"], "这不是日期"),
        ("staff", 3.5, "“3.5”不是整数"),
        ("staff", float("nan"), "不是整数"),
        ("staff", float("inf"), "不是整数"),
        ("staff", True, "“True”不是整数"),
        ("staff", "three", "“three”不是整数"),
        ("staff", -1, "-1应在 0 至 100,000之间"),
        ("staff", 100_001, "100,001应在 0 至 100,000之间"),
        ("staff", {"a": 1}, "这不是整数"),
        ("rent", "三千元", "不是金额"),
        ("rent", "0.001元", "精确到分以下"),
        ("rent", -1, "-0.01 元应在 0 元 至 10,000,000 元之间"),
        ("rent", "2亿元", "200,000,000 元应在"),
        ("ownership", "101%", "101%应在 0% 至 100%之间"),
        ("ownership", "0.3", "不是比率"),
        ("form", "firm", "“firm”不在代码表“主体类型”中"),
        ("form", 3, "“3”不是代码或文字"),
        ("number", "a\x00b", "不是代码或文字"),
        ("number", "x" * 1001, "不是代码或文字"),
        ("groups", "veteran", "“veteran”不是代码列表"),
        ("groups", ["hero"], "“hero”不在代码表“群体”中"),
        ("groups", [["veteran"]], "这不是代码或文字"),
        ("quarters", [1.5], "“1.5”不是整数"),
        ("quarters", [True], "“True”不是整数"),
        ("quarters", ["3元"], "“3元”不是整数"),
        ("quarters", [-1], "-1应在 0 至 100,000之间"),
        ("quarters", [1] * 9, "这不是数列"),
        ("leases", {"from": "2024-01-01"}, "这不是明细"),
        ("leases", ["2024-01-01"], "“2024-01-01”不是明细"),
        ("leases", [{}] * 11, "这不是明细"),
        ("leases", [{}, {"to": 3}], "第 2 条没有“to”这一栏"),
        ("leases", [{}, {"rent": "x"}], "第 2 条的租金："),
        ("employees", [{"months": 601}], "第 1 条的参保月数：601应在 0 至 600之间"),
    ],
)
def test_what_cannot_be_taken_is_a_sentence_with_the_fact(key: str, given: Any, zh: str) -> None:
    told, english = _problem(key, given)
    assert zh in told
    assert english


def test_deeply_nested_values_are_a_sentence_too() -> None:
    deep: Any = []
    for _ in range(900):
        deep = [deep]
    assert "这不是整数" in _problem("staff", deep)[0]
    assert _problem("groups", [json.loads("[" * 500 + "]" * 500)])[0]


def test_one_bad_value_does_not_lose_the_others() -> None:
    facts, problems = clean_facts({"staff": 3, "rent": "x", "nobody": 1}, DICTIONARY)
    assert facts == {"staff": 3}
    assert len(problems) == 2
    assert all(problem.en for problem in problems)


def test_a_number_is_read_whatever_its_bounds() -> None:
    assert read_number("-5", DICTIONARY.facts["staff"]) == -5
    with pytest.raises(Fault):
        clean_value("-5", DICTIONARY.facts["staff"])
    assert "这个数应在 0 至 100,000之间" in _problem("staff", 10**5000)[0]
    with pytest.raises(Fault, match="…"):
        clean_value(10**5000, DICTIONARY.facts["trained"])
