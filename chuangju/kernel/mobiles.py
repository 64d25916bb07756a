"""手机号 - the number somebody signs in with and is told by; one number belongs to one account."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.encryption import keyed_hashes
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused

PURPOSE = "mobile"
_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})\Z")
_FILLING = re.compile(r"[\s()\u2010-\u2015-]+")


class MobileRefused(Refused):
    """The number cannot be one, or belongs to somebody else."""


def normal_mobile(text: str) -> str:
    """Eleven digits, however they were written (full width, blanks, +86); raises MobileRefused."""
    found = _MOBILE.match(_FILLING.sub("", unicodedata.normalize("NFKC", text)))
    if found is None:
        raise MobileRefused(_("手机号应为 11 位数字，请核对后再填"))
    return found[1]


def user_with_mobile(mobile: str) -> User | None:
    """The account of a number, however the number was written; None for nobody's and for what is no number."""
    try:
        number = normal_mobile(mobile)
    except MobileRefused:
        return None
    return User.objects.filter(mobile_hash__in=keyed_hashes(number, purpose=PURPOSE)).first()


@transaction.atomic
def set_mobile(user: User, *, mobile: str, by: User | None, at: datetime) -> None:
    """Give an account its number, or none for an empty one; raises MobileRefused where another account has it."""
    number = normal_mobile(mobile) if mobile.strip() else ""
    take_locks("kernel.mobiles")
    fresh = User.objects.select_for_update().get(pk=user.pk)
    if fresh.mobile == number:
        user.mobile, user.mobile_hash = fresh.mobile, fresh.mobile_hash
        return
    holder = user_with_mobile(number) if number else None
    if holder is not None and holder.pk != user.pk:
        raise MobileRefused(_("该手机号已用于其他账号"))
    before = snapshot(fresh)
    user.mobile = fresh.mobile = number
    user.save(update_fields=["mobile", "mobile_hash"])
    record_event("kernel.mobile_set", user, by=by, at=at, before=before, after=snapshot(user))
