"""Tags and filters: what they draw, in both languages, and that nothing a user typed becomes markup."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.utils.translation import override

from chuangju.ui.signs import SHAPES, Figure, Sign

Draw = Callable[..., str]
EVIL = '<img src=x onerror="alert(1)">'


class MilestoneForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label="落实节点", help_text="写明要完成的事。")
    due = forms.DateField(label="完成时限", required=False)
    kind = forms.ChoiceField(label="类型", choices=[("a", "会议"), ("b", "文件")], widget=forms.RadioSelect)
    units = forms.MultipleChoiceField(
        label="单位", choices=[("a", "甲")], required=False, widget=forms.CheckboxSelectMultiple, help_text="可多选。"
    )
    is_true = forms.BooleanField(label="内容属实", help_text="必须确认。")
    file = forms.FileField(label="附件", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, initial="x")

    def clean(self) -> dict[str, Any]:
        """Refuse a title that cannot be."""
        if self.cleaned_data.get("title") == "无":
            raise forms.ValidationError("至少写一件事。")
        return self.cleaned_data


@pytest.mark.parametrize("state", ["late", "soon", "good", "done"])
def test_a_state_is_told_by_a_shape_and_a_word(draw: Draw, state: str) -> None:
    drawn = draw("{% tag state text %}", state=state, text="词")
    assert drawn.startswith(f'<span class="tag {state}"><svg class="shape')
    assert 'aria-hidden="true"' in drawn
    assert drawn.endswith("词</span>")


def test_the_four_shapes_differ() -> None:
    assert len({SHAPES[state] for state in ("late", "soon", "good", "done")} - {""}) == 4


def test_a_neutral_or_unknown_state_has_no_shape(draw: Draw) -> None:
    assert draw("{% tag 'flat' '无时限' %}") == '<span class="tag flat">无时限</span>'
    assert draw("{% tag state '词' %}", state='x" onclick="') == '<span class="tag flat">词</span>'


def test_a_light_is_drawn_from_a_sign_or_from_its_two_parts(draw: Draw) -> None:
    sign = Sign("late", "逾期 2 个工作日")
    assert draw("{% light sign %}", sign=sign) == draw("{% light 'late' '逾期 2 个工作日' %}")
    assert str(sign) == "逾期 2 个工作日"
    assert draw("{% light 'flat' %}") == '<span class="tag flat"></span>'


@pytest.mark.parametrize(
    "template",
    [
        "{% tag 'late' evil %}",
        "{% light 'late' evil %}",
        "{{ evil|zh }}",
        "{% zh evil %}",
        "{{ evil|cell }}",
        "{{ evil|number }}",
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_nothing_typed_becomes_markup(draw: Draw, template: str, language: str) -> None:
    with override(language):
        drawn = draw(template, evil=EVIL)
    assert "<img" not in drawn
    assert "&lt;img" in drawn


def test_evil_in_lists_figures_and_labels_stays_text(draw: Draw) -> None:
    assert "<img" not in draw("{{ values|cell }}", values=[EVIL, "b"])
    figure = Figure(EVIL, EVIL, EVIL, url='/x"><img')
    assert "<img" not in draw("{% figure_strip figures %}", figures=[figure])
    form = MilestoneForm({"title": EVIL})
    assert "<img" not in draw("{% field form.title label=evil hint=evil %}", form=form, evil=EVIL)


def test_an_icon_is_silent_and_sized_by_its_class(draw: Draw) -> None:
    drawn = draw('{% icon "check" "big" "mini" %}')
    assert 'class="icon big"' in drawn
    assert 'aria-hidden="true"' in drawn
    assert "width=" not in drawn.partition(">")[0]


def test_every_form_gets_a_key_of_its_own(draw: Draw) -> None:
    first, second = (re.search(r'name="idempotency_key" value="([^"]+)"', draw("{% idempotency_key %}")) for _ in "ab")
    assert first
    assert second
    assert uuid.UUID(first[1]).version == 4
    assert first[1] != second[1]


def test_chinese_data_says_so_on_pages_in_another_language(draw: Draw) -> None:
    with override("en"):
        assert draw("{{ name|zh }}", name="区财政局") == '<span lang="zh-Hans">区财政局</span>'
        assert draw("{{ name|zh }}", name="") == ""
        assert draw("{% zh name %}", name=None) == ""
    with override("zh-hans"):
        assert draw("{{ name|zh }}", name="区财政局") == "区财政局"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, "是"),
        (False, "否"),
        (0, "0"),
        (1234.5, "1,234.5"),
        (2026, "2026"),
        (date(2026, 3, 1), "2026-03-01"),
        (datetime(2026, 3, 1, 1, 5, tzinfo=UTC), "2026-03-01 09:05"),
        (["甲", "乙"], "甲、乙"),
        ([], "—"),
        ("词", "词"),
    ],
)
def test_a_cell_shows_each_kind_of_value_as_tables_write_it(draw: Draw, value: Any, shown: str) -> None:
    with override("zh-hans"):
        assert draw("{{ value|cell }}", value=value) == shown


@pytest.mark.parametrize("value", [None, ""])
def test_an_empty_cell_shows_a_dash_that_is_read_as_nothing(draw: Draw, value: Any) -> None:
    with override("zh-hans"):
        assert draw("{{ value|cell }}", value=value) == '<span class="nothing" aria-label="无" role="img">—</span>'


def test_a_cell_shows_a_sign_as_a_tag(draw: Draw) -> None:
    assert 'class="tag late"' in draw("{{ value|cell }}", value=Sign("late", "逾期"))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (12406, "12,406"),
        (Decimal("1234567.50"), "1,234,567.50"),
        (-3000, "-3,000"),
        ("27/28", "27/28"),
        (None, ""),
        (True, "True"),
    ],
)
def test_numbers_are_grouped_and_words_are_not(draw: Draw, value: Any, shown: str) -> None:
    assert draw("{{ value|number }}", value=value) == shown


def test_amounts_and_shares_know_the_difference_between_nothing_and_zero(draw: Draw) -> None:
    assert "20,000" in draw("{{ fen|yuan }}", fen=2_000_000)
    assert draw("{{ fen|yuan }}", fen=0) != ""
    assert draw("{{ fen|yuan }}", fen=None) == ""
    assert draw("{{ part|percent }}", part=0.48) == "48.0 %"
    assert draw("{{ part|percent:0 }}", part=0) == "0 %"
    assert draw("{{ part|percent }}", part=None) == ""


def test_figures_show_label_value_unit_and_tone(draw: Draw) -> None:
    drawn = draw(
        "{% figure_strip figures %}",
        figures=[Figure("帮扶", 1200, "户", "late", "/x/"), {"label": "节点", "value": "3/7"}],
    )
    assert "<dt>帮扶</dt>" in drawn
    assert '<dd class="num late"><a href="/x/">1,200<small>户</small></a></dd>' in drawn
    assert '<dd class="num">3/7</dd>' in drawn


def test_pages_are_linked_with_the_selection_and_the_present_one_is_named(draw: Draw) -> None:
    page = Paginator(range(500), 10).get_page(7)
    drawn = draw("{% pager page query %}", page=page, query="?q=%E5%BC%A0")
    assert 'href="?q=%E5%BC%A0&amp;page=6"' in drawn
    assert '<span aria-current="page">7</span>' in drawn
    assert 'rel="next"' in drawn
    assert "…" in drawn
    assert draw("{% pager page %}", page=Paginator(range(3), 10).get_page(1)) == ""
    assert 'href="?page=2"' in draw("{% pager page %}", page=Paginator(range(30), 10).get_page(1))


def test_a_field_has_its_label_help_and_error_tied_to_it(draw: Draw) -> None:
    drawn = draw("{% field form.title %}", form=MilestoneForm({}))
    assert '<label for="id_title">落实节点</label>' in drawn
    assert 'aria-describedby="id_title_helptext id_title_error"' in drawn
    assert 'id="id_title_helptext">写明要完成的事。' in drawn
    assert 'id="id_title_error"' in drawn
    assert 'aria-invalid="true"' in drawn


def test_optional_fields_are_marked_and_needed_ones_are_not(draw: Draw) -> None:
    with override("zh-hans"):
        assert "选填" in draw("{% field form.due %}", form=MilestoneForm())
        assert "选填" not in draw("{% field form.title %}", form=MilestoneForm())


def test_choices_stand_in_a_fieldset_with_its_legend(draw: Draw) -> None:
    drawn = draw("{% field form.units %}{% field form.kind %}", form=MilestoneForm({"units": ["z"]}))
    assert "<legend>单位" in drawn
    assert 'aria-describedby="id_units_helptext id_units_error"' in drawn
    assert drawn.count("<fieldset") == 2
    assert 'type="radio"' in drawn


def test_a_single_box_stands_before_its_words(draw: Draw) -> None:
    drawn = draw("{% field form.is_true %}", form=MilestoneForm())
    assert drawn.index('type="checkbox"') < drawn.index("内容属实")
    assert "必须确认。" in drawn


def test_a_hidden_field_is_only_its_input(draw: Draw) -> None:
    assert draw("{% field form.secret %}", form=MilestoneForm()).startswith('<input type="hidden"')


def test_a_page_may_say_label_and_hint_better(draw: Draw) -> None:
    drawn = draw('{% field form.due label="何时" hint="不晚于年底" %}', form=MilestoneForm())
    assert '<label for="id_due">何时' in drawn
    assert 'id="id_due_helptext">不晚于年底' in drawn
    assert 'aria-describedby="id_due_helptext"' in drawn


def test_the_summary_links_every_error_to_its_field_and_takes_the_focus(draw: Draw) -> None:
    drawn = draw("{% error_summary form %}", form=MilestoneForm({"title": "无"}))
    assert "autofocus" in drawn
    assert "至少写一件事。" in drawn
    assert 'href="#id_is_true"' in drawn
    targets = re.findall(r'href="#([^"]+)"', drawn)
    page = draw("{% form_fields form %}", form=MilestoneForm({"title": "无"}))
    assert all(f'id="{target}"' in page for target in targets)


def test_a_fresh_form_has_no_summary(draw: Draw) -> None:
    assert "error-summary" not in draw("{% form_fields form %}", form=MilestoneForm())
