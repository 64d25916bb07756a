"""What the tax office says of reliefs that nobody applies for: how many enjoyed them, how much; never who."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ReliefUptake(models.Model):
    """享受情况: the sum of a year for one policy, as another authority reported it; a correction is a new revision."""

    policy_id = models.CharField(_("政策编号"), max_length=80)
    year = models.PositiveSmallIntegerField(_("年度"))
    count = models.PositiveIntegerField(_("享受户数"))
    # Whole fen.
    amount = models.BigIntegerField(_("减免金额"))
    source = models.CharField(_("来源"), max_length=200)
    revision = models.PositiveIntegerField(default=1)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )
    entered_at = models.DateTimeField(_("登记时间"))
    is_demo = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("享受情况")
        verbose_name_plural = _("享受情况")
        ordering = ("-year", "policy_id")
        constraints = (
            models.UniqueConstraint(fields=("policy_id", "year"), name="relief_uptake_once_a_year"),
            models.CheckConstraint(condition=Q(amount__gte=0) & ~Q(source=""), name="relief_uptake_says_whence"),
        )

    def __str__(self) -> str:
        return f"{self.policy_id} {self.year}"
