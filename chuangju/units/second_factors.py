"""第二重验证 - what proves a person besides the password: codes of an app, passkeys, recovery codes.

Who must have one, how it is set up, checked, removed, and how the system administrator helps somebody who lost theirs.
allauth keeps the factors (`Authenticator`) and their order in a sign-in; what we add is that a code counts once in every
process, that tries are limited in the database, and that the audit log and the person hear of every change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event
from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.limits import Limit, forget_attempts, take_attempt
from chuangju.kernel.models import User
from chuangju.kernel.outbox import notify
from chuangju.kernel.refusals import Refused
from chuangju.kernel.sessions import end_sessions
from chuangju.units.access import has_role, is_administrator, is_staff_member
from chuangju.units.authenticator_apps import forget_secret, kept_secret, matching_period, only_digits
from chuangju.units.models import Role
from chuangju.units.passkeys import PasskeyRefused, check_use, name_of

Kind = Authenticator.Type
# What stands for itself; recovery codes only stand in for it.
FULL_KINDS = (Kind.TOTP, Kind.WEBAUTHN)
TRIES = Limit("second_factor", 5, timedelta(minutes=15))
# Passkeys that name no account first: counted by address, behind which a whole office may sit.
TRIES_FROM_AN_ADDRESS = Limit("second_factor.address", 30, timedelta(minutes=15))
CODES_MADE = 10
MOST_PASSKEYS = 10


class SecondFactorRefused(Refused):
    """A second factor that is not accepted, or cannot be changed like this."""


@dataclass(frozen=True)
class Factors:
    """What an account has: an app or none, its passkeys, and how many recovery codes are left."""

    app: Authenticator | None
    passkeys: list[Authenticator]
    codes_left: int

    @property
    def is_there_any(self) -> bool:
        """Whether signing in asks for a second factor."""
        return self.app is not None or bool(self.passkeys)


def factors_visible_to(user: User) -> QuerySet[Authenticator]:
    """One's own second factors."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user=user)
    return found


def factors_of(user: User) -> Factors:
    """The second factors of an account; one query."""
    found = list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))
    codes = next((one for one in found if one.type == Kind.RECOVERY_CODES), None)
    return Factors(
        app=next((one for one in found if one.type == Kind.TOTP), None),
        passkeys=[one for one in found if one.type == Kind.WEBAUTHN],
        codes_left=_codes_left(codes) if codes else 0,
    )


def has_second_factor(user: User) -> bool:
    """Whether the account has an app or a passkey."""
    return bool(Authenticator.objects.filter(user=user, type__in=FULL_KINDS).exists())


def must_have_second_factor(user: User, *, on: date) -> bool:
    """Whether the installation demands a second factor of this account: of everybody who works for the programme."""
    return bool(settings.SECOND_FACTOR_REQUIRED) and is_staff_member(user, on)


@transaction.atomic
def set_up_app(user: User, *, secret: str, code: str, at: datetime) -> Authenticator:
    """Let an authenticator app count for one's account, once it shows the right code; raises SecondFactorRefused."""
    _lock(user)
    if Authenticator.objects.filter(user=user, type=Kind.TOTP).exists():
        raise SecondFactorRefused(_("已经设置了验证器，要换一个请先移除原来的"))
    period = matching_period(secret, code, at=at)
    if period is None:
        raise SecondFactorRefused(_("验证码不正确。请核对手机时间是否准确，等下一组数字出现再试"))
    factor: Authenticator = TOTP.activate(user, secret).instance
    factor.data["last_period"] = period
    factor.save(update_fields=["data"])
    _after_adding(user, factor, at=at)
    return factor


@transaction.atomic
def add_passkey(user: User, *, name: str, credential: dict[str, Any], at: datetime) -> Authenticator:
    """Let a passkey that the browser made (passkeys.check_new) count for one's account."""
    _lock(user)
    count = Authenticator.objects.filter(user=user, type=Kind.WEBAUTHN).count()
    if count >= MOST_PASSKEYS:
        raise SecondFactorRefused(_("通行密钥最多 %(count)s 个，请先移除不用的") % {"count": MOST_PASSKEYS})
    shown = name.strip()[:40] or _("通行密钥 %(number)s") % {"number": count + 1}
    factor = Authenticator.objects.create(
        user=user, type=Kind.WEBAUTHN, data={"name": shown, "credential": credential}, created_at=at
    )
    _after_adding(user, factor, at=at)
    return factor


@transaction.atomic
def remove_factor(factor: Authenticator, *, by: User, at: datetime) -> None:
    """Remove one's own app or passkey; with the last one the recovery codes go too."""
    _lock(by)
    if factor.user_id != by.pk or factor.type not in FULL_KINDS:
        raise SecondFactorRefused(_("只能移除自己的验证方式"))
    others = Authenticator.objects.filter(user=by, type__in=FULL_KINDS).exclude(pk=factor.pk)
    if must_have_second_factor(by, on=timezone.localdate(at)) and not others.exists():
        raise SecondFactorRefused(_("工作人员须保留至少一种第二重验证，请先添加另一种"))
    label = _kept_label(factor)
    _delete(factor)
    if not others.exists():
        for codes in Authenticator.objects.filter(user=by, type=Kind.RECOVERY_CODES):
            _delete(codes)
    record_event("units.factor_removed", by, by=by, at=at, before={"factor": label})
    notify(by, "units.factor_removed", by, at=at, values={"factor": partial(factor_label, factor)})


@transaction.atomic
def renew_recovery_codes(user: User, *, at: datetime) -> None:
    """Ten new recovery codes in place of the old ones; `show_recovery_codes` gives them out once."""
    _lock(user)
    if not has_second_factor(user):
        raise SecondFactorRefused(_("请先设置验证器或通行密钥"))
    for codes in Authenticator.objects.filter(user=user, type=Kind.RECOVERY_CODES):
        _delete(codes)
    RecoveryCodes.activate(user)
    record_event("units.recovery_codes_made", user, by=user, at=at)


@transaction.atomic
def show_recovery_codes(user: User, *, at: datetime) -> list[str]:
    """The recovery codes, the first time they are asked for; none ever after."""
    _lock(user)
    codes = Authenticator.objects.filter(user=user, type=Kind.RECOVERY_CODES).first()
    if codes is None or codes.data.get("viewed_at"):
        return []
    codes.data["viewed_at"] = at.timestamp()
    codes.save(update_fields=["data"])
    return [_spaced(code) for code in RecoveryCodes(codes).generate_codes()]


def check_factor_code(user: User, typed: str, *, at: datetime) -> Authenticator:
    """The app or the recovery codes that the typed digits belong to; a code counts once.

    Raises SecondFactorRefused; the try stays counted, and after five within a quarter of an hour nothing is accepted.
    """
    use_up_try(TRIES, user.pk, at=at)
    factor = _matching_factor(user, only_digits(typed), at)
    if factor is None:
        record_factor_failure(user, at=at)
        raise SecondFactorRefused(_("验证码不正确或已用过，请等下一组数字出现再试"))
    forget_attempts(TRIES, user.pk)
    return factor


def check_passkey(user: User, credential: object, *, at: datetime) -> Authenticator:
    """The passkey of the account that answered; raises SecondFactorRefused or PasskeyRefused, and counts the try."""
    use_up_try(TRIES, user.pk, at=at)
    try:
        factor = check_use(credential, user=user)
    except PasskeyRefused:
        record_factor_failure(user, at=at)
        raise
    forget_attempts(TRIES, user.pk)
    return factor


def use_up_try(limit: Limit, subject: object, *, at: datetime) -> None:
    """Count a try of an account or of an address; raises SecondFactorRefused where none is left."""
    if not take_attempt(limit, subject, at=at):
        raise SecondFactorRefused(_("验证失败次数过多，请 15 分钟后再试"))


@transaction.atomic
def record_factor_failure(user: User | None, *, at: datetime) -> None:
    """Somebody was kept out by the second factor; None where no account was recognised."""
    record_event("units.second_factor_failed", user or User(pk=0, username="", name="未知账号"), by=None, at=at)


@transaction.atomic
def reset_factors(user: User, *, reason: str, by: User, at: datetime) -> None:
    """Remove every second factor of somebody who lost theirs; they are told, and set up a new one at their next sign-in.

    By the system administrator, with a reason, never for oneself; an administrator's account takes two (resets.py).
    """
    if not has_role(by, Role.SYSTEM_ADMINISTRATOR, on=timezone.localdate(at)):
        raise SecondFactorRefused(_("只有系统管理员可以重置第二重验证"))
    if by.pk == user.pk:
        raise SecondFactorRefused(_("不能重置自己的第二重验证，请另一位系统管理员办理"))
    if is_administrator(user, timezone.localdate(at)):
        raise SecondFactorRefused(_("三员账号的重置须由两人办理，请提出重置申请"))
    if not reason.strip():
        raise SecondFactorRefused(_("请写明原因，例如手机遗失、本人到场核实"))
    remove_all_factors(user, reason=reason.strip(), by=by, at=at)


def remove_all_factors(user: User, *, reason: str, by: User, at: datetime, agreed_by: User | None = None) -> None:
    """Every second factor goes, for whoever has checked that it may; in the caller's transaction."""
    _lock(user)
    held = list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))
    if not held:
        raise SecondFactorRefused(_("该账号没有设置第二重验证"))
    labels = [_kept_label(factor) for factor in held]
    for factor in held:
        _delete(factor)
    end_sessions(user, at=at)
    forget_attempts(TRIES, user.pk)
    record_event("units.factors_reset", user, by=by, at=at, before={"factors": labels}, about=agreed_by, reason=reason)
    notify(user, "units.factors_reset", user, at=at, values={"name": by.name, "reason": reason})


def factor_label(factor: Authenticator) -> str:
    """What a factor is called where people read of it."""
    if factor.type == Kind.TOTP:
        return _("验证器应用")
    return _("恢复码") if factor.type == Kind.RECOVERY_CODES else _("通行密钥“%(name)s”") % {"name": name_of(factor)}


def _after_adding(user: User, factor: Authenticator, *, at: datetime) -> None:
    """With the first factor come recovery codes; the log and the person are told."""
    if not Authenticator.objects.filter(user=user, type=Kind.RECOVERY_CODES).exists():
        RecoveryCodes.activate(user)
    record_event("units.factor_added", user, by=user, at=at, after={"factor": _kept_label(factor)})
    notify(user, "units.factor_added", user, at=at, values={"factor": partial(factor_label, factor)})


def _kept_label(factor: Authenticator) -> str:
    """The label in the one language of the audit log."""
    with in_kept_language():
        return factor_label(factor)


def _lock(user: User) -> None:
    """Changes to the factors of one account wait for each other."""
    User.objects.select_for_update().get(pk=user.pk)


def _delete(factor: Authenticator) -> None:
    """A factor with its secret."""
    kept = factor.data.get("secret") or factor.data.get("seed")
    if kept:
        forget_secret(kept)
    factor.delete()


@transaction.atomic
def _matching_factor(user: User, digits: str, at: datetime) -> Authenticator | None:
    for factor in Authenticator.objects.select_for_update().filter(user=user).exclude(type=Kind.WEBAUTHN):
        if factor.type == Kind.TOTP:
            period = matching_period(kept_secret(factor.data["secret"]), digits, at=at)
            if period is not None and period > factor.data.get("last_period", 0):
                factor.data["last_period"] = period
                factor.save(update_fields=["data"])
                return factor
        elif RecoveryCodes(factor).validate_code(digits):
            _tell_of_recovery(user, factor, at)
            return factor
    return None


def _tell_of_recovery(user: User, factor: Authenticator, at: datetime) -> None:
    left = _codes_left(Authenticator.objects.get(pk=factor.pk))
    record_event("units.recovery_code_used", user, by=user, at=at, after={"left": left})
    notify(user, "units.recovery_code_used", user, at=at, values={"left": left})


def _codes_left(codes: Authenticator) -> int:
    return CODES_MADE - int(codes.data["used_mask"]).bit_count()


def _spaced(code: str) -> str:
    return f"{code[:4]} {code[4:]}"
