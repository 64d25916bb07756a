"""邀请的登录名 - the sign-in name of somebody invited: asked for, or made of the name, and free until they come."""

from __future__ import annotations

from django.utils.translation import gettext as _

from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.units.accounts import is_username, username_as_stored
from chuangju.units.models import Invitation


class InvitationRefused(Refused):
    """An invitation that cannot be sent, changed or accepted like this."""


def suggested_username(name: str) -> str:
    """A sign-in name out of a name: 张晓芸 becomes zhangxiaoyun; empty where nothing can be made of it."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - weighs on a process that never invites

    spelt = "".join(lazy_pinyin(name.replace("·", ""))).lower()
    plain = "".join(sign for sign in spelt if sign.isascii() and sign.isalnum())
    return plain[:40] if is_username(plain[:40]) else ""


def free_username(wanted: str, name: str) -> str:
    """The sign-in name that was asked for, which must be free; else one made of the name, numbered until it is."""
    if wanted.strip():
        username = username_as_stored(wanted)
        if not is_username(username):
            raise InvitationRefused(_("登录名须为 2 至 64 个小写字母、数字、点、横线或下划线，以字母或数字开头"))
        if is_taken(username):
            raise InvitationRefused(_("登录名“%(username)s”已被使用") % {"username": username})
        return username
    base = suggested_username(name)
    if not base:
        raise InvitationRefused(_("无法由姓名生成登录名，请填写登录名"))
    username, number = base, 1
    while is_taken(username):
        number += 1
        username = f"{base}{number}"
    return username


def is_taken(username: str, *, besides: Invitation | None = None) -> bool:
    """Whether an account has the name, or somebody invited still may take it."""
    if username == "new" or User.objects.filter(username=username).exists():
        return True
    waiting = Invitation.objects.filter(username=username, state=Invitation.State.WAITING)
    return (waiting.exclude(pk=besides.pk) if besides else waiting).exists()
