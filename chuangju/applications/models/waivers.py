"""Fees that somebody did not have to pay, each with the rule that waived it: proven by record, not estimated."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.models.cases import ApplicationBundle
from chuangju.ventures.models import Party


class FeeWaiver(models.Model):
    """免收记录: one fee of one step that was not paid, and why; written when the step is entered back."""

    class Ground(models.TextChoices):
        """What freed it: a rule of a policy file, or the list of fees itself."""

        RULE = "rule", pgettext_lazy("waiver", "按政策免收")
        EXEMPT = "exempt", pgettext_lazy("waiver", "目录免征")
        SUSPENDED = "suspended", pgettext_lazy("waiver", "目录停征")
        ABOLISHED = "abolished", pgettext_lazy("waiver", "项目已取消")
        CHARGED = "charged", pgettext_lazy("waiver", "照常收取")

    bundle = models.ForeignKey(
        ApplicationBundle, on_delete=models.RESTRICT, related_name="waivers", verbose_name=_("一件事")
    )
    subject = models.ForeignKey(
        Party, null=True, blank=True, on_delete=models.RESTRICT, related_name="+", verbose_name=_("主体")
    )
    step = models.CharField(_("步骤"), max_length=64)
    fee_id = models.CharField(_("收费编号"), max_length=80)
    fee_kind = models.CharField(_("收费类别"), max_length=16)
    fee_name = models.CharField(_("收费名称"), max_length=200)
    fee_name_en = models.CharField(_("英文名称"), max_length=200, blank=True, default="")
    ground = models.CharField(_("依据种类"), max_length=16, choices=Ground)
    # The version of the policy whose rule waived it, or the document of the list.
    rule = models.CharField(_("依据"), max_length=300, blank=True, default="")
    waived_on = models.DateField(_("办理日期"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("登记人")
    )
    recorded_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("免收记录")
        verbose_name_plural = _("免收记录")
        ordering = ("bundle", "pk")
        constraints = (models.UniqueConstraint(fields=("bundle", "step", "fee_id"), name="fee_waiver_once_per_step"),)

    def __str__(self) -> str:
        return f"{self.fee_name} {self.ground}"
