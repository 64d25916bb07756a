"""Working days as figures: halves of a median, changes with their sign, the day before a period's end."""

from __future__ import annotations

from datetime import date, timedelta

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chuangju.ui.signs import draw_sign

register = template.Library()


@register.filter
def half_days(days: float | None) -> str:
    """4 and 4.5; medians have no other parts."""
    return "" if days is None else f"{days:g}"


@register.filter
def day_change(days: float | None) -> SafeString | str:
    """Fewer days are good, more are late; a dash where one side has no case."""
    if days is None:
        return "—"
    if not days:
        return "0"
    said = _("%(days)s 天") % {"days": f"{days:+g}".replace("-", "−")}
    return draw_sign("good" if days < 0 else "late", said)


@register.filter
def day_before(day: date) -> date:
    """The last day of a period whose end is the first day after it."""
    return day - timedelta(days=1)
