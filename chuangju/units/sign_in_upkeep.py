"""登录的保养 - codes and counts of attempts that nothing needs any more go every day."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from chuangju.kernel.duties import Duty
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.limits import forget_old_attempts
from chuangju.units.mobile_codes import forget_codes

KEPT_FOR = timedelta(days=1)


def forget_sign_in_traces(period: DutyPeriod) -> int:
    """Codes by SMS and counts of attempts of before yesterday; how many rows went."""
    before = period.at - KEPT_FOR
    return forget_codes(before=before) + forget_old_attempts(before=before)


SIGN_IN_DUTY = Duty(
    "units.sign_in_traces",
    _("清理短信验证码和限次记录"),
    "day",
    forget_sign_in_traces,
    catches_up=False,
    order=930,
    is_repeatable=True,
)
