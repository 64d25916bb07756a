"""Words of the pages in the language of a test, taken from the catalogue that the product itself uses."""

from __future__ import annotations

from django.utils import translation


def say(text: str, language: str = "zh") -> str:
    """The Chinese source text as the page shows it in this language ("zh" or "en")."""
    with translation.override("zh-hans" if language == "zh" else language):
        return translation.gettext(text)
