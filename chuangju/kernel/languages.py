"""语言 - the reader's language, and the one language of what is kept."""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.conf import settings
from django.utils.translation import get_language, override


def reads_english() -> bool:
    """Whether the page at hand is written in English."""
    return (get_language() or "").startswith("en")


def in_kept_language() -> AbstractContextManager[None]:
    """Within the block sentences are in the district's language: for what is stored, whoever acts in whatever language."""
    return override(settings.LANGUAGE_CODE)
