"""Messages to people, how each goes out over every channel, and what each person chose to be told."""

from __future__ import annotations

import json
from datetime import time
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.encryption import EncryptedTextField


class MessageTopic(models.TextChoices):
    """What a message is about; people choose by topic what reaches them outside."""

    SECURITY = "security", _("登录与账号安全")
    WORK = "work", _("工作提醒")
    CASES = "cases", _("申请与办理进度")
    TALK = "talk", _("留言往来")
    PAPERS = "papers", _("文书送达")
    SYSTEM = "system", _("系统运行")


class Message(models.Model):
    """消息: something told to one person, in their language, kept in their list; secret ones lose their text once sent."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="messages",
        verbose_name=_("接收人"),
    )
    # For somebody without an account (a code by SMS, an invitation by e-mail); otherwise empty.
    mobile = EncryptedTextField(_("手机号"), default="", blank=True)
    email = EncryptedTextField(_("电子邮箱"), default="", blank=True)
    template = models.CharField(_("模板"), max_length=80)
    topic = models.CharField(_("主题类别"), max_length=16, choices=MessageTopic)
    language = models.CharField(_("语言"), max_length=8)
    subject = models.CharField(_("标题"), max_length=200)
    body = EncryptedTextField(_("正文"), default="", blank=True)
    # What was filled in (JSON), so that the reader may read it in the other language too.
    filled = EncryptedTextField(_("填充内容"), default="", blank=True)
    about_type = models.CharField(_("对象类型"), max_length=64, blank=True)
    about_id = models.CharField(_("对象编号"), max_length=64, blank=True)
    address = models.CharField(_("办理地址"), max_length=500, blank=True)
    is_urgent = models.BooleanField(_("紧急"), default=False)
    # The same key never tells the same person twice.
    once_key = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(_("发出时间"))
    read_at = models.DateTimeField(_("已读时间"), null=True, blank=True)
    expires_at = models.DateTimeField(_("失效时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("消息")
        verbose_name_plural = _("消息")
        ordering = ("-created_at", "-id")
        indexes = (models.Index(fields=("user", "read_at")), models.Index(fields=("user", "-created_at")))
        constraints = (
            models.UniqueConstraint(fields=("user", "once_key"), condition=~Q(once_key=""), name="message_told_once"),
        )

    def __str__(self) -> str:
        return self.subject

    @property
    def values(self) -> dict[str, str | dict[str, str]]:
        """What was filled into the sentences: one text, or one for each language where they differ."""
        return dict(json.loads(self.filled)) if self.filled else {}


class Delivery(models.Model):
    """投递: one message over one channel. Its id is the gateway's key against sending twice."""

    class State(models.TextChoices):
        """Held ones wait for the morning, the digest or the next day's bundle."""

        WAITING = "waiting", _("待发送")
        HELD = "held", _("暂缓")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("发送失败")
        CANCELLED = "cancelled", _("不再发送")

    OPEN = (State.WAITING, State.HELD)

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    message = models.ForeignKey(Message, on_delete=models.RESTRICT, related_name="deliveries", verbose_name=_("消息"))
    channel = models.CharField(_("渠道"), max_length=32)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.WAITING)
    # Goes outside without content: only that there is something, and where to sign in.
    is_pointer = models.BooleanField(_("仅提示"), default=False)
    code = models.CharField(max_length=32, null=True, blank=True, unique=True)
    subject = models.CharField(_("标题"), max_length=200, blank=True)
    text = EncryptedTextField(_("内容"), default="", blank=True)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    # While somebody is sending it this is the end of their lease.
    next_try_at = models.DateTimeField(_("下次尝试"), null=True, blank=True)
    sent_at = models.DateTimeField(_("发送时间"), null=True, blank=True)
    sent_to = models.CharField(_("发往"), max_length=100, blank=True)
    receipt = models.CharField(_("网关回执"), max_length=100, blank=True)
    error = models.CharField(_("失败原因"), max_length=200, blank=True)
    # The delivery whose text carried this one along (a bundle of pointers, a digest).
    carrier = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.RESTRICT, related_name="carried", verbose_name=_("合并于")
    )

    class Meta:
        verbose_name = _("消息投递")
        verbose_name_plural = _("消息投递")
        ordering = ("message_id", "channel")
        indexes = (models.Index(fields=("state", "next_try_at")),)
        constraints = (
            models.UniqueConstraint(fields=("message", "channel"), name="delivery_once_per_channel"),
            models.CheckConstraint(
                condition=~Q(state__in=("waiting", "held")) | Q(next_try_at__isnull=False), name="delivery_open_is_due"
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="delivery_sent_has_its_moment"
            ),
        )

    def __str__(self) -> str:
        return f"{self.channel}:{self.pk}"


def evening() -> time:
    """When the quiet hours begin unless somebody chose otherwise."""
    return time(21, 0)


def morning() -> time:
    """When the quiet hours end unless somebody chose otherwise."""
    return time(8, 0)


def nothing() -> list[Any]:
    """What is muted unless somebody chose otherwise."""
    return []


class MessagePreference(models.Model):
    """消息偏好: when and over which channels somebody is told outside; their list here always has everything."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="message_preference", verbose_name=_("用户")
    )
    # The hour of the daily e-mail that bundles whatever is not urgent; without one each e-mail goes at once.
    digest_hour = models.PositiveSmallIntegerField(_("每日汇总时间"), null=True, blank=True)
    # No SMS from one to the other, across midnight too; equal times mean no quiet hours.
    quiet_from = models.TimeField(_("免打扰开始"), default=evening)
    quiet_until = models.TimeField(_("免打扰结束"), default=morning)
    # "<channel>:<topic>", for each topic that is not to come over a channel.
    muted = models.JSONField(_("不接收"), default=nothing, blank=True)

    class Meta:
        verbose_name = _("消息偏好")
        verbose_name_plural = _("消息偏好")
        constraints = (
            models.CheckConstraint(
                condition=Q(digest_hour__isnull=True) | Q(digest_hour__lte=23), name="message_digest_hour_exists"
            ),
        )

    def __str__(self) -> str:
        return str(self.user)
