"""The scores of one assessment, line by line, as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from chuangju.scoring.answer_words import answer_text
from chuangju.scoring.criteria import criteria_of, full_marks, points_of
from chuangju.scoring.models import Assessment
from chuangju.scoring.score_text import score_text


@dataclass(frozen=True)
class ShownScore:
    """One criterion: what it may bring, what was answered, what that brings."""

    label: str
    weight: int
    answer: str
    points: str


@dataclass(frozen=True)
class ShownScores:
    """All of them with the sum."""

    rows: list[ShownScore]
    total: str
    full: str


def shown_scores(one: Assessment) -> ShownScores:
    """The scores of an assessment; empty where nothing has been entered."""
    criteria = criteria_of(one.panel.sheet)
    rows = []
    for criterion in criteria:
        answer = one.scores.get(criterion.key)
        rows.append(
            ShownScore(
                criterion.shown_label,
                criterion.weight,
                answer_text(criterion, answer) if answer is not None else "",
                score_text(points_of(criterion, Decimal(answer))) if answer is not None else "",
            )
        )
    return ShownScores(rows, score_text(one.total), score_text(full_marks(criteria)).removesuffix(".00"))
