"""Limits: how often something was tried."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.encryption import HASH_LENGTH


class AttemptCount(models.Model):
    """限次记录: how often something was tried for a number, an account or an address since a moment."""

    purpose = models.CharField(_("事项"), max_length=40)
    # A keyed hash: neither numbers nor addresses can be read from this table.
    subject_hash = models.CharField(max_length=HASH_LENGTH)
    since = models.DateTimeField(_("起"))
    count = models.PositiveIntegerField(_("次数"), default=0)

    class Meta:
        verbose_name = _("限次记录")
        verbose_name_plural = _("限次记录")
        ordering = ("purpose", "subject_hash")
        constraints = (models.UniqueConstraint(fields=("purpose", "subject_hash"), name="attempts_counted_once"),)

    def __str__(self) -> str:
        return f"{self.purpose} {self.count}"
