"""What signing in leaves behind goes after a day; what still counts stays."""

from __future__ import annotations

from datetime import datetime, timedelta

from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.limits import Limit, take_attempt
from chuangju.kernel.models import AttemptCount
from chuangju.units.mobile_codes import send_code
from chuangju.units.models import MobileCode
from chuangju.units.sign_in_upkeep import forget_sign_in_traces


def test_codes_and_counts_of_before_yesterday_go(db: None, sms: None, now: datetime) -> None:
    for at, number in ((now - timedelta(days=2), "13812345678"), (now, "13887654321")):
        send_code(number, purpose=MobileCode.Purpose.SIGN_IN, address=f"10.0.0.{number[-1]}", at=at)
        take_attempt(Limit("test", 1, timedelta(hours=1)), number, at=at)
    period = DutyPeriod(on=now.date(), start=now, end=now, at=now)
    # One code, and the counts of its number, its address and the test.
    assert forget_sign_in_traces(period) == 4
    assert [code.mobile for code in MobileCode.objects.all()] == ["13887654321"]
    assert AttemptCount.objects.filter(since__lt=now).count() == 0
    assert forget_sign_in_traces(period) == 0
