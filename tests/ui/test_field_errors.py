"""What a field says when it has to be mended."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.utils.translation import override

from chuangju.ui.field_errors import sentences_of


class Empty(forms.Form):
    """Every kind of field, left empty."""

    title = forms.CharField(label="落实节点")
    kind = forms.ChoiceField(label="类型", choices=[("a", "会议")])
    file = forms.FileField(label="附件")
    is_true = forms.BooleanField(label="内容属实")
    own = forms.CharField(label="原因", error_messages={"required": "请说明原因。"})
    number = forms.IntegerField(label="户数", max_value=5)


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("title", "请填写“落实节点”。"),
        ("kind", "请选择“类型”。"),
        ("file", "请选择文件：附件。"),
        ("is_true", "请先勾选“内容属实”。"),
        ("own", "请说明原因。"),
    ],
)
def test_an_empty_field_says_how_to_fill_it(field: str, sentence: str) -> None:
    with override("zh-hans"):
        assert sentences_of(Empty({})[field]) == [sentence]


@pytest.mark.parametrize("value", ["many", "7"])
def test_any_other_error_is_told_as_the_form_tells_it(value: Any) -> None:
    with override("zh-hans"):
        bound = Empty({"number": value})["number"]
        assert sentences_of(bound) == list(bound.errors)


def test_a_field_without_errors_says_nothing() -> None:
    assert sentences_of(Empty({"title": "x"})["title"]) == []
