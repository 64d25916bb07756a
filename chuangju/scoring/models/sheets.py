"""What is looked at, what each of it counts for, and how it is put into a number."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class ScoreSheet(models.Model):
    """评分表: the criteria of an assessment in their order; a published version never changes, a new one stands beside it."""

    class Scale(models.TextChoices):
        """How what an assessor enters becomes points."""

        POINTS = "points", _("直接打分")
        BINARY = "binary", _("是否项")
        THREE_STEP = "three_step", _("三档项")
        PIECEWISE = "piecewise", _("分段计分")
        CAPPED = "capped", _("计数计分（封顶）")
        SURVEY = "survey", _("五级评价")
        RANK = "rank", _("名次")

    class Source(models.TextChoices):
        """Where a sheet comes from."""

        FILE = "file", _("随产品提供")
        BROWSER = "browser", _("页面编制")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(_("编号"), max_length=64)
    version = models.PositiveIntegerField(_("版本"))
    title = models.CharField(_("名称"), max_length=120)
    title_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    summary = models.CharField(_("适用范围"), max_length=300, blank=True)
    # As chuangju/scoring/criteria.py reads and writes them.
    criteria: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(
        pgettext_lazy("score", "指标"), default=list
    )
    source = models.CharField(_("来源"), max_length=16, choices=Source, default=Source.BROWSER)
    # Its figures are examples, not those of any regulation.
    is_example = models.BooleanField(_("示例"), default=False)
    is_published = models.BooleanField(_("已发布"), default=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("编制人"),
    )
    made_at = models.DateTimeField(_("编制时间"))
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("评分表")
        verbose_name_plural = _("评分表")
        ordering = ("key", "-version")
        constraints = (
            models.UniqueConstraint(fields=("key", "version"), name="score_sheet_version_once"),
            models.UniqueConstraint(
                fields=("key",), condition=Q(is_published=False), name="score_sheet_one_draft_of_a_key"
            ),
            models.CheckConstraint(
                condition=Q(is_published=False, published_at__isnull=True)
                | Q(is_published=True, published_at__isnull=False),
                name="score_sheet_published_has_its_moment",
            ),
        )

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"

    @property
    def shown_title(self) -> str:
        """The title in the reader's language, where it has one."""
        return self.title_en if self.title_en and (get_language() or "").startswith("en") else self.title
