"""Versions of the table, the uploads they come from, and the snapshots kept for the record."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class TableVersion(models.Model):
    """分解表版本: the table as issued once; the newest is in force, earlier ones are superseded."""

    class State(models.TextChoices):
        """Exactly one version is current."""

        CURRENT = "current", _("现行")
        SUPERSEDED = "superseded", _("已被替代")

    number = models.PositiveIntegerField(_("版本号"), unique=True)
    title = models.CharField(_("标题"), max_length=200)
    name = models.CharField(_("版本名称"), max_length=100, blank=True)
    effective_from = models.DateField(_("起用日期"))
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.CURRENT)
    # How the file was laid out, so that exports come out the same: {"headings": [...], "columns": [[key, header], ...]}
    layout = models.JSONField(default=dict, verbose_name=_("版式"))
    file_name = models.CharField(_("来源文件"), max_length=200)
    file_sha256 = models.CharField(max_length=64, verbose_name=_("来源文件校验值"))
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("导入人")
    )
    imported_at = models.DateTimeField(_("导入时间"))

    class Meta:
        verbose_name = _("分解表版本")
        verbose_name_plural = _("分解表版本")
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("state",), condition=Q(state="current"), name="one_current_table_version"),
        )

    def __str__(self) -> str:
        return self.name or self.title

    @property
    def is_current(self) -> bool:
        """Whether this is the version in force."""
        return self.state == self.State.CURRENT


class Snapshot(models.Model):
    """存档: a version with its milestones and lights as they stood at one moment, kept with its hash."""

    version = models.ForeignKey(TableVersion, on_delete=models.RESTRICT, related_name="snapshots")
    reason = models.CharField(_("存档原因"), max_length=200)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64, verbose_name=_("校验值"))
    # The month that was frozen at its end ("2026-06"); empty for what somebody kept by hand, and nobody took those.
    month = models.CharField(_("冻结月份"), max_length=7, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("存档人"),
    )
    taken_at = models.DateTimeField(_("存档时间"))

    class Meta:
        verbose_name = _("存档")
        verbose_name_plural = _("存档")
        ordering = ("-taken_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("month",), condition=~Q(month=""), name="one_snapshot_for_each_month"),
            models.CheckConstraint(
                condition=Q(taken_by__isnull=False) | ~Q(month=""), name="snapshot_by_hand_says_by_whom"
            ),
        )

    def __str__(self) -> str:
        return f"{self.version} {timezone.localtime(self.taken_at):%Y-%m-%d %H:%M}"


class TableImport(models.Model):
    """导入: one uploaded file on its way to a version; nothing of it is in force until confirmed."""

    class State(models.TextChoices):
        """From upload to the living table, or to a sentence that says why not."""

        READING = "reading", _("正在读取")
        READY = "ready", _("待确认")
        FAILED = "failed", _("读取失败")
        CONFIRMED = "confirmed", _("已确认")
        DISCARDED = "discarded", _("已放弃")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.READING)
    file_name = models.CharField(_("文件名"), max_length=200)
    file_sha256 = models.CharField(max_length=64, verbose_name=_("来源文件校验值"))
    # What was read (programme.table.ReadTable.as_dict()), and the sentence when it could not be read.
    content = models.JSONField(null=True, blank=True)
    problem = models.TextField(_("问题"), blank=True)
    # The refusal's code and parameters, so that the sentence can be said in the reader's language.
    problem_code = models.CharField(max_length=40, blank=True)
    problem_params = models.JSONField(default=dict, blank=True)
    rows_read = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("上传人")
    )
    uploaded_at = models.DateTimeField(_("上传时间"))
    version = models.OneToOneField(
        TableVersion, null=True, blank=True, on_delete=models.RESTRICT, related_name="source_import"
    )

    class Meta:
        verbose_name = _("导入")
        verbose_name_plural = _("导入")
        ordering = ("-uploaded_at",)

    def __str__(self) -> str:
        return self.file_name
