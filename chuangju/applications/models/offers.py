"""A policy offered at once to everybody whom a comparison found."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangju.units.models import Unit


class OfferRun(models.Model):
    """推送批次: whom a policy was offered to without being asked, from which list, and who was left out and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    policy_id = models.CharField(_("政策编号"), max_length=80)
    policy_version = models.CharField(_("政策版本"), max_length=40)
    title = models.CharField(_("事项"), max_length=200)
    # The list that was compared, as it was called then.
    source = models.CharField(_("数据来源"), max_length=100)
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.RESTRICT, related_name="+", verbose_name=_("责任单位")
    )
    found = models.PositiveIntegerField(_("比对符合"), default=0)
    # Each a name and its reason.
    left_out = models.JSONField(_("不推送"), default=list, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("推送人"),
    )
    made_at = models.DateTimeField(_("推送时间"))
    is_demo = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("推送批次")
        verbose_name_plural = _("推送批次")
        ordering = ("-made_at", "id")

    def __str__(self) -> str:
        return self.title
