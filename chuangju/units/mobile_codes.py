"""短信验证码 - six digits sent to a mobile: five minutes, five tries, used once, and not too many an hour.

Whoever asks for a code gets the same answer whether or not the number belongs to an account. Limits are counted in
transactions of their own, so that a refusal never takes back what it is the answer to.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from chuangju.kernel.encryption import keyed_hash, keyed_hashes
from chuangju.kernel.limits import Limit, take_attempt
from chuangju.kernel.locks import take_locks
from chuangju.kernel.mobiles import normal_mobile
from chuangju.kernel.outbox import notify_mobile
from chuangju.kernel.refusals import Refused
from chuangju.units.models import MobileCode

DIGITS = 6
VALID_FOR = timedelta(minutes=5)
RESEND_AFTER = timedelta(seconds=60)
TRIES = 5
# How long a code that was entered rightly goes on vouching for its number: time to give a name.
VOUCHES_FOR = timedelta(minutes=15)
TO_A_NUMBER = Limit("mobile_code.number", 5, timedelta(hours=1))
# A school or a public hall is one address to us.
FROM_AN_ADDRESS = Limit("mobile_code.address", 30, timedelta(hours=1))
TEMPLATE = "units.mobile_code"


class CodeRefused(Refused):
    """A code that is not sent, or not accepted."""


def send_code(
    mobile: str, *, purpose: MobileCode.Purpose, address: str, at: datetime, language: str = ""
) -> MobileCode:
    """Send a new code to a number, whoever's it is.

    Raises MobileRefused for what is no number, and CodeRefused when the last code is younger than a minute or the hour's
    codes of the number or the address (of the browser that asks) are used up.
    """
    number = normal_mobile(mobile)
    wait = seconds_until_resend(number, purpose=purpose, at=at)
    if wait:
        raise CodeRefused(_("验证码已发送，请 %(seconds)s 秒后再重新获取") % {"seconds": wait})
    if not take_attempt(FROM_AN_ADDRESS, address, at=at) or not take_attempt(TO_A_NUMBER, number, at=at):
        raise CodeRefused(_("获取验证码次数过多，请一小时后再试"))
    return _send(number, purpose=purpose, at=at, language=language)


@transaction.atomic
def _send(number: str, *, purpose: MobileCode.Purpose, at: datetime, language: str) -> MobileCode:
    # Two taps at once send one code: the second finds the first.
    take_locks("units.mobile_codes")
    wait = seconds_until_resend(number, purpose=purpose, at=at)
    if wait:
        raise CodeRefused(_("验证码已发送，请 %(seconds)s 秒后再重新获取") % {"seconds": wait})
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    code = MobileCode(purpose=purpose, mobile=number, sent_at=at, expires_at=at + VALID_FOR)
    code.code_hash = _hash(number, digits, purpose)
    code.save()
    minutes = VALID_FOR // timedelta(minutes=1)
    notify_mobile(number, TEMPLATE, at=at, values={"code": digits, "minutes": minutes}, language=language)
    return code


def seconds_until_resend(mobile: str, *, purpose: MobileCode.Purpose, at: datetime) -> int:
    """How long to wait before the number may be sent another code; 0 where it may be now."""
    hashes = keyed_hashes(normal_mobile(mobile), purpose="mobile")
    sent = MobileCode.objects.filter(mobile_hash__in=hashes, purpose=purpose, sent_at__gt=at - RESEND_AFTER)
    recent = sent.order_by("-sent_at").first()
    if recent is None:
        return 0
    return max(int((recent.sent_at + RESEND_AFTER - at).total_seconds()), 1)


def check_code(code: MobileCode, typed: str, *, at: datetime) -> None:
    """Accept the typed digits, once; raises CodeRefused, after which the try has been counted."""
    with transaction.atomic(durable=True):
        fresh = MobileCode.objects.select_for_update().get(pk=code.pk)
        refusal = _find_refusal(fresh, typed, at)
    if refusal:
        raise CodeRefused(refusal)
    code.used_at, code.tries = fresh.used_at, fresh.tries


def _find_refusal(code: MobileCode, typed: str, at: datetime) -> str:
    """Why the digits are not accepted; counts the try, or the use."""
    if code.used_at is not None or at >= code.expires_at or code.tries >= TRIES:
        return _("验证码已失效，请重新获取")
    code.tries += 1
    digits = "".join(sign for sign in typed if sign.isdecimal())
    is_right = hmac.compare_digest(code.code_hash, _hash(code.mobile, digits, code.purpose))
    if is_right:
        code.used_at = at
    code.save(update_fields=["tries", "used_at"])
    if is_right:
        return ""
    left = TRIES - code.tries
    if not left:
        return _("验证码不正确，次数已用完，请重新获取")
    return _("验证码不正确，还可以再试 %(count)s 次") % {"count": left}


def vouched_mobile(code: MobileCode, *, purpose: MobileCode.Purpose, at: datetime) -> str:
    """The number that a code vouches for; raises CodeRefused where it was not entered, or too long ago."""
    if code.purpose != purpose or code.used_at is None or at - code.used_at > VOUCHES_FOR:
        raise CodeRefused(_("手机号验证已超时，请重新获取验证码"))
    return str(code.mobile)


def find_code(pk: int, *, purpose: MobileCode.Purpose) -> MobileCode | None:
    """The code that a session remembers."""
    return MobileCode.objects.filter(pk=pk, purpose=purpose).first()


def forget_codes(*, before: datetime) -> int:
    """Remove codes sent before a moment; they vouch for nothing any more."""
    gone, _kinds = MobileCode.objects.filter(sent_at__lt=before).delete()
    return gone


def _hash(number: str, digits: str, purpose: str) -> str:
    return keyed_hash(f"{number} {digits}", purpose=f"mobile_code:{purpose}")
