"""城市统一身份 - which account belongs to somebody whom the city's sign-in (OpenID Connect) has recognised.

An account is known by the subject the city gives. At the first time the person confirms a mobile by SMS: the account of
that number is linked, or a founder's account made. Accounts of staff are linked only by the number that the city itself
vouches for, and only once they have a second factor; none is ever made here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event
from chuangju.kernel.encryption import keyed_hash
from chuangju.kernel.languages import reads_english
from chuangju.kernel.locks import take_locks
from chuangju.kernel.mobiles import MobileRefused, normal_mobile
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.units.access import is_staff_member
from chuangju.units.second_factors import has_second_factor

PROVIDER = "city"


class CityRefused(Refused):
    """Somebody whom the city recognised cannot come in like this."""


@dataclass(frozen=True)
class CityIdentity:
    """Whom the city recognised: its subject, and the name and number it vouches for (empty where it does not)."""

    subject: str
    name: str = ""
    mobile: str = ""


def is_city_sign_in_offered() -> bool:
    """Whether this installation is connected to the city's sign-in."""
    city = settings.CITY_SIGN_IN
    return bool(city["issuer"] and city["client_id"])


def city_label() -> str:
    """What the city's sign-in is called, in the reader's language."""
    city = settings.CITY_SIGN_IN
    return str((city["label_en"] if reads_english() else "") or city["label"])


def identity_from(claims: dict[str, object]) -> CityIdentity:
    """Whom the claims of the city describe; a number counts only where the city says that it has verified it."""
    mobile = ""
    if claims.get("phone_number_verified") is True:
        try:
            mobile = normal_mobile(str(claims.get("phone_number") or ""))
        except MobileRefused:
            mobile = ""
    return CityIdentity(subject=str(claims["sub"]), name=str(claims.get("name") or "")[:64], mobile=mobile)


def account_of_subject(subject: str) -> User | None:
    """The account that is linked with a subject of the city."""
    link = SocialAccount.objects.filter(provider=PROVIDER, uid=subject).select_related("user").first()
    return link.user if link else None


def check_may_enter(user: User) -> None:
    """Raise CityRefused for an account that was disabled."""
    if not user.is_active:
        raise CityRefused(_("这个账号已停用，请联系系统管理员"))


@transaction.atomic
def link_city_identity(user: User, identity: CityIdentity, *, at: datetime) -> None:
    """From now on the city's sign-in opens this account, whose owner has just confirmed its number; raises CityRefused."""
    check_may_enter(user)
    take_locks(f"units.city_subject:{keyed_hash(identity.subject, purpose='city')}")
    owner = account_of_subject(identity.subject)
    if owner is not None:
        if owner.pk != user.pk:
            raise CityRefused(_("该身份已关联另一个账号，请用那个账号的手机号登录"))
        return
    _check_staff(user, identity, on=timezone.localdate(at))
    if SocialAccount.objects.filter(provider=PROVIDER, user=user).exists():
        raise CityRefused(_("这个手机号的账号已关联另一个身份，请核对是否换了人使用"))
    SocialAccount.objects.create(provider=PROVIDER, uid=identity.subject, user=user, extra_data={})
    record_event("units.city_linked", user, by=user, at=at)


def _check_staff(user: User, identity: CityIdentity, *, on: date) -> None:
    """Staff: only by the number that the city vouches for, and behind a second factor where one is demanded."""
    if not is_staff_member(user, on):
        return
    if identity.mobile != user.mobile:
        raise CityRefused(_("工作人员账号不能这样关联，请用账号和密码登录"))
    if settings.SECOND_FACTOR_REQUIRED and not has_second_factor(user):
        raise CityRefused(_("请先用账号和密码登录，设置第二重验证后再使用统一身份登录"))
