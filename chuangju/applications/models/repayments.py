"""Money that came back by a decision to recover it: one row for each receipt and payment."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chuangju.applications.models.cases import Application
from chuangju.applications.models.results import Instalment


class Repayment(models.Model):
    """退回资金: what came back for one part of a grant, by which receipt; the ledger holds the entry."""

    application = models.ForeignKey(
        Application, on_delete=models.RESTRICT, related_name="repayments", verbose_name=_("追回办件")
    )
    instalment = models.ForeignKey(
        Instalment, on_delete=models.RESTRICT, related_name="repayments", verbose_name=_("拨付期次")
    )
    # Whole fen.
    amount = models.BigIntegerField(_("金额"))
    reference = models.CharField(_("缴款凭证号"), max_length=80)
    received_on = models.DateField(_("到账日期"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("登记人")
    )
    recorded_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("退回资金")
        verbose_name_plural = _("退回资金")
        ordering = ("application", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="repayment_is_more_than_nothing"),
            models.UniqueConstraint(
                fields=("application", "reference", "instalment"), name="repayment_once_per_receipt"
            ),
        )

    def __str__(self) -> str:
        return self.reference
