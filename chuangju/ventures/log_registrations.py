"""日志用词 - what the log of parties and facts calls things by keys of its own."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangju.ui.event_words import register_event_words

_WORDS = {
    "from": _("起"),
    "is_disputed": _("有异议"),
    "merged_into": _("并入"),
    "to": _("止"),
}


def register_party_words() -> None:
    """Called once, when the application starts."""
    register_event_words(_WORDS)
