"""资格的说法 - what a standing is called and how it stands on a day, for pages and lists."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from chuangju.applications.models import Standing
from chuangju.applications.standings import state_on
from chuangju.kernel.languages import reads_english
from chuangju.ui.signs import Sign

_TONES = {"active": "good", "expiring": "soon", "expired": "late", "suspended": "soon", "revoked": "late"}


def standing_title(standing: Standing) -> str:
    """Its name in the reader's language."""
    return (standing.title_en if reads_english() else "") or standing.title


def standing_sign(standing: Standing, *, on: date) -> Sign:
    """How it stands on a day, with a shape."""
    state = state_on(standing, on)
    words = {"coming": _("未到期初"), "expiring": _("即将到期"), "expired": _("已到期")}
    return Sign(_TONES.get(state, "flat"), words.get(state) or str(standing.get_state_display()))
