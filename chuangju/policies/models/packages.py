"""政策包: numbered clauses issued together, each carried out by a policy and a unit; the text is imported."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.languages import reads_english
from chuangju.policies.models.sources import Citation
from chuangju.units.models import Unit


class PolicyPackage(Citation):
    """政策包: as issued, for example 「21条新政」; a new import takes the place of an old one."""

    class State(models.TextChoices):
        """In force, or replaced by a newer import."""

        CURRENT = "current", _("现行")
        SUPERSEDED = "superseded", _("已被替代")

    title = models.CharField(_("政策包名称"), max_length=200)
    title_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    issued_on = models.DateField(_("印发日期"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.CURRENT)
    # Placeholders for a demo, not a document that anybody issued.
    is_sample = models.BooleanField(_("示例"), default=False)
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.RESTRICT, related_name="replacements", verbose_name=_("替代")
    )
    file_name = models.CharField(_("文件名"), max_length=200, blank=True)
    file_sha256 = models.CharField(_("校验值"), max_length=64, blank=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("导入人")
    )
    imported_at = models.DateTimeField(_("导入时间"))

    class Meta:
        verbose_name = _("政策包")
        verbose_name_plural = _("政策包")
        ordering = ("state", "-issued_on", "-pk")

    def __str__(self) -> str:
        return self.title

    @property
    def shown_title(self) -> str:
        """The title in the reader's language."""
        return (self.title_en if reads_english() else "") or self.title


class PackageClause(models.Model):
    """政策条款: one numbered clause; whether it has landed follows from the policy it is tied to."""

    package = models.ForeignKey(
        PolicyPackage, on_delete=models.RESTRICT, related_name="clauses", verbose_name=_("政策包")
    )
    number = models.PositiveIntegerField(_("条款编号"))
    chapter = models.CharField(_("所属章节"), max_length=100, blank=True)
    heading = models.CharField(_("条款标题"), max_length=200)
    text = models.TextField(_("条款正文"), max_length=5000, blank=True)
    unit = models.ForeignKey(
        Unit,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="package_clauses",
        verbose_name=_("责任单位"),
    )
    unit_printed = models.CharField(_("责任单位原文"), max_length=200, blank=True)
    policy_id = models.CharField(_("政策编号"), max_length=80, blank=True)
    note = models.CharField(_("落实说明"), max_length=500, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("政策条款")
        verbose_name_plural = _("政策条款")
        ordering = ("package", "number")
        indexes = (models.Index(fields=("policy_id",)),)
        constraints = (models.UniqueConstraint(fields=("package", "number"), name="package_clause_number_once"),)

    def __str__(self) -> str:
        return f"{self.number}. {self.heading}"


class PackageImport(models.Model):
    """政策包导入: a file on its way: read, previewed, confirmed or given up."""

    class State(models.TextChoices):
        """Waiting for somebody to confirm it, or over."""

        READY = "ready", _("待确认")
        CONFIRMED = "confirmed", _("已确认")
        DISCARDED = "discarded", _("已放弃")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.READY)
    file_name = models.CharField(_("文件名"), max_length=200)
    file_sha256 = models.CharField(_("校验值"), max_length=64)
    # What was read (policies.clause_reader): title, clauses, faults, each with its line.
    content = models.JSONField(_("读到的内容"), default=dict)
    package = models.ForeignKey(
        PolicyPackage,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="imports",
        verbose_name=_("政策包"),
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("上传人")
    )
    uploaded_at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = _("政策包导入")
        verbose_name_plural = _("政策包导入")
        ordering = ("-uploaded_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(package__isnull=False), name="package_import_confirmed_has_package"
            ),
        )

    def __str__(self) -> str:
        return self.file_name
