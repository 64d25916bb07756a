"""The audit log: chains and their events."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.models.accounts import User


class AuditStream(models.Model):
    """审计链: one hash chain; its row is locked last, so writers of different streams never wait for each other."""

    name = models.CharField(max_length=64, primary_key=True)
    last_sequence = models.PositiveBigIntegerField(default=0)
    last_hash = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        verbose_name = _("审计链")
        verbose_name_plural = _("审计链")

    def __str__(self) -> str:
        return self.name


class AuditEvent(models.Model):
    """审计事件: who changed what, when and in which role; append-only and chained by hash (triggers refuse edits)."""

    stream = models.ForeignKey(AuditStream, on_delete=models.RESTRICT, related_name="events")
    sequence = models.PositiveBigIntegerField(_("序号"))
    at = models.DateTimeField(_("时间"))
    actor = models.ForeignKey(User, null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    actor_name = models.CharField(_("操作人"), max_length=128)
    role = models.CharField(_("角色"), max_length=64, blank=True)
    action = models.CharField(_("动作"), max_length=64)
    object_type = models.CharField(_("对象类型"), max_length=64)
    object_id = models.CharField(max_length=64)
    object_label = models.CharField(_("对象"), max_length=300)
    about_type = models.CharField(max_length=64, blank=True)
    about_id = models.CharField(max_length=64, blank=True)
    reason = models.TextField(_("原因"), blank=True)
    changes = models.JSONField(_("变更"), default=dict)
    digest_before = models.CharField(max_length=64, blank=True)
    digest_after = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("审计事件")
        verbose_name_plural = _("审计事件")
        ordering = ("-at", "-id")
        constraints = (models.UniqueConstraint(fields=("stream", "sequence"), name="audit_sequence_once"),)
        indexes = (
            models.Index(fields=("object_type", "object_id")),
            models.Index(fields=("about_type", "about_id")),
            models.Index(fields=("at",)),
        )

    def __str__(self) -> str:
        return f"{self.stream_id}#{self.sequence} {self.action}"
