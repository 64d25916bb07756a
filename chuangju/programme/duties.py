"""What the programme's table does by itself: at the end of each month the version in force is kept as it stands (月末冻结)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from chuangju.kernel.duties import Duty
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.periods import Period, PeriodKind
from chuangju.programme.snapshots import freeze_month


def freeze_past_month(period: DutyPeriod) -> int:
    """On the first day of a month, keep the month that has ended; how many snapshots were taken."""
    if period.on.day != 1:
        return 0
    month = Period.containing(period.on, PeriodKind.MONTH).previous()
    return int(freeze_month(month, at=period.at) is not None)


DUTIES: tuple[Duty, ...] = (
    Duty("programme.freeze", gettext_lazy("月末冻结分解表"), "day", freeze_past_month, order=50),
)
