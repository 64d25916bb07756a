"""创业者账号 - the account somebody makes for themselves at their first sign-in, with a mobile that they showed is theirs.

Or that a clerk makes for them at the counter, who has seen who they are.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event
from chuangju.kernel.locks import take_locks
from chuangju.kernel.mobiles import normal_mobile, set_mobile, user_with_mobile
from chuangju.kernel.models import User
from chuangju.kernel.outbox import notify
from chuangju.units.access import is_staff_member
from chuangju.units.accounts import USERNAMES_LOCK, AccountRefused
from chuangju.units.assignments import grant_role
from chuangju.units.mobile_codes import vouched_mobile
from chuangju.units.models import MobileCode, Role

# Changes with the words of the privacy notice (templates/units/privacy_notice.html); kept with each consent.
PRIVACY_NOTICE_VERSION = "2026-07"
_SIGNS = "abcdefghijkmnpqrstuvwxyz23456789"
_NAME_LENGTH = 64


def account_of_code(code: MobileCode, *, at: datetime) -> User | None:
    """The account of the number that a code vouches for, None where there is none yet; raises CodeRefused."""
    return user_with_mobile(vouched_mobile(code, purpose=MobileCode.Purpose.SIGN_IN, at=at))


def check_may_use_codes(user: User, *, at: datetime) -> None:
    """Raise AccountRefused for accounts that an SMS alone does not open: disabled ones, and those of staff.

    Said only to whoever holds the telephone in their hands.
    """
    if not user.is_active:
        raise AccountRefused(_("这个账号已停用，请联系系统管理员"))
    if is_staff_member(user, timezone.localdate(at)):
        raise AccountRefused(_("这是工作人员账号，请用登录名和密码登录"))


@transaction.atomic
def create_founder(code: MobileCode, *, name: str, has_consented: bool, at: datetime) -> User:
    """An entrepreneur's account for the number that a code vouches for; the existing one where two tabs ask at once.

    Raises AccountRefused without a name or consent to the privacy notice, and CodeRefused when the code is too old.
    """
    name = _checked_name(name)
    if not has_consented:
        raise AccountRefused(_("请阅读并同意个人信息保护说明，再开通账号"))
    mobile = vouched_mobile(code, purpose=MobileCode.Purpose.SIGN_IN, at=at)
    take_locks("kernel.mobiles", USERNAMES_LOCK)
    return user_with_mobile(mobile) or _new_founder(name, mobile, by=None, at=at)


@transaction.atomic
def founder_at_counter(*, name: str, mobile: str, has_consented: bool, by: User, at: datetime) -> User:
    """The account of somebody who stands at the counter, made by the clerk where the number has none yet.

    Raises AccountRefused without a name or the person's consent, for a number of somebody else's, of staff and of closed
    accounts; MobileRefused for what is no number.
    """
    name = _checked_name(name)
    if not has_consented:
        raise AccountRefused(_("请本人阅读并同意个人信息保护说明，再登记"))
    number = normal_mobile(mobile)
    take_locks("kernel.mobiles", USERNAMES_LOCK)
    existing = user_with_mobile(number)
    if existing is None:
        return _new_founder(name, number, by=by, at=at)
    if existing.pk == by.pk:
        raise AccountRefused(_("不能为自己登记"))
    if not existing.is_active or is_staff_member(existing, timezone.localdate(at)) or existing.name != name:
        raise AccountRefused(_("该手机号已用于其他账号，请核对姓名和号码"))
    return existing


def _checked_name(name: str) -> str:
    even = " ".join(name.split())
    if not even or len(even) > _NAME_LENGTH:
        raise AccountRefused(_("请填写姓名，最多 64 个字"))
    return even


def _new_founder(name: str, mobile: str, *, by: User | None, at: datetime) -> User:
    """The account with its role; made by its owner where nobody else is named."""
    user = User(username=_free_username(), name=name, is_demo=by is not None and by.is_demo)
    user.set_unusable_password()
    user.save()
    set_mobile(user, mobile=mobile, by=by or user, at=at)
    fields = {"username": user.username, "name": user.name, "privacy_notice": PRIVACY_NOTICE_VERSION}
    record_event("units.founder_registered", user, by=by or user, at=at, after=fields)
    grant_role(user, role=Role.ENTREPRENEUR, starts_on=timezone.localdate(at), by=None, at=at)
    notify(user, "units.welcome", user, at=at, address=reverse("units:message_preferences"))
    return user


def _free_username() -> str:
    """A sign-in name that nobody has; founders never need it, the audit log does."""
    while True:
        username = "u-" + "".join(secrets.choice(_SIGNS) for _place in range(10))
        if not User.objects.filter(username=username).exists():
            return username
