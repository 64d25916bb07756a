"""账号 - how somebody gets an account, loses it, and comes by a new password.

The system administrator creates and disables accounts but grants no role; what an account may do is the security
administrator's business (assignments.py). `by=None` is the installation itself: set-up commands and demo data.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import date, datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event
from chuangju.kernel.limits import Limit, forget_attempts, take_attempt
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.kernel.sessions import end_sessions
from chuangju.units.access import has_role, is_administrator
from chuangju.units.models import Invitation, Role, RoleAssignment

# Whoever takes an administrator away holds this, so that two such changes never remove the last two at once.
ADMINISTRATION_LOCK = "units.administration"
# Two accounts of one name are refused with a sentence, also when they are made in the same moment.
USERNAMES_LOCK = "units.usernames"
# Asking again for the password of whoever is signed in.
PASSWORD_TRIES = Limit("present_password", 5, timedelta(minutes=15))
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
# No characters that are taken for one another when read from a slip of paper.
_LEGIBLE = "abcdefghijkmnpqrstuvwxyz23456789"


class AccountRefused(Refused):
    """An account, or a change to one, that is not accepted."""


def username_as_stored(text: str) -> str:
    """A sign-in name as it is kept and compared: width and case do not count."""
    return unicodedata.normalize("NFKC", text).replace("\x00", "").strip().lower()


def is_username(text: str) -> bool:
    """Whether a text, as it is kept, can be a sign-in name."""
    return _USERNAME.fullmatch(text) is not None


def temporary_password() -> str:
    """A password to be read out once and changed at the first sign-in: 16 legible characters in groups."""
    groups = ("".join(secrets.choice(_LEGIBLE) for _place in range(4)) for _group in range(4))
    return "-".join(groups)


@transaction.atomic
def create_account(
    *, username: str, name: str, email: str = "", is_demo: bool = False, by: User | None, at: datetime
) -> tuple[User, str]:
    """A new account without any role, and its temporary password, which is shown this once."""
    _check_system_administrator(by, at)
    take_locks(USERNAMES_LOCK)
    username, name, email = username_as_stored(username), name.strip(), email.strip()
    if not is_username(username):
        raise AccountRefused(_("登录名须为 2 至 64 个小写字母、数字、点、横线或下划线，以字母或数字开头"))
    if not name:
        raise AccountRefused(_("请填写姓名"))
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise AccountRefused(_("电子邮箱的写法不对，例如 name@example.com")) from None
    promised = Invitation.objects.filter(username=username, state=Invitation.State.WAITING)
    if User.objects.filter(username=username).exists() or promised.exists():
        raise AccountRefused(_("登录名“%(username)s”已被使用") % {"username": username})
    password = temporary_password()
    user = User(username=username, name=name, email=email, is_demo=is_demo, must_change_password=True)
    user.set_password(password)
    user.save()
    record_event("units.account_created", user, by=by, at=at, after=_public_fields(user))
    return user, password


@transaction.atomic
def disable_account(user: User, *, by: User | None, at: datetime, reason: str = "") -> None:
    """The account can no longer sign in, and whoever is signed in with it is out at once."""
    _check_system_administrator(by, at)
    take_locks(ADMINISTRATION_LOCK)
    user = User.objects.select_for_update().get(pk=user.pk)
    if by is not None and by.pk == user.pk:
        raise AccountRefused(_("不能停用自己的账号"))
    if not user.is_active:
        raise AccountRefused(_("该账号已停用"))
    _check_not_last(user, at)
    before = _public_fields(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user, at=at)
    record_event("units.account_disabled", user, by=by, at=at, before=before, after=_public_fields(user), reason=reason)


@transaction.atomic
def enable_account(user: User, *, by: User | None, at: datetime, reason: str = "") -> None:
    """The account can sign in again, with the roles whose days have not passed."""
    _check_system_administrator(by, at)
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_active:
        raise AccountRefused(_("该账号未停用"))
    before = _public_fields(user)
    user.is_active = True
    user.save(update_fields=["is_active"])
    record_event("units.account_enabled", user, by=by, at=at, before=before, after=_public_fields(user), reason=reason)


@transaction.atomic
def reset_password(user: User, *, by: User | None, at: datetime) -> str:
    """A new temporary password, shown this once; open sessions of the account end.

    Raises AccountRefused for one's own account, and for an administrator's, which takes two (resets.py).
    """
    _check_system_administrator(by, at)
    if by is not None and by.pk == user.pk:
        raise AccountRefused(_("自己的密码请在“我的账号”中修改"))
    if by is not None and is_administrator(user, timezone.localdate(at)):
        raise AccountRefused(_("三员账号的重置须由两人办理，请提出重置申请"))
    return give_temporary_password(user, by=by, at=at)


def give_temporary_password(user: User, *, by: User | None, at: datetime, agreed_by: User | None = None) -> str:
    """A new temporary password, for whoever has checked that it may be given; in the caller's transaction."""
    user = User.objects.select_for_update().get(pk=user.pk)
    password = temporary_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    end_sessions(user, at=at)
    record_event("units.password_reset", user, by=by, at=at, about=agreed_by)
    return password


@transaction.atomic
def change_password(user: User, *, present: str, new: str, at: datetime) -> None:
    """One's own password, by whoever knows the present one; sessions elsewhere end."""
    stored = User.objects.select_for_update().get(pk=user.pk)
    if not stored.check_password(present):
        raise AccountRefused(_("现密码不正确"))
    if present == new:
        raise AccountRefused(_("新密码不能与现密码相同"))
    try:
        validate_password(new, stored)
    except ValidationError as problem:
        raise AccountRefused(" ".join(problem.messages)) from None
    stored.set_password(new)
    stored.must_change_password = False
    stored.save(update_fields=["password", "must_change_password"])
    # The caller's object signs the session anew, so it must know the new password's hash.
    user.password, user.must_change_password = stored.password, False
    record_event("units.password_changed", stored, by=stored, at=at)


def check_present_password(user: User, typed: str, *, at: datetime) -> None:
    """Whether somebody who is signed in knows the password; raises AccountRefused, and counts the try."""
    if not take_attempt(PASSWORD_TRIES, user.pk, at=at):
        raise AccountRefused(_("密码错误次数过多，请 15 分钟后再试"))
    if not user.check_password(typed):
        raise AccountRefused(_("密码不正确"))
    forget_attempts(PASSWORD_TRIES, user.pk)


def remains_held(role: str, *, on: date, without: Q) -> bool:
    """Whether an account that can sign in still holds the role on a day, leaving some assignments aside."""
    others = RoleAssignment.objects.filter(role=role, user__is_active=True).exclude(without)
    return any(one.holds_on(on) for one in others)


def _check_not_last(user: User, at: datetime) -> None:
    """Refuse to disable the last account that can grant roles or create accounts."""
    today = timezone.localdate(at)
    for role in (Role.SECURITY_ADMINISTRATOR, Role.SYSTEM_ADMINISTRATOR):
        if has_role(user, role, on=today) and not remains_held(role, on=today, without=Q(user=user)):
            raise AccountRefused(_("这是最后一名%(role)s，请先任命继任者") % {"role": role.label})


def _check_system_administrator(by: User | None, at: datetime) -> None:
    if by is not None and not has_role(by, Role.SYSTEM_ADMINISTRATOR, on=timezone.localdate(at)):
        raise AccountRefused(_("只有系统管理员可以维护账号"))


def _public_fields(user: User) -> dict[str, object]:
    """What the audit log keeps of an account: never its password, not even as a hash."""
    return {
        "username": user.username,
        "name": user.name,
        "email": user.email,
        "is_active": user.is_active,
        "is_demo": user.is_demo,
    }
