"""What is known of a party, fact by fact, and the dated lists it stands on."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.encryption import EncryptedTextField
from chuangju.ventures.models.parties import Party


class FactQuerySet(models.QuerySet["Fact"]):
    """Questions about many facts."""

    def valid_on(self, day: date) -> FactQuerySet:
        """Values that hold on this day."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        )


class Fact(models.Model):
    """数据项: one value of a party by its key in the dictionary, with where it comes from and for how long it holds."""

    party = models.ForeignKey(Party, on_delete=models.RESTRICT, related_name="facts", verbose_name=_("主体"))
    key = models.CharField(_("数据项"), max_length=64)
    # JSON of the value as the dictionary types it; may be personal, so encrypted.
    value = EncryptedTextField(_("值"))
    source = models.CharField(_("来源"), max_length=100)
    # Checked by whoever is responsible for it; otherwise it is what somebody says of themselves.
    is_certified = models.BooleanField(_("经核实"), default=False)
    valid_from = models.DateField(_("起"), null=True, blank=True)
    # The last day.
    valid_to = models.DateField(_("止"), null=True, blank=True)
    # Somebody says that it is wrong: as long as that is open, it counts as unknown.
    is_disputed = models.BooleanField(_("有异议"), default=False)
    dispute_reason = models.CharField(_("异议理由"), max_length=200, blank=True, default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("登记人"),
    )
    recorded_at = models.DateTimeField(_("登记时间"))

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = _("数据项")
        verbose_name_plural = _("数据项")
        ordering = ("key", "valid_from", "recorded_at", "pk")
        indexes = (models.Index(fields=("party", "key", "valid_from")),)
        constraints = (
            models.CheckConstraint(condition=~Q(key="") & ~Q(source=""), name="fact_says_what_and_whence"),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="fact_from_before_to",
            ),
            models.CheckConstraint(
                condition=Q(is_disputed=False) | ~Q(dispute_reason=""), name="fact_disputed_with_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.party} - {self.key}"


class ListMembershipQuerySet(models.QuerySet["ListMembership"]):
    """Questions about many memberships."""

    def holding_on(self, day: date) -> ListMembershipQuerySet:
        """Memberships whose term includes this day."""
        return self.filter(Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gte=day))


class ListMembership(models.Model):
    """名单成员: a party stands on a dated list (recognised incubators, key industries, 失信) from one day to another."""

    list_key = models.CharField(_("名单"), max_length=64)
    party = models.ForeignKey(Party, on_delete=models.RESTRICT, related_name="memberships", verbose_name=_("主体"))
    starts_on = models.DateField(_("起"))
    # The last day; open while it is not known.
    ends_on = models.DateField(_("止"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=100)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("登记人"),
    )
    recorded_at = models.DateTimeField(_("登记时间"))

    objects = ListMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("名单成员")
        verbose_name_plural = _("名单成员")
        ordering = ("list_key", "starts_on", "pk")
        indexes = (models.Index(fields=("list_key", "starts_on")),)
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="membership_from_before_to"
            ),
            models.UniqueConstraint(
                fields=("list_key", "party"), condition=Q(ends_on__isnull=True), name="membership_open_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.list_key} - {self.party}"
