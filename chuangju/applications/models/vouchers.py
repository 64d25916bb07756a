"""Service vouchers: issued by a decision, spent with providers, settled when both sides have confirmed, gone at their end."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.models.decisions import Decision
from chuangju.kernel.encryption import EncryptedTextField
from chuangju.kernel.models import Attachment
from chuangju.ventures.models import Party


class Voucher(models.Model):
    """服务券: so many fen for services until a day; its balance follows from its uses and is not stored."""

    class State(models.TextChoices):
        """Waiting for money, good, run out by its day, or taken back."""

        WAITING = "waiting", pgettext_lazy("voucher", "等待资金")
        ACTIVE = "active", pgettext_lazy("voucher", "可使用")
        EXPIRED = "expired", pgettext_lazy("voucher", "已过有效期")
        REVOKED = "revoked", pgettext_lazy("voucher", "已收回")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.OneToOneField(Decision, on_delete=models.RESTRICT, related_name="voucher", verbose_name=_("决定"))
    holder = models.ForeignKey(Party, on_delete=models.RESTRICT, related_name="vouchers", verbose_name=_("持券人"))
    policy_id = models.CharField(_("政策编号"), max_length=80)
    title = models.CharField(_("名称"), max_length=200)
    number = models.CharField(_("券号"), max_length=40, unique=True)
    # Whole fen.
    amount = models.BigIntegerField(_("券额"))
    starts_on = models.DateField(_("起"))
    # The last day on which it can be spent.
    ends_on = models.DateField(_("止"))
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.ACTIVE)
    reason = models.CharField(_("原因"), max_length=500, blank=True, default="")
    is_demo = models.BooleanField(_("演示数据"), default=False)
    issued_at = models.DateTimeField(_("发放时间"))

    class Meta:
        verbose_name = _("服务券")
        verbose_name_plural = _("服务券")
        ordering = ("-issued_at", "number")
        indexes = (models.Index(fields=("state", "ends_on")), models.Index(fields=("holder", "state")))
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="voucher_is_more_than_nothing"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="voucher_from_before_to"),
            models.CheckConstraint(condition=~Q(state="revoked") | ~Q(reason=""), name="voucher_revoked_says_why"),
        )

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

    @property
    def claim_key(self) -> str:
        """The name under which the budget holds what is left of it."""
        return f"applications.voucher:{self.pk}"


class VoucherUse(models.Model):
    """用券: one service bought with a voucher; paid to its provider once both sides have said that it was done."""

    class State(models.TextChoices):
        """Ordered by the holder, taken by the provider, done in both sides' words, settled by a clerk, paid."""

        ORDERED = "ordered", pgettext_lazy("voucher use", "待接单")
        ACCEPTED = "accepted", pgettext_lazy("voucher use", "服务中")
        CONFIRMED = "confirmed", pgettext_lazy("voucher use", "待兑付审核")
        REQUESTED = "requested", pgettext_lazy("voucher use", "兑付中")
        PAID = "paid", pgettext_lazy("voucher use", "已兑付")
        RETURNED = "returned", pgettext_lazy("voucher use", "兑付被退回")
        DECLINED = "declined", pgettext_lazy("voucher use", "未接单")
        CANCELLED = "cancelled", pgettext_lazy("voucher use", "已取消")

    # In these the voucher is the poorer by its amount.
    HOLDING = (State.ORDERED, State.ACCEPTED, State.CONFIRMED, State.REQUESTED, State.PAID, State.RETURNED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    voucher = models.ForeignKey(Voucher, on_delete=models.RESTRICT, related_name="uses", verbose_name=_("服务券"))
    provider = models.ForeignKey(
        Party, on_delete=models.RESTRICT, related_name="voucher_uses", verbose_name=_("服务机构")
    )
    service = models.CharField(_("服务内容"), max_length=300)
    # Whole fen: what the service costs, and how much of it the voucher pays.
    price = models.BigIntegerField(_("服务价格"))
    amount = models.BigIntegerField(_("用券金额"))
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.ORDERED)
    reason = models.CharField(_("原因"), max_length=500, blank=True, default="")
    # The provider's account: {"name", "number", "bank"}, JSON.
    account = EncryptedTextField(_("收款账户"), blank=True, default="")
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("下单人")
    )
    ordered_at = models.DateTimeField(_("下单时间"))
    accepted_at = models.DateTimeField(_("接单时间"), null=True, blank=True)
    holder_confirmed_at = models.DateTimeField(_("企业确认时间"), null=True, blank=True)
    holder_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )
    provider_confirmed_at = models.DateTimeField(_("机构确认时间"), null=True, blank=True)
    provider_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )
    settled_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    paid_on = models.DateField(_("兑付日"), null=True, blank=True)
    attachments = GenericRelation(Attachment, content_type_field="owner_type", object_id_field="owner_id")

    class Meta:
        verbose_name = _("用券")
        verbose_name_plural = _("用券")
        ordering = ("-ordered_at", "id")
        indexes = (models.Index(fields=("provider", "state")), models.Index(fields=("state",)))
        constraints = (
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=F("price")), name="voucher_use_within_its_price"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("confirmed", "requested", "paid", "returned"))
                | Q(holder_confirmed_at__isnull=False, provider_confirmed_at__isnull=False),
                name="voucher_use_confirmed_by_both",
            ),
            models.CheckConstraint(
                condition=Q(holder_confirmed_by__isnull=True)
                | Q(provider_confirmed_by__isnull=True)
                | ~Q(holder_confirmed_by=F("provider_confirmed_by")),
                name="voucher_use_confirmed_by_two_people",
            ),
        )

    def __str__(self) -> str:
        return f"{self.service} {self.voucher.number}"

    @property
    def claim_key(self) -> str:
        """The name under which the budget knows it."""
        return f"applications.voucher_use:{self.pk}"
