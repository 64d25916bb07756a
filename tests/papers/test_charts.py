"""Charts: Chinese words in them, one name for those who do not see them, and nothing a page would refuse to show."""

from __future__ import annotations

import re
from datetime import date

import pytest
from lxml import etree

from chuangju.papers import charts
from chuangju.papers.charts import Bar, GanttBar, Point, bar_chart, chart_png, chart_svg, gantt_chart, line_chart
from tests.architecture.house import PACKAGES

TODAY = date(2026, 6, 15)


def words_of(svg: str) -> list[str]:
    return [text.text or "" for text in etree.fromstring(svg.encode()).iter("{*}text")]


def plan() -> list[GanttBar]:
    return [
        GanttBar("成立领导小组", date(2026, 1, 1), date(2026, 3, 1), "done", "组织保障"),
        GanttBar("年度总结", date(2026, 3, 1), date(2026, 5, 1), "late", "组织保障"),
        GanttBar("年度总结", date(2026, 12, 1), date(2026, 12, 1), "soon", "总结"),
    ]


def test_a_plan_shows_its_items_their_groups_their_states_and_today() -> None:
    words = words_of(gantt_chart(plan(), today=TODAY))
    for word in ("成立领导小组", "【组织保障】", "【总结】", "已完成", "逾期", "临近时限", "今天", "2026-03"):
        assert word in words
    # Two items of one name are two lines.
    assert [word.strip("\u200b") for word in words].count("年度总结") == 2


def test_a_plan_speaks_english_too() -> None:
    words = words_of(gantt_chart(plan(), today=TODAY, language="en"))
    assert {"Done", "Overdue", "Due soon", "Today"} <= set(words)


def test_bars_have_their_numbers_at_their_ends() -> None:
    words = words_of(bar_chart([Bar("区人社局", 1203), Bar("区经委", 0)], value_title="人数（人）"))
    assert {"区人社局", "区经委", "1,203", "0", "人数（人）"} <= set(words)


def test_several_series_are_told_apart_by_name() -> None:
    bars = [Bar("甲", 1, "今年"), Bar("甲", 2, "去年")]
    assert {"今年", "去年"} <= set(words_of(bar_chart(bars)))
    points = [Point(date(2026, month, 1), month, series) for month in (1, 2, 3) for series in ("目标", "实际")]
    svg = line_chart(points, value_title="个")
    assert words_of(svg).count("目标") == words_of(svg).count("实际") == 1
    assert charts.BRAND in svg
    assert charts.WARM in svg


def test_one_line_needs_no_legend() -> None:
    assert "2026-02" in words_of(line_chart([Point(date(2026, month, 1), month) for month in (1, 2, 3)]))


@pytest.mark.parametrize("drawn", [gantt_chart([], today=TODAY), bar_chart([]), line_chart([])])
def test_a_chart_of_nothing_is_still_a_chart(drawn: str) -> None:
    assert drawn.startswith("<svg")


def test_a_chart_has_one_name_and_no_others() -> None:
    named = gantt_chart(plan(), today=TODAY, title="计划进度")
    root = etree.fromstring(named.encode())
    assert (root.get("role"), root.get("aria-label")) == ("img", "计划进度")
    inner = [each for each in root.iterdescendants() if set(each.attrib) & {"role", "aria-label", "aria-hidden"}]
    assert inner == []
    assert etree.fromstring(bar_chart([Bar("甲", 1)]).encode()).get("aria-hidden") == "true"


def test_a_page_may_show_it_under_its_content_policy() -> None:
    svg = gantt_chart(plan(), today=TODAY)
    assert not re.search(r"<style|<script|\sstyle=|\son\w+=|href=", svg)


@pytest.mark.parametrize("text", ['<script>"x"</script>', "&amp;]]>", "datum.x' + alert(1)", "%{value}", '" role="x'])
def test_words_stay_words(text: str) -> None:
    assert text in words_of(bar_chart([Bar(text, 1)]))
    assert text in words_of(gantt_chart([GanttBar(text, TODAY, TODAY, "good")], today=TODAY))


def test_control_signs_are_dropped_and_long_names_shortened() -> None:
    words = words_of(bar_chart([Bar("甲\x00\n乙", 1), Bar("长" * 60, 2)]))
    assert "甲乙" in "".join(words).replace(" ", "")
    assert any(word.startswith("长长") and word.endswith("…") for word in words)


def test_the_same_chart_is_drawn_once() -> None:
    charts._draw.cache_clear()
    for _time in range(3):
        bar_chart([Bar("甲", 1)])
    assert (charts._draw.cache_info().misses, charts._draw.cache_info().hits) == (1, 2)


def test_a_chart_becomes_a_picture_for_papers() -> None:
    assert chart_png(bar_chart([Bar("甲", 1)])).startswith(b"\x89PNG")


def test_a_broken_specification_is_refused() -> None:
    with pytest.raises(ValueError, match=r"."):
        chart_svg({"mark": {"type": "no such mark"}, "data": {"values": []}})


def test_the_colours_are_those_of_the_product() -> None:
    tokens = (PACKAGES / "ui/static/ui/tokens.css").read_text(encoding="utf-8")
    named = {charts.INK, charts.INK_2, charts.LINE, charts.TODAY_COLOUR, *charts.SERIES, *charts.STATE_COLOURS.values()}
    assert [colour for colour in sorted(named) if colour not in tokens] == []
