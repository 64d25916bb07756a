"""Payments: one for each claim, from request to the answer of the treasury."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.budget.models.batches import PaymentBatch
from chuangju.budget.models.lines import BudgetLine
from chuangju.kernel.encryption import EncryptedTextField, KeyedHashField, mask_account
from chuangju.ventures.models import Party


class Payment(models.Model):
    """拨付: money that goes to one payee for one claim; asked for once, paid once, its account number encrypted."""

    class State(models.TextChoices):
        """One way to the payee, two ways back."""

        REQUESTED = "requested", pgettext_lazy("payment", "待拨付")
        CHECKED = "checked", pgettext_lazy("payment", "已联审")
        APPROVED = "approved", pgettext_lazy("payment", "已审批")
        SENT = "sent", pgettext_lazy("payment", "已报送国库")
        PAID = "paid", pgettext_lazy("payment", "已到账")
        FAILED = "failed", pgettext_lazy("payment", "支付失败")
        RETURNED = "returned", pgettext_lazy("payment", "已退票")
        RECOVERED = "recovered", pgettext_lazy("payment", "已追回")
        STOPPED = "stopped", pgettext_lazy("payment", "已停付")

    # The account was wrong, or is closed: the payee mends it, and the payment goes out again.
    MENDABLE = (State.FAILED, State.RETURNED)
    # Still within the house, so that it can be stopped.
    WAITING = (State.REQUESTED, State.FAILED, State.RETURNED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # By what the treasury's answer names it.
    number = models.CharField(_("支付编号"), max_length=24, unique=True)
    # Of the package above: "applications.instalment:<uuid>". Nobody is paid twice for one claim.
    claim_key = models.CharField(_("对应事项"), max_length=120, unique=True)
    line = models.ForeignKey(BudgetLine, on_delete=models.RESTRICT, related_name="payments", verbose_name=_("资金条目"))
    batch = models.ForeignKey(
        PaymentBatch,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="payments",
        verbose_name=_("拨付批次"),
    )
    amount = models.BigIntegerField(_("金额（分）"))
    recovered = models.BigIntegerField(_("追回金额（分）"), default=0)
    payee = models.ForeignKey(Party, on_delete=models.RESTRICT, related_name="payments", verbose_name=_("收款人"))
    account_name = models.CharField(_("账户名称"), max_length=120)
    account_number = EncryptedTextField(_("银行账号"), mask=mask_account)
    account_hash = KeyedHashField(source="account_number", purpose="budget.account_number", blank=True, db_index=True)
    bank = models.CharField(_("开户银行"), max_length=120)
    purpose = models.CharField(_("用途"), max_length=200)
    instalment = models.PositiveSmallIntegerField(_("期次"), default=1)
    due_on = models.DateField(_("计划拨付日期"))
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.REQUESTED)
    # Counts up each time it goes out again after a failure or a return.
    attempt = models.PositiveSmallIntegerField(_("第几次拨付"), default=1)
    reason = models.CharField(_("失败、退票或停付原因"), max_length=300, blank=True)
    paid_on = models.DateField(_("到账日期"), null=True, blank=True)
    voucher = models.CharField(_("国库凭证号"), max_length=60, blank=True)
    is_demo = models.BooleanField(_("演示数据"), default=False)
    revision = models.PositiveIntegerField(default=1)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("申请人"),
    )
    requested_at = models.DateTimeField(_("申请时间"))

    class Meta:
        verbose_name = _("拨付")
        verbose_name_plural = _("拨付")
        ordering = ("-requested_at", "-number")
        indexes = (models.Index(fields=("state", "due_on")), models.Index(fields=("line", "state")))
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_moves_something"),
            models.CheckConstraint(
                condition=Q(recovered__gte=0, recovered__lte=F("amount")), name="payment_recovers_what_was_paid"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("paid", "recovered")) | Q(paid_on__isnull=False),
                name="payment_paid_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("checked", "approved", "sent", "paid", "recovered")) | Q(batch__isnull=False),
                name="payment_goes_out_in_a_batch",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("failed", "returned", "stopped")) | ~Q(reason=""), name="payment_back_says_why"
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def masked_account(self) -> str:
        """The account number as everybody sees it."""
        return mask_account(self.account_number)


class BatchItem(models.Model):
    """拨付明细: one payment as it went out in one batch, and what became of that attempt; the same attempt goes out once."""

    class Outcome(models.TextChoices):
        """What the treasury answered; a payment that had arrived can still come back."""

        WAITING = "waiting", pgettext_lazy("payment", "待回执")
        PAID = "paid", pgettext_lazy("payment", "支付成功")
        FAILED = "failed", pgettext_lazy("payment", "支付失败")
        RETURNED = "returned", pgettext_lazy("payment", "已退票")

    batch = models.ForeignKey(PaymentBatch, on_delete=models.RESTRICT, related_name="items", verbose_name=_("拨付批次"))
    payment = models.ForeignKey(Payment, on_delete=models.RESTRICT, related_name="items", verbose_name=_("拨付"))
    position = models.PositiveIntegerField(_("序号"))
    attempt = models.PositiveSmallIntegerField(_("第几次拨付"))
    amount = models.BigIntegerField(_("金额（分）"))
    outcome = models.CharField(_("回执结果"), max_length=12, choices=Outcome, default=Outcome.WAITING)
    reason = models.CharField(_("失败或退票原因"), max_length=300, blank=True)
    paid_on = models.DateField(_("到账日期"), null=True, blank=True)
    voucher = models.CharField(_("国库凭证号"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("拨付明细")
        verbose_name_plural = _("拨付明细")
        ordering = ("batch", "position")
        constraints = (
            models.UniqueConstraint(fields=("payment", "attempt"), name="batch_item_attempt_once"),
            models.UniqueConstraint(
                fields=("payment",), condition=Q(outcome__in=("waiting", "paid")), name="batch_item_one_alive"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="batch_item_moves_something"),
        )

    def __str__(self) -> str:
        return f"{self.payment_id}/{self.attempt}"
