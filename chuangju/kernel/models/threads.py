"""Threads of messages that belong to any one record."""

from __future__ import annotations

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.models.accounts import User


class Thread(models.Model):
    """沟通: the messages exchanged about one record; opened by the first of them."""

    owner_type = models.ForeignKey(ContentType, on_delete=models.RESTRICT, verbose_name=_("所属对象类型"))
    owner_id = models.CharField(max_length=64, verbose_name=_("所属对象编号"))
    owner = GenericForeignKey("owner_type", "owner_id")

    class Meta:
        verbose_name = _("沟通")
        verbose_name_plural = _("沟通")
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("owner_type", "owner_id"), name="thread_once_per_record"),)

    def __str__(self) -> str:
        return str(self.owner)[:200]


class ThreadMessage(models.Model):
    """留言: what somebody wrote, with files; withdrawn by its author with a reason, and kept all the same."""

    thread = models.ForeignKey(Thread, on_delete=models.RESTRICT, related_name="messages", verbose_name=_("沟通"))
    text = models.TextField(_("内容"), max_length=4000)
    by = models.ForeignKey(User, on_delete=models.RESTRICT, related_name="+", verbose_name=_("留言人"))
    at = models.DateTimeField(_("留言时间"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("撤回原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("留言")
        verbose_name_plural = _("留言")
        ordering = ("at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="thread_message_withdrawn_with_reason",
            ),
        )

    def __str__(self) -> str:
        # Not its words: the audit log would go on showing them after they were withdrawn.
        return f"#{self.pk}"


class ThreadReading(models.Model):
    """已读: how far somebody has read a thread."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="readings")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    last_read = models.ForeignKey(ThreadMessage, on_delete=models.RESTRICT, related_name="+")

    class Meta:
        verbose_name = _("已读")
        verbose_name_plural = _("已读")
        constraints = (models.UniqueConstraint(fields=("thread", "user"), name="thread_reading_once_per_user"),)

    def __str__(self) -> str:
        return f"{self.user} {self.last_read_id}"
