"""What the lists of invitations and of proposed roles show."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangju.kernel.masking import mask_mobile
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.ui.signs import Sign
from chuangju.units.models import Invitation, Role, RoleProposal

_SIGNS = {
    Invitation.State.WAITING: "soon",
    Invitation.State.ACCEPTED: "done",
    Invitation.State.REVOKED: "flat",
    Invitation.State.LAPSED: "flat",
    RoleProposal.State.PENDING: "soon",
    RoleProposal.State.GRANTED: "done",
    RoleProposal.State.DECLINED: "flat",
}


def invitations_with_roles(invitations: QuerySet[Invitation]) -> QuerySet[Any]:
    """The invitations with whatever their line says: two queries."""
    return invitations.select_related("unit", "invited_by", "user").prefetch_related("proposals")


def invitation_listing(at: datetime) -> Listing:
    """Invitations, the newest first."""
    return Listing(
        key="invitations",
        title=gettext_lazy("邀请"),
        columns=(
            Column("name", gettext_lazy("姓名"), lambda one: one.name, sort="name"),
            Column("username", gettext_lazy("登录名"), lambda one: one.username, sort="username"),
            Column("unit", gettext_lazy("单位"), lambda one: one.unit and one.unit.shown_name, sort="unit__position"),
            Column("reach", gettext_lazy("联系方式"), _reach),
            Column(
                "roles", gettext_lazy("建议角色"), lambda one: [each.get_role_display() for each in one.proposals.all()]
            ),
            Column("by", gettext_lazy("邀请人"), lambda one: one.invited_by and one.invited_by.name),
            Column("expires", gettext_lazy("有效期至"), lambda one: one.expires_at, sort="expires_at", css="short"),
            Column("state", gettext_lazy("状态"), lambda one: invitation_sign(one, at), sort="state", css="short"),
            Column(
                "act",
                gettext_lazy("操作"),
                lambda one: one.get_state_display(),
                template="units/cells/invitation_actions.html",
                css="short",
            ),
        ),
        filters=(
            Filter(
                "state",
                gettext_lazy("状态"),
                lambda: Invitation.State.choices,
                lambda rows, state: _by_state(rows, state, at),
            ),
        ),
        search=lambda rows, text: rows.filter(
            Q(name__icontains=text) | Q(username__icontains=text) | Q(email__icontains=text)
        ),
        search_label=gettext_lazy("搜索姓名、登录名、邮箱"),
        default_sort="-invited_at,-pk",
        empty_title=gettext_lazy("还没有邀请"),
        empty_hint=gettext_lazy("邀请后，本人通过链接设置密码即开通账号；角色由安全保密管理员审定。"),
    )


def _reach(invitation: Invitation) -> list[str]:
    """Where the link went, the number masked."""
    return [part for part in (invitation.email, mask_mobile(invitation.mobile) if invitation.mobile else "") if part]


def invitation_sign(invitation: Invitation, at: datetime) -> Sign:
    """How far it is; one whose days are over counts as lapsed before the nightly duty says so."""
    state = Invitation.State(invitation.state)
    if state == Invitation.State.WAITING and not invitation.is_open_at(at):
        state = Invitation.State.LAPSED
    return Sign(_SIGNS[state], str(state.label))


def _by_state(rows: QuerySet[Any], state: str, at: datetime) -> QuerySet[Any]:
    over = Q(state=Invitation.State.WAITING, expires_at__lte=at)
    if state == Invitation.State.LAPSED:
        return rows.filter(Q(state=state) | over)
    return rows.filter(state=state).exclude(over)


def proposals_with_people(proposals: QuerySet[RoleProposal]) -> QuerySet[Any]:
    """The proposals with whatever their line says."""
    return proposals.select_related("invitation__user", "invitation__invited_by", "unit", "decided_by")


def proposal_listing() -> Listing:
    """Proposed roles, those to be decided first."""
    return Listing(
        key="proposals",
        title=gettext_lazy("角色建议"),
        columns=(
            Column("name", gettext_lazy("姓名"), lambda one: one.invitation.name, sort="invitation__name"),
            Column("role", gettext_lazy("角色"), lambda one: one.get_role_display(), sort="role"),
            Column("unit", gettext_lazy("单位"), lambda one: one.unit and one.unit.shown_name, sort="unit__position"),
            Column(
                "by", gettext_lazy("建议人"), lambda one: one.invitation.invited_by and one.invitation.invited_by.name
            ),
            Column("account", gettext_lazy("账号"), account_sign, css="short"),
            Column(
                "state", gettext_lazy("状态"), lambda one: Sign(_SIGNS[one.state], one.get_state_display()), css="short"
            ),
            Column("reason", gettext_lazy("原因"), lambda one: one.reason),
            Column(
                "act",
                gettext_lazy("操作"),
                lambda one: one.decided_by and one.decided_by.name,
                template="units/cells/proposal_actions.html",
                css="short",
            ),
        ),
        filters=(
            Filter(
                "state",
                gettext_lazy("状态"),
                lambda: RoleProposal.State.choices,
                lambda rows, state: rows.filter(state=state),
            ),
            Filter("role", gettext_lazy("角色"), lambda: Role.choices, lambda rows, role: rows.filter(role=role)),
        ),
        search=lambda rows, text: rows.filter(invitation__name__icontains=text),
        search_label=gettext_lazy("搜索姓名"),
        default_sort="-state,pk",
        empty_title=gettext_lazy("还没有角色建议"),
        empty_hint=gettext_lazy("系统管理员邀请人员时建议的角色，在这里审定。"),
    )


def account_sign(proposal: RoleProposal) -> Sign:
    """Whether there is an account to grant the role to."""
    return Sign("good", _("已开通")) if proposal.invitation.user_id else Sign("flat", _("尚未接受邀请"))
