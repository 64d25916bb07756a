"""The installation itself: what it holds, and which forms have taken effect."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.models.accounts import User


class IdempotencyKey(models.Model):
    """幂等键: a form sent twice with the same key and body takes effect once."""

    actor = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    body_digest = models.CharField(max_length=64)
    location = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("幂等键")
        verbose_name_plural = _("幂等键")
        constraints = (models.UniqueConstraint(fields=("actor", "key"), name="idempotency_once_per_actor"),)

    def __str__(self) -> str:
        return self.key


class Installation(models.Model):
    """安装: the one row that says whether this database holds demo data."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_demo = models.BooleanField(_("演示数据库"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    # Which reference data and demo sets are in, each with its version, so that a second start has nothing to do.
    loaded = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("安装")
        verbose_name_plural = _("安装")
        constraints = (models.CheckConstraint(condition=Q(id=1), name="installation_is_one_row"),)

    def __str__(self) -> str:
        return "demo" if self.is_demo else "production"
