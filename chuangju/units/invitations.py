"""邀请 - how somebody gets an account by a link: invited, reminded, taken back, accepted, run out.

The system administrator says who and proposes roles; the person sets a password by the link, which makes the account;
the security administrator grants the roles or does not (三员: who makes accounts grants nothing). The link works once
and for seven days; the database keeps only its digest.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.channels import channels
from chuangju.kernel.locks import take_locks
from chuangju.kernel.message_templates import EMAIL, SMS
from chuangju.kernel.mobiles import MobileRefused, normal_mobile, set_mobile, user_with_mobile
from chuangju.kernel.models import User
from chuangju.kernel.outbox import notify, notify_email, notify_mobile
from chuangju.units.access import UNIT_ROLES, has_role
from chuangju.units.accounts import USERNAMES_LOCK
from chuangju.units.invited_names import InvitationRefused, free_username, is_taken
from chuangju.units.models import Invitation, Role, RoleAssignment, RoleProposal, Unit

LINK_DAYS = 7
_TOKEN_BYTES = 32
_LONGEST_NAME, _LONGEST_EMAIL = 64, 254

__all__ = [
    "InvitationRefused",
    "Invitee",
    "Sent",
    "accept_invitation",
    "invite",
    "lapse_invitations",
    "link_path",
    "open_invitation",
    "renew_invitation",
    "revoke_invitation",
    "token_digest",
]


@dataclass(frozen=True)
class Invitee:
    """Who is invited, for which unit, and which roles are proposed."""

    name: str
    username: str = ""
    email: str = ""
    mobile: str = ""
    unit: Unit | None = None
    roles: Sequence[str] = ()


@dataclass(frozen=True)
class Sent:
    """An invitation and the secret of its link, which exists only now."""

    invitation: Invitation
    token: str


@transaction.atomic
def invite(invitee: Invitee, *, by: User | None, at: datetime) -> Sent:
    """Send somebody a link by which they make their account; raises InvitationRefused."""
    _check_system_administrator(by, at)
    take_locks(USERNAMES_LOCK)
    name, email, mobile = _checked_person(invitee)
    _check_roles(invitee, at)
    username = free_username(invitee.username, name)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    invitation = Invitation.objects.create(
        name=name,
        username=username,
        email=email,
        mobile=mobile,
        unit=invitee.unit,
        token_digest=token_digest(token),
        invited_by=by,
        invited_at=at,
        sent_at=at,
        expires_at=at + timedelta(days=LINK_DAYS),
    )
    roles = list(dict.fromkeys(invitee.roles))
    for role in roles:
        unit = invitee.unit if role in UNIT_ROLES or role == Role.LEADER else None
        RoleProposal.objects.create(invitation=invitation, role=role, unit=unit)
    record_event(
        "units.invitation_sent",
        invitation,
        by=by,
        at=at,
        after={**_facts(invitation), "角色": roles},
        about=invitee.unit,
    )
    _send(invitation, token, at=at)
    return Sent(invitation, token)


@transaction.atomic
def renew_invitation(invitation: Invitation, *, by: User | None, at: datetime) -> Sent:
    """A new link for another seven days; the old one works no more. Raises InvitationRefused."""
    _check_system_administrator(by, at)
    take_locks(USERNAMES_LOCK)
    fresh = _locked(invitation)
    if fresh.state not in {Invitation.State.WAITING, Invitation.State.LAPSED}:
        raise InvitationRefused(_("只能重新发送待接受或已失效的邀请"))
    if is_taken(fresh.username, besides=fresh):
        raise InvitationRefused(_("登录名“%(username)s”已被使用") % {"username": fresh.username})
    before = _facts(fresh)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    fresh.state, fresh.token_digest = Invitation.State.WAITING, token_digest(token)
    fresh.sent_at, fresh.expires_at = at, at + timedelta(days=LINK_DAYS)
    fresh.save(update_fields=["state", "token_digest", "sent_at", "expires_at"])
    record_event("units.invitation_renewed", fresh, by=by, at=at, before=before, after=_facts(fresh))
    _send(fresh, token, at=at)
    return Sent(fresh, token)


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, reason: str = "", by: User | None, at: datetime) -> None:
    """The link works no more, and no account is made; raises InvitationRefused."""
    _check_system_administrator(by, at)
    fresh = _locked(invitation)
    if fresh.state not in {Invitation.State.WAITING, Invitation.State.LAPSED}:
        raise InvitationRefused(_("该邀请已被接受或撤回"))
    before = _facts(fresh)
    fresh.state = Invitation.State.REVOKED
    fresh.save(update_fields=["state"])
    _decline_open(fresh, by=by, at=at)
    record_event(
        "units.invitation_revoked", fresh, by=by, at=at, before=before, after=_facts(fresh), reason=reason.strip()
    )


@transaction.atomic
def accept_invitation(token: str, *, password: str, at: datetime) -> User:
    """The person behind the link makes their account, without any role yet; raises InvitationRefused."""
    take_locks(USERNAMES_LOCK)
    invitation = open_invitation(token, at=at, is_locked=True)
    if invitation is None:
        raise InvitationRefused(_("邀请链接无效、已使用或已失效，请联系系统管理员重新发送"))
    if User.objects.filter(username=invitation.username).exists():
        raise InvitationRefused(_("登录名“%(username)s”已被使用") % {"username": invitation.username})
    user = User(username=invitation.username, name=invitation.name, email=invitation.email)
    try:
        validate_password(password, user)
    except ValidationError as problem:
        raise InvitationRefused(" ".join(problem.messages)) from None
    user.set_password(password)
    user.save()
    if invitation.mobile:
        set_mobile(user, mobile=invitation.mobile, by=user, at=at)
    before = _facts(invitation)
    invitation.state, invitation.user, invitation.accepted_at = Invitation.State.ACCEPTED, user, at
    invitation.save(update_fields=["state", "user", "accepted_at"])
    after = {"username": user.username, "name": user.name, "email": user.email, "is_active": True}
    record_event("units.account_created", user, by=user, at=at, after=after, about=invitation)
    record_event(
        "units.invitation_accepted", invitation, by=user, at=at, before=before, after=_facts(invitation), about=user
    )
    _tell_of_account(invitation, at=at)
    return user


def open_invitation(token: str, *, at: datetime, is_locked: bool = False) -> Invitation | None:
    """The invitation behind a link that works at this moment; None for every other link."""
    rows = Invitation.objects.select_for_update(of=("self",)) if is_locked else Invitation.objects.all()
    found = rows.select_related("unit", "invited_by").filter(token_digest=token_digest(token)).first()
    return found if found is not None and found.is_open_at(at) else None


@transaction.atomic
def lapse_invitations(*, at: datetime) -> int:
    """Close the invitations whose days are over; how many. Their links have not worked since."""
    lapsed = 0
    rows = Invitation.objects.select_for_update(of=("self",)).filter(state=Invitation.State.WAITING, expires_at__lte=at)
    for invitation in rows.order_by("pk"):
        before = _facts(invitation)
        invitation.state = Invitation.State.LAPSED
        invitation.save(update_fields=["state"])
        record_event("units.invitation_lapsed", invitation, by=None, at=at, before=before, after=_facts(invitation))
        lapsed += 1
    return lapsed


def token_digest(token: str) -> str:
    """What the database keeps of a link."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def link_path(token: str) -> str:
    """Where a link leads on this site."""
    return reverse("units:invitation_accept", args=[token])


def _checked_person(invitee: Invitee) -> tuple[str, str, str]:
    """Name, e-mail and mobile as they are kept."""
    name, email, mobile = " ".join(invitee.name.split()), invitee.email.strip(), invitee.mobile.strip()
    if not name or len(name) > _LONGEST_NAME:
        raise InvitationRefused(_("请填写姓名，最多 64 个字"))
    if not email and not mobile:
        raise InvitationRefused(_("请填写电子邮箱或手机号，以便发送链接"))
    if email:
        try:
            validate_email(email)
            MaxLengthValidator(_LONGEST_EMAIL)(email)
        except ValidationError:
            raise InvitationRefused(_("电子邮箱的写法不对，例如 name@example.com")) from None
    if mobile:
        try:
            mobile = normal_mobile(mobile)
        except MobileRefused as refused:
            raise InvitationRefused(refused.sentence) from refused
        if user_with_mobile(mobile) is not None:
            raise InvitationRefused(_("该手机号已用于其他账号"))
    return name, email, mobile


def _check_roles(invitee: Invitee, at: datetime) -> None:
    for role in invitee.roles:
        if role not in Role.values:
            raise InvitationRefused(_("没有“%(role)s”这个角色") % {"role": role})
        if role in UNIT_ROLES and invitee.unit is None:
            raise InvitationRefused(_("%(role)s须指定所属单位") % {"role": Role(role).label})
    if invitee.unit is not None and not invitee.unit.exists_on(timezone.localdate(at)):
        raise InvitationRefused(_("%(unit)s已撤销，请选择承接单位") % {"unit": invitee.unit.name})


def _locked(invitation: Invitation) -> Invitation:
    return Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)


def _check_system_administrator(by: User | None, at: datetime) -> None:
    if by is not None and not has_role(by, Role.SYSTEM_ADMINISTRATOR, on=timezone.localdate(at)):
        raise InvitationRefused(_("只有系统管理员可以邀请人员"))


def _facts(invitation: Invitation) -> dict[str, object]:
    """What the log keeps: never anything of the link."""
    return {key: value for key, value in snapshot(invitation).items() if key != "token_digest"}


def _decline_open(invitation: Invitation, *, by: User | None, at: datetime) -> None:
    """What was proposed with an invitation that was taken back waits for nobody any more."""
    invitation.proposals.filter(state=RoleProposal.State.PENDING).update(
        state=RoleProposal.State.DECLINED, decided_by=by, decided_at=at, reason="邀请已撤回"
    )


def _send(invitation: Invitation, token: str, *, at: datetime) -> None:
    """By SMS and by e-mail where there is a number or an address and the installation sends any; the page shows it too."""
    values = {
        "name": invitation.name,
        "unit": lambda: invitation.unit.shown_name if invitation.unit else "",
        "days": LINK_DAYS,
        "link": settings.PUBLIC_URL + link_path(token),
    }
    if invitation.mobile and channels.get(SMS).is_ready():
        notify_mobile(invitation.mobile, "units.invited", at=at, values=values)
    if invitation.email and channels.get(EMAIL).is_ready():
        notify_email(invitation.email, "units.invited", at=at, values=values)


def _tell_of_account(invitation: Invitation, *, at: datetime) -> None:
    """Whoever grants roles hears that there is somebody to grant them to; whoever invited, that the person is in."""
    values = {"name": invitation.name, "username": invitation.username}
    if invitation.invited_by is not None:
        notify(invitation.invited_by, "units.invitation_accepted", invitation, at=at, values=values)
    if not invitation.proposals.filter(state=RoleProposal.State.PENDING).exists():
        return
    today = timezone.localdate(at)
    held = RoleAssignment.objects.held_on(today).filter(role=Role.SECURITY_ADMINISTRATOR, user__is_active=True)
    for one in held.select_related("user").order_by("pk"):
        notify(one.user, "units.roles_proposed", invitation, at=at, values=values, address="/staff/proposals/")
