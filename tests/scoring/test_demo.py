"""The demo holds a panel in each state and an assessment in each state, made by the rules."""

from __future__ import annotations

import pytest

from chuangju.scoring.freezing import find_panel_faults
from chuangju.scoring.models import Assessment, Panel, ScoreSheet

pytestmark = pytest.mark.database("sqlite")


def test_every_state_is_there_and_marked(demo: None) -> None:
    shown = Panel.objects.filter(entries__subject_key__startswith="scoring.demo:").distinct()
    assert set(shown.order_by().values_list("state", flat=True)) == set(Panel.State.values)
    assert all(panel.is_demo and "演示" in panel.title for panel in shown.order_by("title"))
    scoring = shown.get(state=Panel.State.SCORING)
    states = scoring.assessments.order_by().values_list("state", flat=True)
    assert set(states) == set(Assessment.State.values)
    assert scoring.assessments.order_by().values("assessor").distinct().count() == 3
    assert ScoreSheet.objects.filter(is_published=False).count() == 1
    assert list(find_panel_faults()) == []
