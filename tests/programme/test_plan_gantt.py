"""The time line: which items stand on it, in which groups, and that the drawing holds what the table says."""

from __future__ import annotations

from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest

from chuangju.programme.models import Plan
from chuangju.programme.plan_gantt import gantt_lines, gantt_svg
from tests.programme.plans import Planner

pytestmark = pytest.mark.django_db


def test_an_overall_plan_shows_its_stages_and_an_item_begins_with_its_plan(planner: Planner, today: date) -> None:
    overall = planner.issued({"title": "总体的事项", "due_on": today})
    stage = planner.issued(
        {"title": "阶段的事项", "starts_on": date(2026, 5, 1), "due_on": today + timedelta(days=9)},
        title="第一阶段",
        kind=Plan.Kind.STAGE,
        parent=overall,
        starts_on=date(2026, 4, 1),
    )
    lines = gantt_lines(overall, user=planner.office, by_category=False, on=today)
    assert [(line.group, line.item.title) for line in lines] == [
        ("创建工作总体方案", "总体的事项"),
        ("第一阶段", "阶段的事项"),
    ]
    assert (lines[0].start, lines[0].end, lines[1].start) == (date(2026, 1, 1), today, date(2026, 5, 1))
    assert lines[1].days == (lines[1].end - lines[1].start).days + 1
    assert len(gantt_lines(stage, user=planner.office, by_category=False, on=today)) == 1


def test_by_category_the_rows_stand_in_printed_order(planner: Planner, today: date) -> None:
    plan = planner.issued({"title": "服务", "row": 3}, {"title": "政策", "row": 1})
    lines = gantt_lines(plan, user=planner.office, by_category=True, on=today)
    assert [(line.group, line.item.title) for line in lines] == [("政策支持", "政策"), ("创业服务", "服务")]


def test_a_unit_that_was_not_asked_sees_no_draft_stage(planner: Planner, today: date) -> None:
    overall = planner.issued()
    stage = planner.draft("未发的阶段", kind=Plan.Kind.STAGE, parent=overall)
    planner.item(stage, "未发的事项")
    officer = planner.officer("区财政局")
    assert len(gantt_lines(overall, user=officer, by_category=False, on=today)) == 1
    assert len(gantt_lines(overall, user=planner.office, by_category=False, on=today)) == 2


def test_the_drawing_is_sound_and_markup_in_a_title_stays_text(planner: Planner, today: date) -> None:
    plan = planner.issued({"title": "<script>alert(1)</script>", "due_on": today})
    svg = gantt_svg(gantt_lines(plan, user=planner.office, by_category=False, on=today), today=today)
    assert "<script" not in svg
    tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(svg).iter()}  # noqa: S314 - our own drawing
    assert tags.isdisjoint({"script", "foreignObject", "image", "a"})
    assert gantt_svg([], today=today) == ""
