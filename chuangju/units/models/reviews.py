"""That somebody looked through all accounts and what they may do."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AccessReview(models.Model):
    """权限复核: by whom, on which day, over how many accounts, and how many roles and accounts ended since the one before."""

    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("复核人")
    )
    reviewed_on = models.DateField(_("复核日期"), unique=True)
    reviewed_at = models.DateTimeField(_("复核时间"))
    accounts = models.PositiveIntegerField(_("账号数"))
    roles = models.PositiveIntegerField(_("任职数"))
    flagged = models.PositiveIntegerField(_("有提示的账号数"))
    ended = models.PositiveIntegerField(_("收回的角色和账号数"))
    note = models.CharField(_("复核意见"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("权限复核")
        verbose_name_plural = _("权限复核")
        ordering = ("-reviewed_on",)

    def __str__(self) -> str:
        return f"权限复核（{self.reviewed_on.isoformat()}）"
