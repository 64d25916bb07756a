"""正在受理的批次 - what the policy pages say about rounds: from when to when, for how many, and why one closed early."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangju.applications.models import Window
from chuangju.kernel.money import format_yuan

# A round that closed early is still spoken of for so many days.
_SPOKEN_OF = 60


def open_rounds(on: date) -> dict[str, str]:
    """For each policy with a round that is public: one sentence, in the reader's language; two queries."""
    since = on - timedelta(days=_SPOKEN_OF)
    rows = Window.objects.filter(kind=Window.Kind.COMPETITIVE, opens_on__isnull=False, closes_on__gte=since).exclude(
        state=Window.State.DRAFT
    )
    found: dict[str, str] = {}
    for window in rows.order_by("closes_on", "pk").prefetch_related("towns"):
        sentence = _sentence(window, on)
        if sentence:
            found[window.policy_id] = sentence
    return found


def _sentence(window: Window, on: date) -> str:
    if window.state == Window.State.OPEN and window.closes_on is not None and window.closes_on >= on:
        said = {"cycle": window.cycle, "first": window.opens_on, "last": window.closes_on}
        parts = [_("%(cycle)s 批次 %(first)s 至 %(last)s 受理") % said]
        if window.places is not None:
            parts.append(ngettext("名额 %(count)d 个", "名额 %(count)d 个", window.places) % {"count": window.places})
        if window.money is not None:
            parts.append(_("资金 %(money)s") % {"money": format_yuan(window.money)})
        towns = sorted(window.towns.all(), key=lambda one: (one.position, one.pk))
        if towns:
            parts.append(_("只受理%(towns)s") % {"towns": _("、").join(one.shown_name for one in towns)})
        if window.is_sealed:
            parts.append(_("截止前密封"))
        return _("；").join(parts)
    if window.state in {Window.State.CLOSED, Window.State.DECIDED} and window.close_reason:
        return _("%(cycle)s 批次已提前截止：%(reason)s") % {"cycle": window.cycle, "reason": window.close_reason}
    return ""
