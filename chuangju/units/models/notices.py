"""Notices: the free words of a paper that no record stands behind."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangju.units.models.units import Unit


class Notice(models.Model):
    """通知: what a unit wants to say in a paper of its own; title, recipients and number belong to the paper."""

    unit = models.ForeignKey(Unit, on_delete=models.RESTRICT, related_name="+", verbose_name=_("起草单位"))
    issuer = models.CharField(_("落款"), max_length=200)
    text = models.TextField(_("正文"))
    # Counts the changes, so that a form made from older words is noticed.
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("通知")
        verbose_name_plural = _("通知")

    def __str__(self) -> str:
        return f"{self.issuer} #{self.pk}"
