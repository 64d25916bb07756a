"""The ledger: entries that are never changed, their postings, and the balances kept beside them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.budget.models.lines import BudgetLine
from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.money import format_yuan


class Entry(models.Model):
    """分录: one movement of money, whose postings sum to nothing; never changed, only answered by another (triggers)."""

    class Kind(models.TextChoices):
        """What happened."""

        PLAN = "plan", _("下达预算")
        MOVE = "move", _("预算调剂")
        RESERVE = "reserve", _("预留")
        COMMIT = "commit", _("核定待拨")
        RELEASE = "release", _("释放")
        PAY = "pay", pgettext_lazy("ledger", "支付")
        RETURN = "return", _("退票退回")
        RECOVER = "recover", _("追回")
        CARRY = "carry", _("年终结转")
        SURRENDER = "surrender", _("结余上缴")
        REVERSE = "reverse", _("冲正")

    kind = models.CharField(_("业务"), max_length=12, choices=Kind)
    line = models.ForeignKey(BudgetLine, on_delete=models.RESTRICT, related_name="entries", verbose_name=_("资金条目"))
    # Whose money it is, as the package above calls it: "applications.instalment:<uuid>"; empty for the line itself.
    claim_key = models.CharField(_("对应事项"), max_length=120, blank=True)
    amount = models.BigIntegerField(_("金额（分）"))
    # What may happen once only, such as "payment:<uuid>:1"; the database refuses the second.
    reference = models.CharField(_("凭据"), max_length=120, blank=True)
    reverses = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.RESTRICT, related_name="reversed_by", verbose_name=_("冲正对象")
    )
    reason = models.CharField(_("事由"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("经办人"),
    )
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("分录")
        verbose_name_plural = _("分录")
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("line", "at")), models.Index(fields=("claim_key",)))
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "reference"), condition=~Q(reference=""), name="entry_reference_once"
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="entry_moves_something"),
            models.CheckConstraint(
                condition=(Q(reverses__isnull=True) & ~Q(kind="reverse")) | Q(reverses__isnull=False, kind="reverse"),
                name="entry_reversal_names_its_entry",
            ),
        )

    def __str__(self) -> str:
        # The audit log keeps this, and keeps one language.
        with in_kept_language():
            return f"{self.get_kind_display()} {format_yuan(self.amount)}"


class Posting(models.Model):
    """记账: what one entry did to one account of a line, in fen; given money stands below zero, used money above."""

    class Account(models.TextChoices):
        """Where money can be; the first two say whence it came and are kept with a minus."""

        PLANNED = "planned", _("预算数")
        CARRIED_IN = "carried_in", _("上年结转")
        AVAILABLE = "available", _("可用")
        RESERVED = "reserved", _("已预留")
        COMMITTED = "committed", _("已批待拨")
        PAID = "paid", _("已支付")
        CARRIED_OUT = "carried_out", _("结转下年")
        SURRENDERED = "surrendered", _("结余上缴额")

    # Kept with a minus in postings, with a plus in balances.
    SOURCES = (Account.PLANNED, Account.CARRIED_IN)

    entry = models.ForeignKey(Entry, on_delete=models.RESTRICT, related_name="postings", verbose_name=_("分录"))
    line = models.ForeignKey(BudgetLine, on_delete=models.RESTRICT, related_name="postings", verbose_name=_("资金条目"))
    account = models.CharField(_("账户"), max_length=12, choices=Account)
    amount = models.BigIntegerField(_("金额（分）"))

    class Meta:
        verbose_name = _("记账")
        verbose_name_plural = _("记账")
        ordering = ("entry", "id")
        indexes = (models.Index(fields=("line", "account")),)
        constraints = (
            models.UniqueConstraint(fields=("entry", "line", "account"), name="posting_once_per_entry_and_account"),
            models.CheckConstraint(condition=~Q(amount=0), name="posting_moves_something"),
        )

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"


def _money(label: Any) -> models.BigIntegerField[int, int]:
    return models.BigIntegerField(label, default=0)


class LineBalance(models.Model):
    """条目余额: what the postings of a line add up to, in fen; the database holds it at or above zero and in balance."""

    line = models.OneToOneField(
        BudgetLine, primary_key=True, on_delete=models.RESTRICT, related_name="balance", verbose_name=_("资金条目")
    )
    planned = _money(_("预算数"))
    carried_in = _money(_("上年结转"))
    available = _money(_("可用"))
    reserved = _money(_("已预留"))
    committed = _money(_("已批待拨"))
    paid = _money(_("已支付"))
    carried_out = _money(_("结转下年"))
    surrendered = _money(_("结余上缴额"))

    class Meta:
        verbose_name = _("条目余额")
        verbose_name_plural = _("条目余额")
        ordering = ("line",)
        constraints = (
            *(
                models.CheckConstraint(condition=Q(**{f"{name}__gte": 0}), name=f"line_balance_{name}_not_below_zero")
                for name in Posting.Account.values
            ),
            models.CheckConstraint(
                condition=Q(
                    planned=F("available")
                    + F("reserved")
                    + F("committed")
                    + F("paid")
                    + F("carried_out")
                    + F("surrendered")
                    - F("carried_in")
                ),
                name="line_balance_in_balance",
            ),
        )

    def __str__(self) -> str:
        return f"{self.line_id}: {self.available}"


class ClaimBalance(models.Model):
    """事项余额: what one claim holds of a line; a claim holds money of one line at a time."""

    line = models.ForeignKey(BudgetLine, on_delete=models.RESTRICT, related_name="claims", verbose_name=_("资金条目"))
    claim_key = models.CharField(_("对应事项"), max_length=120)
    reserved = _money(_("已预留"))
    committed = _money(_("已批待拨"))
    paid = _money(_("已支付"))

    class Meta:
        verbose_name = _("事项余额")
        verbose_name_plural = _("事项余额")
        ordering = ("line", "claim_key")
        constraints = (
            models.UniqueConstraint(fields=("claim_key", "line"), name="claim_balance_once_per_line"),
            models.UniqueConstraint(
                fields=("claim_key",),
                condition=Q(reserved__gt=0) | Q(committed__gt=0),
                name="claim_holds_money_of_one_line",
            ),
            *(
                models.CheckConstraint(condition=Q(**{f"{name}__gte": 0}), name=f"claim_balance_{name}_not_below_zero")
                for name in ("reserved", "committed", "paid")
            ),
        )

    def __str__(self) -> str:
        return self.claim_key
