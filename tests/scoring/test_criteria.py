"""Answers become hundredths of a point exactly, and what cannot be counted is refused in a sentence."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from chuangju.scoring.criteria import (
    Criterion,
    CriterionRefused,
    ScoreRefused,
    full_marks,
    points_of,
    read_answer,
    read_criteria,
    read_scores,
    round_half_up,
    total_of,
    write_criterion,
)


def _one(**more: Any) -> Criterion:
    return read_criteria([{"key": "one", "label": "一项", "weight": 10, **more}])[0]


POINTS = _one(scale="points")
BINARY = _one(scale="binary")
THREE = _one(scale="three_step")
SURVEY = _one(scale="survey", weight=15)
RANK = _one(scale="rank", places=3)
CAPPED = _one(scale="capped", each=250)
STEPS = _one(scale="piecewise", points=[[0, 0], [500, 60], [1000, 80], [2000, 100]])
LINE = _one(scale="piecewise", points=[[0, 0], [3, 50], [10, 100]], is_linear=True)


@pytest.mark.parametrize(
    ("criterion", "value", "hundredths"),
    [
        (POINTS, "7.25", 725),
        (BINARY, "1", 1000),
        (BINARY, "0", 0),
        (THREE, "0", 0),
        (THREE, "1", 500),
        (THREE, "2", 1000),
        (SURVEY, "1", 300),
        (SURVEY, "4", 1200),
        (RANK, "1", 1000),
        (RANK, "2", 667),
        (RANK, "3", 333),
        (RANK, "4", 0),
        (CAPPED, "3", 750),
        (CAPPED, "4", 1000),
        (CAPPED, "40", 1000),
        (STEPS, "499.99", 0),
        (STEPS, "500", 600),
        (STEPS, "1999", 800),
        (STEPS, "2000", 1000),
        (STEPS, "90000", 1000),
        (LINE, "1", 167),
        (LINE, "3", 500),
        (LINE, "6.5", 750),
        (LINE, "11", 1000),
    ],
)
def test_each_scale_counts_exactly(criterion: Criterion, value: str, hundredths: int) -> None:
    assert points_of(criterion, Decimal(value)) == hundredths


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (Fraction(1, 2), 1),
        (Fraction(3, 2), 2),
        (Fraction(5, 2), 3),
        (Fraction(49, 100), 0),
        (Fraction(-1, 2), -1),
        (Fraction(7), 7),
    ],
)
def test_halves_go_up(value: Fraction, rounded: int) -> None:
    assert round_half_up(value) == rounded


@pytest.mark.parametrize(
    ("criterion", "given", "sentence"),
    [
        (POINTS, "", "请填写“一项”"),
        (POINTS, None, "请填写“一项”"),
        (POINTS, "很好", "请填写数字"),
        (POINTS, "10.01", "0 到 10 之间"),
        (POINTS, "1.234", "最多两位小数"),
        (POINTS, "-1", "超出"),
        (POINTS, "NaN", "超出"),
        (POINTS, "1e9", "超出"),
        (BINARY, "2", "0 到 1 之间"),
        (BINARY, "0.5", "整数"),
        (SURVEY, "0", "1 到 5 之间"),
        (SURVEY, "6", "1 到 5 之间"),
        (RANK, "0", "1 到"),
        (CAPPED, "1.5", "整数"),
    ],
)
def test_answers_that_the_scale_does_not_know_are_refused(criterion: Criterion, given: Any, sentence: str) -> None:
    with pytest.raises(CriterionRefused, match=sentence):
        read_answer(criterion, given)


def test_every_fault_is_told_at_once() -> None:
    criteria = read_criteria(
        [
            {"key": "a", "label": "甲", "scale": "points", "weight": 60},
            {"key": "b", "label": "乙", "scale": "binary", "weight": 40},
        ]
    )
    with pytest.raises(ScoreRefused, match="有 3 项评分需要修改") as refused:
        read_scores(criteria, {"a": "61", "c": "1"})
    assert set(refused.value.by_key) == {"a", "b", "c"}
    answers = read_scores(criteria, {"a": "59.5", "b": 1})
    assert (total_of(criteria, answers), full_marks(criteria)) == (9950, 10000)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"key": "Team"}, "小写字母"),
        ({"key": "一"}, "小写字母"),
        ({"label": " "}, "没有名称"),
        ({"label": "长" * 61}, "太长"),
        ({"scale": "stars"}, "计分方式"),
        ({"weight": 0}, "分值"),
        ({"weight": 1001}, "分值"),
        ({"scale": "capped"}, "每件得几分"),
        ({"scale": "rank"}, "前几名"),
        ({"scale": "piecewise"}, "由小到大"),
        ({"scale": "piecewise", "points": [[5, 10], [5, 20]]}, "由小到大"),
        ({"scale": "piecewise", "points": [[5, 110]]}, "0 到 100"),
        ({"colour": "red"}, "不认识的内容"),
    ],
)
def test_criteria_that_cannot_stand_are_refused(row: dict[str, Any], sentence: str) -> None:
    with pytest.raises(CriterionRefused, match=sentence):
        read_criteria([{"key": "one", "label": "一项", "scale": "points", "weight": 10, **row}])


def test_a_key_stands_once_and_a_sheet_has_an_end() -> None:
    row = {"key": "one", "label": "一项", "scale": "points", "weight": 1}
    with pytest.raises(CriterionRefused, match="重复"):
        read_criteria([row, row])
    with pytest.raises(CriterionRefused, match="最多 40 项"):
        read_criteria([{**row, "key": f"k{number}"} for number in range(41)])


def test_what_is_written_reads_the_same() -> None:
    for criterion in (POINTS, BINARY, THREE, SURVEY, RANK, CAPPED, STEPS, LINE):
        assert read_criteria([write_criterion(criterion)]) == (criterion,)
