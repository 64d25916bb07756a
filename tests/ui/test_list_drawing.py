"""The table of a list as HTML: words are escaped, cells bring links, signs, drawings of their own or templates."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Template
from django.utils.safestring import SafeString
from django.utils.translation import override

from chuangju.ui.list_drawing import draw_table
from chuangju.ui.list_state import ListState, read_state
from chuangju.ui.listing import Band, Column, Filter, Listing
from chuangju.ui.signs import Sign

EVIL = "<b>\"甲\" & '乙'</b>"
SAFE = "&lt;b&gt;&quot;甲&quot; &amp; &#x27;乙&#x27;&lt;/b&gt;"


def drawn(*columns: Column, rows: list[Any], **more: Any) -> str:
    state = read_state(Listing("x", columns, **more), rows, {})
    return draw_table(state, Context({"outside": "外面"}))


def test_words_of_cells_headings_and_bands_are_escaped() -> None:
    html = drawn(Column("a", EVIL, str), rows=[EVIL], group=lambda _row: Band(EVIL, EVIL))
    assert "<b>" not in html
    assert html.count(SAFE) == 5  # heading, label of the cell, cell, band and its note


def test_a_cell_leads_somewhere_when_its_row_has_an_address() -> None:
    html = drawn(
        Column("a", "名", str, url=lambda row: f"/rows/{row}/?a=1&b=2" if row == "甲" else ""), rows=["甲", "乙"]
    )
    assert '<td class="title" data-label="名"><a href="/rows/甲/?a=1&amp;b=2">甲</a></td>' in html
    assert '<td class="title" data-label="名">乙</td>' in html


def test_signs_yes_and_nothing_are_drawn_as_elsewhere() -> None:
    cell = Template("{{ value|cell }}")
    for value in (Sign("late", EVIL), True, False, None, "", 3, 1234.5, ["甲", "乙"], SafeString("<i>x</i>")):
        shown = cell.render(Context({"value": value}))
        assert f'data-label="值">{shown}</td>' in drawn(Column("v", "值", lambda row: row), rows=[value])


def test_a_column_may_draw_itself_or_bring_a_template_that_sees_the_page(settings: Any) -> None:
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    ("django.template.loaders.locmem.Loader", {"c.html": "{{ row }}-{{ value }}-{{ outside }}"})
                ]
            },
        }
    ]
    html = drawn(
        Column("d", "画", str, draw=lambda row: f"<i>{row}</i>"),
        Column("t", "板", lambda row: row * 2, template="c.html"),
        rows=["甲"],
    )
    assert "<i>甲</i></td>" in html
    assert "甲-甲甲-外面</td>" in html


def test_the_filters_say_what_is_chosen_and_lead_to_the_others() -> None:
    kinds = Filter("kind", EVIL, lambda: [("a", EVIL), ("b", "乙")], lambda rows, _value: rows)
    state: ListState = read_state(Listing("x", [Column("a", "甲", str)], [kinds]), [], {"kind": "a"})
    html = Template("{% list_filters list %}").render(Context({"list": state}))
    assert f'<summary class="chip chosen">{SAFE}：{SAFE}<svg' in html
    assert f'<a href="?kind=a" aria-current="true">{SAFE}</a>' in html
    assert '<a href="?kind=b">乙</a>' in html


def test_choices_in_chinese_say_so_on_an_english_page() -> None:
    kinds = Filter("kind", "Kind", lambda: [("a", "Town"), ("b", "莘庄镇")], lambda rows, _value: rows)
    with override("en"):
        state = read_state(Listing("x", [Column("a", "A", str)], [kinds]), [], {})
        html = Template("{% list_filters list %}").render(Context({"list": state}))
    assert '<a href="?kind=a">Town</a>' in html
    assert '<a href="?kind=b"><span lang="zh-Hans">莘庄镇</span></a>' in html


@pytest.mark.parametrize("order", ["a", "-a"])
def test_the_heading_in_force_says_how_rows_are_ordered(order: str) -> None:
    html = drawn(Column("a", "甲", str, sort="a", css="short"), rows=["1"], default_sort=order)
    assert f'<th scope="col" class="short" aria-sort="{"descending" if order[0] == "-" else "ascending"}">' in html


def test_names_in_chinese_say_so_on_an_english_page() -> None:
    with override("en"):
        html = drawn(Column("a", "A", str, url=lambda _row: "/x/"), rows=["莘庄镇", "Town"])
    assert '<a href="/x/"><span lang="zh-Hans">莘庄镇</span></a>' in html
    assert '<a href="/x/">Town</a>' in html
    assert "<span" not in drawn(Column("a", "名", str), rows=["莘庄镇"])
