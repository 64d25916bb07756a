"""Totals of assessors become one figure for each subject: dropped, adjusted and rounded as the panel says."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from typing import Any

import pytest

from chuangju.kernel.models import User
from chuangju.scoring.models import Assessment, Panel
from chuangju.scoring.results import results_of

Make = Callable[..., Any]


def _score_all(
    panel: Panel, assessors: list[User], marks: list[tuple[int | None, ...]], assign: Make, score: Make
) -> None:
    for assessor, row in zip(assessors, marks, strict=False):
        numbers = [place for place, mark in enumerate(row, 1) if mark is not None]
        for one, mark in zip(assign(panel, assessor, *numbers), [m for m in row if m is not None], strict=True):
            score(one, mark, 0)


def test_the_mean_is_rounded_half_up_once(make_panel: Make, assessors: list[User], assign: Make, score: Make) -> None:
    panel = make_panel(min_assessors=2)
    for assessor, idea in zip(assessors[:2], ("10.00", "10.01"), strict=True):
        score(assign(panel, assessor, 1)[0], idea, 0)
    assert results_of(panel)[0].total == 1001


def test_the_same_total_shares_its_rank_and_nothing_has_none(
    make_panel: Make, assessors: list[User], assign: Make, score: Make
) -> None:
    panel = make_panel(min_assessors=1)
    _score_all(panel, assessors[:1], [(50, 50, 20)], assign, score)
    assert [(row.label, row.rank) for row in results_of(panel)] == [("甲公司", 1), ("乙公司", 1), ("丙公司", 3)]
    Assessment.objects.filter(entry__label="乙公司").delete()
    assert [(row.label, row.rank, row.missing) for row in results_of(panel)] == [
        ("甲公司", 1, 0),
        ("丙公司", 2, 0),
        ("乙公司", None, 1),
    ]


def test_extremes_are_dropped_only_where_enough_have_scored(
    make_panel: Make, assessors: list[User], assign: Make, score: Make
) -> None:
    panel = make_panel(drop_extremes=True)
    marks: list[tuple[int | None, ...]] = [(60, 60), (30, 30), (30, 30), (30, 30), (0, None)]
    _score_all(panel, assessors, marks, assign, score)
    first, second = (row for row in results_of(panel) if row.label in {"甲公司", "乙公司"})
    assert (second.label, second.count, second.dropped, second.total, second.spread) == ("甲公司", 5, 2, 3000, 6000)
    assert (first.label, first.count, first.dropped, first.total) == ("乙公司", 4, 0, 3750)


def test_without_the_rule_extremes_count(make_panel: Make, assessors: list[User], assign: Make, score: Make) -> None:
    panel = make_panel()
    _score_all(panel, assessors, [(60,), (30,), (30,), (30,), (0,)], assign, score)
    assert (results_of(panel)[0].total, results_of(panel)[0].dropped) == (3000, 0)


def test_a_severe_assessor_is_shifted_to_the_mean_of_all(
    make_panel: Make, assessors: list[User], assign: Make, score: Make
) -> None:
    panel = make_panel(normalisation="mean_shift", min_assessors=1)
    # The second gives 20 less throughout; shifted, both say the same.
    _score_all(panel, assessors, [(60, 50, 40), (40, 30, 20)], assign, score)
    assert [row.total for row in results_of(panel)] == [5000, 4000, 3000]


def test_whoever_scored_too_few_is_not_shifted(
    make_panel: Make, assessors: list[User], assign: Make, score: Make
) -> None:
    panel = make_panel(normalisation="mean_shift", min_assessors=1)
    _score_all(panel, assessors, [(60, 50, None), (None, None, 5)], assign, score)
    assert [row.total for row in results_of(panel)] == [6000, 5000, 500]


def test_by_rank_only_the_order_counts(make_panel: Make, assessors: list[User], assign: Make, score: Make) -> None:
    panel = make_panel(normalisation="by_rank", min_assessors=1)
    _score_all(panel, assessors, [(60, 10, 9), (3, 2, 2)], assign, score)
    # Best: full marks; then two thirds and one third, or half of both where they are alike.
    assert [row.total for row in results_of(panel)] == [10000, 5833, 4167]


def test_random_panels_agree_with_a_plain_computation(
    make_panel: Make, assessors: list[User], assign: Make, score: Make, now: datetime
) -> None:
    chance = random.Random(7)
    panel = make_panel(drop_extremes=True, min_assessors=1)
    marks = [tuple(chance.randrange(61) for _subject in range(3)) for _assessor in range(6)]
    _score_all(panel, assessors, list(marks), assign, score)
    found = {row.label: row for row in results_of(panel)}
    for place, label in enumerate(("甲公司", "乙公司", "丙公司")):
        given = sorted(row[place] * 100 for row in marks)
        mean = Fraction(sum(given[1:-1]), 4)
        assert found[label].total == int(mean + Fraction(1, 2))
        assert found[label].spread == given[-1] - given[0]


@pytest.mark.parametrize("normalisation", ["none", "mean_shift", "by_rank"])
def test_an_empty_panel_has_results_without_figures(normalisation: str, make_panel: Make) -> None:
    rows = results_of(make_panel(normalisation=normalisation))
    assert [(row.total, row.rank, row.count, row.spread, row.missing) for row in rows] == [(None, None, 0, 0, 3)] * 3
