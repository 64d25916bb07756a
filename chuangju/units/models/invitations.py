"""Invitations to an account, and the roles proposed with them."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.encryption import EncryptedTextField
from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.masking import mask_mobile
from chuangju.units.models.roles import Role, RoleAssignment
from chuangju.units.models.units import Unit


class Invitation(models.Model):
    """邀请: a person may make an account for themselves by a link that works once and for some days."""

    class State(models.TextChoices):
        """Waiting for the person; accepted; taken back; or run out."""

        WAITING = "waiting", _("待接受")
        ACCEPTED = "accepted", _("已接受")
        REVOKED = "revoked", _("已撤回")
        LAPSED = "lapsed", _("已失效")

    name = models.CharField(_("姓名"), max_length=64)
    username = models.CharField(_("登录名"), max_length=64)
    email = models.EmailField(_("电子邮箱"), blank=True)
    mobile = EncryptedTextField(_("手机号"), mask=mask_mobile, blank=True, default="")
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.RESTRICT, related_name="+", verbose_name=_("单位")
    )
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.WAITING)
    # Only the digest: who reads the database cannot come in by it.
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("邀请人"),
    )
    invited_at = models.DateTimeField(_("邀请时间"))
    sent_at = models.DateTimeField(_("最近发送"))
    expires_at = models.DateTimeField(_("有效期至"))
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="invitation",
        verbose_name=_("账号"),
    )
    accepted_at = models.DateTimeField(_("接受时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("邀请")
        verbose_name_plural = _("邀请")
        ordering = ("-invited_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("username",), condition=Q(state="waiting"), name="invitation_waiting_once_for_a_name"
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", user__isnull=False, accepted_at__isnull=False)
                | (~Q(state="accepted") & Q(user__isnull=True, accepted_at__isnull=True)),
                name="invitation_accepted_has_account",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def is_open_at(self, at: datetime) -> bool:
        """Whether the link works at this moment."""
        return self.state == self.State.WAITING and at < self.expires_at


class RoleProposal(models.Model):
    """角色建议: a role that somebody invited shall hold; the security administrator decides, once there is an account."""

    class State(models.TextChoices):
        """Waiting for the decision, granted, or not."""

        PENDING = "pending", _("待审定")
        GRANTED = "granted", _("已授予")
        DECLINED = "declined", _("不予授予")

    invitation = models.ForeignKey(
        Invitation, on_delete=models.RESTRICT, related_name="proposals", verbose_name=_("邀请")
    )
    role = models.CharField(_("角色"), max_length=32, choices=Role)
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.RESTRICT, related_name="+", verbose_name=_("单位")
    )
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.PENDING)
    assignment = models.ForeignKey(
        RoleAssignment, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("任职")
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )
    decided_at = models.DateTimeField(_("审定时间"), null=True, blank=True)
    reason = models.CharField(_("原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("角色建议")
        verbose_name_plural = _("角色建议")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="pending", decided_at__isnull=True)
                | (~Q(state="pending") & Q(decided_at__isnull=False)),
                name="role_proposal_decided_has_moment",
            ),
        )

    def __str__(self) -> str:
        with in_kept_language():
            return f"{self.invitation.name} {self.get_role_display()}"
