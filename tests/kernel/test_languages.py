"""What is stored is in one language; what is read, in the reader's."""

from __future__ import annotations

import pytest
from django.utils.translation import gettext as _
from django.utils.translation import override

from chuangju.kernel.languages import in_kept_language, reads_english


@pytest.mark.parametrize(("language", "answer"), [("en", True), ("en-gb", True), ("zh-hans", False)])
def test_a_page_is_english_or_chinese(language: str, *, answer: bool) -> None:
    with override(language):
        assert reads_english() is answer


def test_where_no_language_is_active_nothing_is_english() -> None:
    with override(None):
        assert not reads_english()


def test_what_is_kept_is_chinese_and_the_page_goes_on_in_its_own_language() -> None:
    with override("en"):
        with in_kept_language():
            assert _("是") == "是"
        assert _("是") == "Yes"
