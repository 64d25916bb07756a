"""A weak password is refused in the language of the page."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import translation


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("zh-hans", "密码太短，至少 10 个字符。"), ("en", "The password is too short; it needs 10 characters or more.")],
)
def test_a_short_password_is_refused_in_the_language_of_the_page(language: str, sentence: str) -> None:
    with translation.override(language), pytest.raises(ValidationError) as refused:
        validate_password("x7!qz")
    assert sentence in refused.value.messages
