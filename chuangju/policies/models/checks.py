"""What somebody keeps of a check: the answers under their account, a link without personal facts, a reminder of a day."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.encryption import EncryptedTextField, KeyedHashField, mask_mobile


class SavedCheck(models.Model):
    """保存的测算: answers that somebody keeps under their account, encrypted; the results are worked out anew each time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_checks", verbose_name=_("保存人")
    )
    name = models.CharField(_("名称"), max_length=80)
    answers = EncryptedTextField(_("回答"))
    saved_at = models.DateTimeField(_("保存时间"))

    class Meta:
        verbose_name = _("保存的测算")
        verbose_name_plural = _("保存的测算")
        ordering = ("-saved_at", "id")

    def __str__(self) -> str:
        return self.name


class SharedCheck(models.Model):
    """分享的测算: what of a check is about nobody in person, behind an address that cannot be guessed, for some days."""

    token = models.CharField(primary_key=True, max_length=32, editable=False)
    who = models.CharField(_("身份"), max_length=32, blank=True)
    facts = models.JSONField(_("非个人数据"))
    left_out = models.PositiveSmallIntegerField(_("未分享的项数"), default=0)
    shared_at = models.DateTimeField(_("分享时间"))
    expires_at = models.DateTimeField(_("失效时间"))

    class Meta:
        verbose_name = _("分享的测算")
        verbose_name_plural = _("分享的测算")
        ordering = ("-shared_at", "token")
        indexes = (models.Index(fields=("expires_at",), name="shared_checks_by_end"),)
        constraints = (
            models.CheckConstraint(condition=Q(expires_at__gt=F("shared_at")), name="shared_check_ends_after_it_began"),
        )

    def __str__(self) -> str:
        return f"{self.shared_at:%Y-%m-%d}"


class CheckReminder(models.Model):
    """到期提醒: somebody is told, on the day from which they would qualify, that it is time to look again."""

    class State(models.TextChoices):
        """Whether it still waits."""

        WAITING = "waiting", _("待提醒")
        SENT = "sent", _("已提醒")
        STOPPED = "stopped", _("不再提醒")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="check_reminders",
        verbose_name=_("账号"),
    )
    mobile = EncryptedTextField(_("手机号"), blank=True, default="", mask=mask_mobile)
    mobile_hash = KeyedHashField(source="mobile", purpose="mobile", blank=True, db_index=True)
    policy = models.CharField(_("政策"), max_length=80)
    due_on = models.DateField(_("提醒日期"))
    language = models.CharField(_("语言"), max_length=10, blank=True)
    # Whoever holds the link of the message stops it; it opens nothing else.
    stop_code = models.CharField(max_length=32, unique=True, editable=False)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(_("设定时间"))
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("到期提醒")
        verbose_name_plural = _("到期提醒")
        ordering = ("due_on", "id")
        indexes = (models.Index(fields=("state", "due_on"), name="check_reminders_by_day"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(user__isnull=False) | Q(mobile_hash__isnull=False), name="check_reminder_reaches_somebody"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", closed_at__isnull=True)
                | (~Q(state="waiting") & Q(closed_at__isnull=False)),
                name="check_reminder_closed_has_its_moment",
            ),
            models.UniqueConstraint(
                fields=("user", "policy"), condition=Q(state="waiting"), name="check_reminder_once_per_account"
            ),
            models.UniqueConstraint(
                fields=("mobile_hash", "policy"), condition=Q(state="waiting"), name="check_reminder_once_per_mobile"
            ),
        )

    def __str__(self) -> str:
        return f"{self.policy} {self.due_on}"
