"""Every template of the product: complete in both languages, and without content where it leaves the house."""

from __future__ import annotations

import re

import pytest
from django.utils.translation import override

from chuangju.kernel.message_templates import (
    USUAL_POINTER,
    MessageTemplate,
    fill,
    fill_pointer,
    message_language,
    message_templates,
    plain_values,
)

PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def _sentences(template: MessageTemplate) -> list[str]:
    return [str(template.subject), str(template.body), str(template.pointer or USUAL_POINTER)]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_template_can_be_filled_in_both_languages_with_the_same_values(language: str) -> None:
    assert len(message_templates) > 5
    for template in message_templates.values():
        with override("zh-hans"):
            names = set(PLACEHOLDER.findall(str(template.subject) + str(template.body)))
        words = fill(template, dict.fromkeys(names, "X"), language)
        assert words.subject, template.key
        assert "%(" not in words.subject + words.body, template.key


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_pointer_knows_nothing_but_where_to_sign_in(language: str) -> None:
    for template in message_templates.values():
        with override(language):
            assert set(PLACEHOLDER.findall(_sentences(template)[2])) <= {"link"}, template.key
        text = fill_pointer(template, "https://x/m/abc/", language)
        assert text.count("https://x/m/abc/") == 1, template.key
        assert not re.search(r"\d{2,}|元|¥", text.replace("https://x/m/abc/", "")), template.key


def test_a_pointer_without_a_place_for_the_link_gets_it_at_its_end() -> None:
    template = MessageTemplate("x", "主题", pointer="请登录查看")
    assert fill_pointer(template, "https://x/", "zh-hans") == "请登录查看 https://x/"


def test_secrets_end_by_themselves_and_are_urgent() -> None:
    secret = [template for template in message_templates.values() if template.is_secret]
    assert secret
    assert all(template.is_urgent and template.expires_after for template in secret)


def test_a_language_that_the_product_does_not_speak_is_the_districts() -> None:
    assert [message_language(code) for code in ("en", "zh-hans", "", "fr")] == ["en", "zh-hans", "zh-hans", "zh-hans"]


def test_a_subject_is_one_line_of_limited_length() -> None:
    template = MessageTemplate("x", "关于%(title)s")
    words = fill(template, plain_values({"title": "长\n" * 300}), "zh-hans")
    assert len(words.subject) == 200
    assert "\n" not in words.subject
