"""One more row for each list of panels, assessments and score sheets."""

from __future__ import annotations

from uuid import uuid4

from chuangju.kernel.models import User
from chuangju.scoring.models import Assessment, Panel, PanelEntry, ScoreSheet
from chuangju.units.models import Role
from tests import people
from tests.conftest import NOW

PANEL = ("00000000-0000-4000-8000-000000000001",)


def list_panel() -> Panel:
    """The panel whose lists are asked for, once."""
    sheet, _is_new = ScoreSheet.objects.get_or_create(
        key="test",
        version=1,
        defaults={
            "title": "评分表",
            "criteria": [{"key": "a", "label": "甲", "scale": "points", "weight": 100}],
            "is_published": True,
            "made_at": NOW,
            "published_at": NOW,
        },
    )
    panel, _is_new = Panel.objects.get_or_create(
        pk=PANEL[0],
        defaults={
            "title": "评审",
            "sheet": sheet,
            "unit": people.make_unit("rsj", "区人社局"),
            "state": Panel.State.SCORING,
            "drop_from": 5,
            "due_on": NOW.date(),
            "opened_at": NOW,
        },
    )
    return panel


def add_panel(number: int) -> None:
    """A panel with a subject."""
    panel = list_panel()
    panel.pk, panel.title = uuid4(), f"评审{number}"
    panel.save(force_insert=True)
    add_subject(number, panel)


def add_subject(number: int, panel: Panel | None = None, *assessors: User) -> None:
    """A subject of a panel, scored by one assessor and awaited from another."""
    panel = panel or list_panel()
    entry = PanelEntry.objects.create(
        panel=panel,
        subject_key=f"test:{number}",
        label=f"对象{number}",
        blind_label=f"{number:03d}",
        position=number + 1,
    )
    for place, assessor in enumerate(assessors or (people.make_user("expert", Role.ASSESSOR, name="专家"),)):
        is_done = place == 0
        Assessment.objects.create(
            panel=panel,
            entry=entry,
            assessor=assessor,
            state=Assessment.State.SUBMITTED if is_done else Assessment.State.ASSIGNED,
            declared_at=NOW,
            scores={"a": "50"},
            total=5000 if is_done else None,
            assigned_at=NOW,
            submitted_at=NOW if is_done else None,
        )


def add_scorer(number: int) -> None:
    """An assessor who scored one more subject."""
    add_subject(number, None, people.make_user(f"expert-{number}", Role.ASSESSOR, name=f"专家{number}"))


def add_own_assessment(number: int) -> None:
    """Something for the reader to score."""
    add_subject(number, None, people.make_user("expert", Role.ASSESSOR), people.make_user("reader", Role.ASSESSOR))


def add_sheet(number: int) -> None:
    """A published score sheet."""
    ScoreSheet.objects.create(
        key=f"sheet-{number}", version=1, title="表", is_published=True, made_at=NOW, published_at=NOW, criteria=[]
    )
