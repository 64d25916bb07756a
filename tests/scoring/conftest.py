"""What the tests of scoring share: a sheet with every scale, people, and a panel with three assessors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from chuangju.kernel.models import User
from chuangju.scoring.assignments import assign_assessor
from chuangju.scoring.declarations import declare_no_conflict
from chuangju.scoring.models import Assessment, Panel, ScoreSheet
from chuangju.scoring.panels import open_panel
from chuangju.scoring.submissions import submit_scores
from chuangju.units.models import Role, Unit

CRITERIA = [
    {"key": "idea", "label": "创意", "scale": "points", "weight": 60},
    {"key": "team", "label": "团队", "scale": "three_step", "weight": 40, "label_en": "Team"},
]
SUBJECTS = [
    ("test.subject:1", "甲公司", "001"),
    ("test.subject:2", "乙公司", "002"),
    ("test.subject:3", "丙公司", "003"),
]
DUE = date(2026, 6, 30)


@pytest.fixture
def officer(make_user: Callable[..., User], unit: Unit) -> User:
    """Runs panels of `unit`."""
    return make_user("policy-officer", Role.POLICY_OFFICER, unit=unit)


@pytest.fixture
def other_officer(make_user: Callable[..., User], other_unit: Unit) -> User:
    """Runs those of another one."""
    return make_user("other-policy-officer", Role.POLICY_OFFICER, unit=other_unit)


@pytest.fixture
def assessors(make_user: Callable[..., User]) -> list[User]:
    """Six experts."""
    return [make_user(f"assessor-{place}", Role.ASSESSOR, name=f"专家{place}") for place in range(1, 7)]


@pytest.fixture
def sheet(db: None, now: datetime) -> ScoreSheet:
    """A published sheet of 100 points."""
    return ScoreSheet.objects.create(
        key="test", version=1, title="测试评分表", criteria=CRITERIA, is_published=True, made_at=now, published_at=now
    )


@pytest.fixture
def make_panel(sheet: ScoreSheet, unit: Unit, officer: User, now: datetime) -> Callable[..., Panel]:
    """A panel over three subjects."""

    def make(**more: Any) -> Panel:
        said = {"title": "项目评审", "unit": unit, "subjects": SUBJECTS, "due_on": DUE, "by": officer, "at": now}
        return open_panel(more.pop("sheet", sheet), **{**said, **more})

    return make


@pytest.fixture
def panel(make_panel: Callable[..., Panel]) -> Panel:
    """One in which everybody sees who is assessed."""
    return make_panel()


@pytest.fixture
def assign(officer: User, now: datetime) -> Callable[..., list[Assessment]]:
    """Give an assessor subjects: all of them where none are named."""

    def give(panel: Panel, assessor: User, *numbers: int) -> list[Assessment]:
        wanted = numbers or (1, 2, 3)
        return assign_assessor(panel, assessor, [f"test.subject:{number}" for number in wanted], by=officer, at=now)

    return give


@pytest.fixture
def score(now: datetime) -> Callable[..., Assessment]:
    """Declare that there is no conflict and hand the scores in."""

    def hand_in(assessment: Assessment, idea: object, team: object = 2, comment: str = "") -> Assessment:
        if assessment.declared_at is None:
            declare_no_conflict(assessment, by=assessment.assessor, at=now)
        submit_scores(assessment, {"idea": idea, "team": team}, comment=comment, by=assessment.assessor, at=now)
        return assessment

    return hand_in


@pytest.fixture
def scored_panel(
    panel: Panel, assessors: list[User], assign: Callable[..., list[Assessment]], score: Callable[..., Assessment]
) -> Panel:
    """Three assessors have scored all three subjects."""
    for assessor, marks in zip(assessors[:3], ((60, 30, 12), (54, 36, 18), (48, 42, 18)), strict=True):
        for assessment, idea in zip(assign(panel, assessor), marks, strict=True):
            score(assessment, idea)
    return panel
