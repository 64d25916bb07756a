"""图标 - drawings beside words that say the same, drawn once."""

from __future__ import annotations

from functools import lru_cache

from django.utils.safestring import SafeString
from heroicons.templatetags.heroicons import heroicon_micro, heroicon_mini, heroicon_outline, heroicon_solid

_DRAW = {"outline": heroicon_outline, "solid": heroicon_solid, "mini": heroicon_mini, "micro": heroicon_micro}


@lru_cache(maxsize=256)
def draw_icon(name: str, css: str = "", style: str = "outline") -> SafeString:
    """The markup of an icon: reading it out of the wheel's archive costs far more than the page it is in."""
    # `size=None`: the stylesheet says how large an icon is.
    return _DRAW[style](name, size=None, **{"class": f"icon {css}".strip(), "focusable": "false"})  # type: ignore[return-value]
