"""Guaranteed loans as the bank reports them: the facility, its movements, and the interest subsidised by period."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.models.cases import Application
from chuangju.ventures.models import Party


class LoanFacility(models.Model):
    """担保贷款: a loan contract that grew out of a case; what is owed follows from the bank's movements alone."""

    class State(models.TextChoices):
        """As the contract stands; overdue follows from the movements and is not stored."""

        SIGNED = "signed", pgettext_lazy("loan", "已签约待放款")
        DRAWN = "drawn", pgettext_lazy("loan", "还款中")
        REPAID = "repaid", pgettext_lazy("loan", "已还清")
        CLAIMED = "claimed", pgettext_lazy("loan", "已代偿")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.OneToOneField(
        Application, on_delete=models.RESTRICT, related_name="facility", verbose_name=_("办件")
    )
    borrower = models.ForeignKey(Party, on_delete=models.RESTRICT, related_name="loans", verbose_name=_("借款人"))
    bank = models.CharField(_("经办银行"), max_length=100)
    contract = models.CharField(_("借款合同号"), max_length=60, unique=True)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.SIGNED)
    # Whole fen; basis points a year.
    principal = models.BigIntegerField(_("合同金额"))
    rate = models.PositiveIntegerField(_("年利率（基点）"))
    signed_on = models.DateField(_("签约日"))
    drawn_on = models.DateField(_("放款日"), null=True, blank=True)
    # The day on which everything is due.
    ends_on = models.DateField(_("到期日"))
    # Jobs as the bank or the borrower stated them when it was signed.
    jobs = models.PositiveIntegerField(_("带动就业人数"), null=True, blank=True)
    is_demo = models.BooleanField(_("演示数据"), default=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )
    recorded_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("担保贷款")
        verbose_name_plural = _("担保贷款")
        ordering = ("-signed_on", "contract")
        indexes = (models.Index(fields=("state", "ends_on")), models.Index(fields=("bank",)))
        constraints = (
            models.CheckConstraint(condition=Q(principal__gt=0), name="loan_is_more_than_nothing"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("signed_on")), name="loan_signed_before_it_ends"),
            models.CheckConstraint(
                condition=Q(state="signed") | Q(drawn_on__isnull=False), name="loan_drawn_has_its_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.borrower} {self.contract}"


class LoanFile(models.Model):
    """银行流水文件: one file of movements, taken in whole and once."""

    name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(_("校验值"), max_length=64, unique=True)
    bank = models.CharField(_("经办银行"), max_length=100, blank=True, default="")
    count = models.PositiveIntegerField(_("新增笔数"))
    known = models.PositiveIntegerField(_("已有笔数"))
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )
    read_at = models.DateTimeField(_("导入时间"))

    class Meta:
        verbose_name = _("银行流水文件")
        verbose_name_plural = _("银行流水文件")
        ordering = ("-read_at", "-pk")

    def __str__(self) -> str:
        return self.name


class LoanMovement(models.Model):
    """贷款变动: what the bank reported of a facility on a day; corrected by a movement the other way."""

    class Kind(models.TextChoices):
        """What happened; an amount belongs to all but the two that begin and end being overdue."""

        DRAWN = "drawn", _("放款")
        REPAID = "repaid", _("还本")
        OVERDUE = "overdue", pgettext_lazy("loan", "转逾期")
        CLEARED = "cleared", _("逾期结清")
        CLAIMED = "claimed", _("代偿")
        RECOVERED = "recovered", _("代偿追回")

    facility = models.ForeignKey(
        LoanFacility, on_delete=models.RESTRICT, related_name="movements", verbose_name=_("担保贷款")
    )
    file = models.ForeignKey(
        LoanFile, null=True, blank=True, on_delete=models.RESTRICT, related_name="movements", verbose_name=_("文件")
    )
    kind = models.CharField(_("业务"), max_length=16, choices=Kind)
    on = models.DateField(_("日期"))
    # Whole fen, always positive.
    amount = models.BigIntegerField(_("金额"), default=0)
    # The bank's own number of the entry.
    reference = models.CharField(_("银行流水号"), max_length=60)

    class Meta:
        verbose_name = _("贷款变动")
        verbose_name_plural = _("贷款变动")
        ordering = ("facility", "on", "pk")
        constraints = (
            models.UniqueConstraint(fields=("facility", "reference"), name="loan_movement_once"),
            models.CheckConstraint(
                condition=Q(kind__in=("overdue", "cleared")) | Q(amount__gt=0), name="loan_movement_has_an_amount"
            ),
        )

    def __str__(self) -> str:
        return f"{self.facility_id} {self.on} {self.kind}"


class InterestPeriod(models.Model):
    """贴息期次: the interest of one period as reckoned from the bank's movements, and what was paid of it."""

    class State(models.TextChoices):
        """A period is fixed once it is over and the bank has reported beyond it."""

        RUNNING = "running", pgettext_lazy("interest", "未到期")
        DUE = "due", pgettext_lazy("interest", "待核定")
        WAITING = "waiting", pgettext_lazy("interest", "等待资金")
        REQUESTED = "requested", pgettext_lazy("interest", "拨付中")
        PAID = "paid", pgettext_lazy("interest", "已到账")
        RETURNED = "returned", pgettext_lazy("interest", "被退回")
        STOPPED = "stopped", pgettext_lazy("interest", "不予贴息")

    # Confirmed, so that its money is paid or will be.
    HAD = (State.WAITING, State.REQUESTED, State.PAID, State.RETURNED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    facility = models.ForeignKey(
        LoanFacility, on_delete=models.RESTRICT, related_name="periods", verbose_name=_("担保贷款")
    )
    number = models.PositiveIntegerField(_("期次"))
    begins_on = models.DateField(_("起息日"))
    # The first day that does not belong to it.
    ends_on = models.DateField(_("结息日"))
    # Whole fen.
    interest = models.BigIntegerField(_("利息"))
    subsidy = models.BigIntegerField(_("贴息"))
    overdue_days = models.PositiveIntegerField(_("逾期天数"), default=0)
    # The version that gave the share, and the share in basis points.
    policy_key = models.CharField(_("政策版本"), max_length=130)
    share = models.PositiveIntegerField(_("贴息比例（基点）"))
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.RUNNING)
    reason = models.CharField(_("原因"), max_length=500, blank=True, default="")
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )
    settled_at = models.DateTimeField(_("核定时间"), null=True, blank=True)
    paid_on = models.DateField(_("到账日"), null=True, blank=True)

    class Meta:
        verbose_name = _("贴息期次")
        verbose_name_plural = _("贴息期次")
        ordering = ("facility", "number")
        indexes = (models.Index(fields=("state", "ends_on")),)
        constraints = (
            models.UniqueConstraint(fields=("facility", "number"), name="interest_period_once"),
            # Both are rounded over all periods together, so that a single one may be a fen off.
            models.CheckConstraint(
                condition=Q(interest__gte=0, subsidy__gte=0, subsidy__lte=F("interest") + 1),
                name="interest_subsidy_within_interest",
            ),
            models.CheckConstraint(condition=Q(ends_on__gt=F("begins_on")), name="interest_period_days_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.facility_id} {self.number}"

    @property
    def claim_key(self) -> str:
        """The name under which the budget knows it."""
        return f"applications.interest:{self.pk}"
