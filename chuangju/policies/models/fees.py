"""收费事项: what the district says of a fee from a day on, over the list that the product brings along."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.languages import reads_english
from chuangju.policies.models.sources import Citation


class FeeEntry(Citation):
    """收费登记: how a fee stands from a day on; entered by staff it goes before the shipped list."""

    class Kind(models.TextChoices):
        """The three classes of fees."""

        REGISTRATION = "registration", _("登记类")
        LICENCE = "licence", _("证照类")
        ADMINISTRATION = "administration", _("管理类")

    class Standing(models.TextChoices):
        """Only what is still charged can be waived for somebody."""

        CHARGED = "charged", _("仍收")
        EXEMPT = "exempt", _("免征")
        SUSPENDED = "suspended", _("停征")
        ABOLISHED = "abolished", _("已取消")

    fee_id = models.CharField(_("收费编号"), max_length=80)
    kind = models.CharField(_("收费类别"), max_length=16, choices=Kind)
    name = models.CharField(_("收费名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=160, blank=True)
    standing = models.CharField(_("收费状态"), max_length=16, choices=Standing)
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("止"), null=True, blank=True)
    for_whom = models.CharField(_("适用对象"), max_length=300, blank=True)
    for_whom_en = models.CharField(_("适用对象（英文）"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("登记人"),
    )
    at = models.DateTimeField(_("登记时间"))
    withdrawn_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("撤销人"),
    )
    withdrawn_reason = models.CharField(_("撤销原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("收费登记")
        verbose_name_plural = _("收费登记")
        ordering = ("kind", "fee_id", "-starts_on", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("fee_id", "starts_on"), condition=Q(withdrawn_at__isnull=True), name="fee_entry_once_from_a_day"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="fee_entry_from_before_to"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason="")),
                name="fee_entry_withdrawn_says_why",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name in the reader's language."""
        return (self.name_en if reads_english() else "") or self.name
