"""Where a statement comes from: who issued which document, under which number, and how sure that is."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Confidence(models.TextChoices):
    """可信程度: what is not official is always shown as such."""

    OFFICIAL = "official", _("官方来源")
    SECONDARY = "secondary", _("转载来源")
    UNVERIFIED = "unverified", _("未核实")
    SAMPLE = "sample", _("示例参数")


class Citation(models.Model):
    """What a record is cited from."""

    issuer = models.CharField(_("发文机关"), max_length=120, blank=True)
    document = models.CharField(_("文件名称"), max_length=200, blank=True)
    document_number = models.CharField(_("发文字号"), max_length=80, blank=True)
    url = models.URLField(_("官方地址"), max_length=500, blank=True)
    confidence = models.CharField(_("可信程度"), max_length=16, choices=Confidence, default=Confidence.UNVERIFIED)
    source_note = models.CharField(_("来源说明"), max_length=300, blank=True)

    class Meta:
        abstract = True
