"""Codes by SMS: five minutes, five tries, once; so many an hour for a number and for an address."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from chuangju.kernel.mobiles import MobileRefused
from chuangju.kernel.models import Message
from chuangju.kernel.outbox import MessageRefused
from chuangju.units.mobile_codes import (
    CodeRefused,
    check_code,
    find_code,
    forget_codes,
    seconds_until_resend,
    send_code,
    vouched_mobile,
)
from chuangju.units.models import MobileCode
from tests.kernel.racing import errors_of, race
from tests.units.sms import code_sent_to

MOBILE = "13812345678"
SIGN_IN, CONFIRM = MobileCode.Purpose.SIGN_IN, MobileCode.Purpose.CONFIRM


def send(at: datetime, *, mobile: str = MOBILE, address: str = "10.0.0.1") -> MobileCode:
    return send_code(mobile, purpose=SIGN_IN, address=address, at=at)


@pytest.fixture(autouse=True)
def _sms(sms: None, db: None) -> None:
    """Every test here sends."""


def test_a_code_is_accepted_once_within_five_minutes(now: datetime) -> None:
    code = send(now, mobile="138 1234-5678")
    digits = code_sent_to(MOBILE)
    check_code(code, f" {digits[:3]} {digits[3:]}", at=now + timedelta(minutes=4, seconds=59))
    assert vouched_mobile(code, purpose=SIGN_IN, at=now + timedelta(minutes=10)) == MOBILE
    with pytest.raises(CodeRefused, match="失效"):
        check_code(code, digits, at=now + timedelta(minutes=5))
    other = send(now + timedelta(hours=2))
    with pytest.raises(CodeRefused, match="失效"):
        check_code(other, code_sent_to(MOBILE), at=now + timedelta(hours=2, minutes=5))


def test_after_five_tries_even_the_right_digits_are_refused(now: datetime) -> None:
    code = send(now)
    digits = code_sent_to(MOBILE)
    wrong = "000000" if digits != "000000" else "111111"
    for left in (4, 3, 2, 1):
        with pytest.raises(CodeRefused, match=f"还可以再试 {left} 次"):
            check_code(code, wrong, at=now)
    with pytest.raises(CodeRefused, match="次数已用完"):
        check_code(code, wrong, at=now)
    with pytest.raises(CodeRefused, match="失效"):
        check_code(code, digits, at=now)


def test_another_code_is_sent_after_a_minute(now: datetime) -> None:
    send(now)
    assert seconds_until_resend(MOBILE, purpose=SIGN_IN, at=now + timedelta(seconds=20)) == 40
    assert seconds_until_resend(MOBILE, purpose=CONFIRM, at=now + timedelta(seconds=20)) == 0
    with pytest.raises(CodeRefused, match="请 40 秒后"):
        send(now + timedelta(seconds=20))
    assert Message.objects.count() == 1
    send(now + timedelta(seconds=60))
    assert Message.objects.count() == 2


def test_a_number_gets_five_codes_an_hour(now: datetime) -> None:
    for minute in range(5):
        send(now + timedelta(minutes=2 * minute), address=f"10.0.0.{minute}")
    with pytest.raises(CodeRefused, match="一小时后"):
        send(now + timedelta(minutes=20))
    send(now + timedelta(hours=1, seconds=1))


def test_an_address_gets_thirty_codes_an_hour(now: datetime) -> None:
    for number in range(30):
        send(now, mobile=f"138000000{number:02}")
    with pytest.raises(CodeRefused, match="一小时后"):
        send(now, mobile="13900000000")
    send(now, mobile="13900000000", address="10.0.0.2")


def test_the_digits_lie_nowhere_but_in_the_message(now: datetime) -> None:
    code = send(now)
    digits = code_sent_to(MOBILE)
    row = str(MobileCode.objects.filter(pk=code.pk).values())
    assert digits not in row.replace(MOBILE, "")
    assert digits not in str(vars(Message.objects.get()).get("filled", ""))
    assert str(code) == "138****5678"


def test_a_code_vouches_for_its_purpose_and_a_quarter_of_an_hour(now: datetime) -> None:
    code = send(now)
    with pytest.raises(CodeRefused, match="超时"):
        vouched_mobile(code, purpose=SIGN_IN, at=now)
    check_code(code, code_sent_to(MOBILE), at=now)
    with pytest.raises(CodeRefused, match="超时"):
        vouched_mobile(code, purpose=CONFIRM, at=now)
    with pytest.raises(CodeRefused, match="超时"):
        vouched_mobile(code, purpose=SIGN_IN, at=now + timedelta(minutes=15, seconds=1))
    assert find_code(code.pk, purpose=CONFIRM) is None


def test_what_is_no_number_is_refused_and_costs_nothing(now: datetime) -> None:
    for _ in range(40):
        with pytest.raises(MobileRefused):
            send(now, mobile="12345")
    send(now)


def test_without_sms_the_refusal_says_so(now: datetime, settings: object) -> None:
    settings.SMS_URL = ""  # type: ignore[attr-defined]
    with pytest.raises(MessageRefused, match="尚未开通短信"):
        send(now)
    assert not MobileCode.objects.exists()


def test_old_codes_are_removed(now: datetime) -> None:
    send(now)
    assert forget_codes(before=now) == 0
    assert forget_codes(before=now + timedelta(days=1)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_once_send_one_code(now: datetime, settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    outcomes = race(lambda _number: send(now), 4)
    assert [type(error) for error in errors_of(outcomes)] == [CodeRefused] * 3
    assert MobileCode.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_guesses_at_once_no_more_than_five_count(now: datetime, settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    code = send(now)
    digits = code_sent_to(MOBILE)
    guesses = [f"{number:06}" for number in range(100_000, 100_008) if f"{number:06}" != digits]
    outcomes = race(lambda number: check_code(code, guesses[number], at=now), len(guesses))
    assert len(errors_of(outcomes)) == len(guesses)
    code.refresh_from_db()
    assert code.tries == 5
