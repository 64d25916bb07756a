"""单元格 - a value of a list as a reader sees it: ISO days, yes and no, a sign, a dash where there is nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from html import escape

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from chuangju.kernel.languages import reads_english
from chuangju.ui import dates, signs

HAN = re.compile(r"[\u4e00-\u9fff]")


def draw_value(value: object) -> SafeString | str:
    """The value as HTML; what is plain text has been escaped."""
    kind = type(value)
    if kind is str and value:
        # By far the most cells: plain words. Names are Chinese on an English page, and say so.
        drawn = escape(value)  # type: ignore[arg-type]
        if HAN.search(drawn) and reads_english():
            return SafeString(f'<span lang="zh-Hans">{drawn}</span>')
        return SafeString(drawn)
    if kind is signs.Sign:
        return signs.draw_sign(value.state, value.text)  # type: ignore[attr-defined]
    if value is None or value == "":
        return format_html('<span class="nothing" aria-label="{}" role="img">—</span>', _("无"))
    if isinstance(value, str):
        return conditional_escape(value)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return dates.iso_moment(value)
    if isinstance(value, date):
        return dates.iso_date(value)
    if isinstance(value, signs.SignLike):
        return signs.draw_sign(value.state, value.text)
    if isinstance(value, Iterable) and not isinstance(value, Promise | Model):
        return format_html("{}", _("、").join(str(each) for each in value) or "—")
    return format_html("{}", signs.format_number(value) if isinstance(value, float) else value)


def mark_chinese(text: object) -> SafeString | str:
    """Chinese data on a page in another language says so, for screen readers and for the right glyphs."""
    if not reads_english() or not text:
        return format_html("{}", "" if text is None else text)
    return format_html('<span lang="zh-Hans">{}</span>', text)
