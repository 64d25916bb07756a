"""时限标记 - a clock as people read it: working days left, paused and why, past the promise or past the law."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangju.kernel.clocks import ClockReading
from chuangju.ui.signs import Sign

# So few working days left call for attention.
NEAR = 1


def sign_of_clock(reading: ClockReading) -> Sign:
    """The sign of a clock on the day it was read; a count over a year without notice says that it is provisional."""
    sign = _sign(reading)
    if reading.is_provisional and not reading.is_stopped:
        return Sign(sign.state, _("%(text)s（暂定）") % {"text": sign.text})
    return sign


def _sign(reading: ClockReading) -> Sign:
    if reading.is_past_law:
        over = reading.used - (reading.legal_days or 0)
        return Sign(
            "late", ngettext("超法定期限 %(days)d 个工作日", "超法定期限 %(days)d 个工作日", over) % {"days": over}
        )
    if reading.is_past_promise:
        over = -reading.left
        return Sign(
            "late", ngettext("超承诺期限 %(days)d 个工作日", "超承诺期限 %(days)d 个工作日", over) % {"days": over}
        )
    if reading.is_stopped:
        used = reading.used
        return Sign("done", ngettext("用时 %(days)d 个工作日", "用时 %(days)d 个工作日", used) % {"days": used})
    if reading.is_paused:
        return Sign("flat", _("已暂停：%(reason)s") % {"reason": reading.pause_reason})
    left = reading.left
    if left == 0:
        return Sign("soon", _("今天到期"))
    text = ngettext("剩 %(days)d 个工作日", "剩 %(days)d 个工作日", left) % {"days": left}
    return Sign("soon" if left <= NEAR else "good", text)
