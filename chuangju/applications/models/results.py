"""What a positive decision leaves: money in instalments, a standing with its term, and what is still to be done."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.models.cases import Application
from chuangju.applications.models.decisions import Decision
from chuangju.applications.models.documents import RequiredDocument
from chuangju.ventures.models import Party


class Entitlement(models.Model):
    """核定权益: what a decision grants in money, paid in one or several instalments."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(
        Application, on_delete=models.RESTRICT, related_name="entitlements", verbose_name=_("办件")
    )
    decision = models.OneToOneField(
        Decision, on_delete=models.RESTRICT, related_name="entitlement", verbose_name=_("决定")
    )
    payee = models.ForeignKey(Party, on_delete=models.RESTRICT, related_name="entitlements", verbose_name=_("收款主体"))
    # Whole fen.
    amount = models.BigIntegerField(_("核定金额"))
    created_at = models.DateTimeField(_("核定时间"))

    class Meta:
        verbose_name = _("核定权益")
        verbose_name_plural = _("核定权益")
        ordering = ("-created_at", "id")
        constraints = (models.CheckConstraint(condition=Q(amount__gt=0), name="entitlement_is_more_than_nothing"),)

    def __str__(self) -> str:
        return f"{self.application_id} {self.amount}"


class Instalment(models.Model):
    """拨付期次: one part of an entitlement; before it is paid the living conditions are looked at again."""

    class State(models.TextChoices):
        """Where its money is; the payment itself lives in the budget."""

        PLANNED = "planned", pgettext_lazy("instalment", "未到期")
        WAITING = "waiting", pgettext_lazy("instalment", "等待资金")
        REQUESTED = "requested", pgettext_lazy("instalment", "拨付中")
        PAID = "paid", pgettext_lazy("instalment", "已到账")
        RETURNED = "returned", pgettext_lazy("instalment", "被退回")
        STOPPED = "stopped", pgettext_lazy("instalment", "停止拨付")
        RECOVERED = "recovered", pgettext_lazy("instalment", "已追回")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entitlement = models.ForeignKey(
        Entitlement, on_delete=models.RESTRICT, related_name="instalments", verbose_name=_("核定权益")
    )
    number = models.PositiveIntegerField(_("期次"))
    # Whole fen.
    amount = models.BigIntegerField(_("金额"))
    due_on = models.DateField(_("计划拨付日"))
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.PLANNED)
    reason = models.CharField(_("原因"), max_length=500, blank=True, default="")
    paid_on = models.DateField(_("到账日"), null=True, blank=True)

    class Meta:
        verbose_name = _("拨付期次")
        verbose_name_plural = _("拨付期次")
        ordering = ("entitlement", "number")
        indexes = (models.Index(fields=("state", "due_on")),)
        constraints = (
            models.UniqueConstraint(fields=("entitlement", "number"), name="instalment_number_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalment_is_more_than_nothing"),
        )

    def __str__(self) -> str:
        return f"{self.entitlement_id} {self.number}"

    @property
    def claim_key(self) -> str:
        """The name under which the budget knows it."""
        return f"applications.instalment:{self.pk}"


class Standing(models.Model):
    """资格: what outlives the case: a recognised grade, a title, a term; with number and public register."""

    class State(models.TextChoices):
        """Expiring and expired follow from its days and are not stored."""

        ACTIVE = "active", pgettext_lazy("standing", "有效")
        SUSPENDED = "suspended", pgettext_lazy("standing", "暂停")
        REVOKED = "revoked", pgettext_lazy("standing", "已撤销")
        ENDED = "ended", pgettext_lazy("standing", "已终止")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey(Decision, on_delete=models.RESTRICT, related_name="standings", verbose_name=_("决定"))
    party = models.ForeignKey(Party, on_delete=models.RESTRICT, related_name="standings", verbose_name=_("持有主体"))
    policy_id = models.CharField(_("政策编号"), max_length=80)
    number = models.CharField(_("证书编号"), max_length=40, unique=True)
    title = models.CharField(_("名称"), max_length=200)
    title_en = models.CharField(_("英文名称"), max_length=200, blank=True, default="")
    grade = models.CharField(_("等级"), max_length=40, blank=True, default="")
    # Of `ventures`: the dated list that its holder stands on meanwhile; empty: none.
    list_key = models.CharField(_("名单"), max_length=64, blank=True, default="")
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.ACTIVE)
    starts_on = models.DateField(_("起"))
    # The last day; None: without end.
    ends_on = models.DateField(_("止"), null=True, blank=True)
    is_public = models.BooleanField(_("公开"), default=True)
    reason = models.CharField(_("原因"), max_length=500, blank=True, default="")
    renewed_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.RESTRICT, related_name="renewals", verbose_name=_("续自")
    )
    revision = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("资格")
        verbose_name_plural = _("资格")
        ordering = ("-starts_on", "number")
        indexes = (models.Index(fields=("policy_id", "state")), models.Index(fields=("state", "ends_on")))
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="standing_from_before_to"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("suspended", "revoked", "ended")) | ~Q(reason=""),
                name="standing_stopped_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.title} {self.number}"


class Obligation(models.Model):
    """后续义务: what falls due after a decision: a report, a living condition, a visit, a sample check."""

    class Kind(models.TextChoices):
        """What is to be done."""

        REPORT = "report", _("报告情况")
        CONDITION = "condition", _("保持条件")
        DOCUMENT = "document", _("补交材料")
        VISIT = "visit", _("回访核查")
        # 告知承诺: the desk looks whether what was promised is true.
        PROMISE = "promise", _("核查承诺")
        SAMPLE = "sample", _("抽查")
        REPAYMENT = "repayment", _("退回资金")

    class State(models.TextChoices):
        """Whether it is late follows from its day."""

        OPEN = "open", pgettext_lazy("obligation", "待履行")
        REPORTED = "reported", pgettext_lazy("obligation", "已报送待核")
        MET = "met", pgettext_lazy("obligation", "已履行")
        BROKEN = "broken", pgettext_lazy("obligation", "未履行")
        WAIVED = "waived", pgettext_lazy("obligation", "已免除")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(
        Application, on_delete=models.RESTRICT, related_name="obligations", verbose_name=_("办件")
    )
    decision = models.ForeignKey(
        Decision, null=True, blank=True, on_delete=models.RESTRICT, related_name="obligations", verbose_name=_("决定")
    )
    # The paper that is to follow, or for which a promise stands.
    document = models.ForeignKey(
        RequiredDocument,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="duties",
        verbose_name=_("材料"),
    )
    kind = models.CharField(_("种类"), max_length=16, choices=Kind)
    title = models.CharField(_("内容"), max_length=300)
    title_en = models.CharField(_("英文内容"), max_length=300, blank=True, default="")
    due_on = models.DateField(_("截止日"))
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.OPEN)
    report = models.CharField(_("报告"), max_length=2000, blank=True, default="")
    reported_at = models.DateTimeField(_("报送时间"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )
    settled_at = models.DateTimeField(_("核实时间"), null=True, blank=True)
    remark = models.CharField(_("核实意见"), max_length=500, blank=True, default="")
    # Put off once, and why; the moment at which its day had passed and what follows was begun.
    extended_at = models.DateTimeField(_("延期时间"), null=True, blank=True)
    extension_reason = models.CharField(_("延期原因"), max_length=500, blank=True, default="")
    overdue_at = models.DateTimeField(_("转入逾期处理的时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("后续义务")
        verbose_name_plural = _("后续义务")
        ordering = ("due_on", "id")
        indexes = (models.Index(fields=("state", "due_on")),)
        constraints = (
            models.CheckConstraint(
                condition=Q(extended_at__isnull=True) | ~Q(extension_reason=""), name="obligation_extended_says_why"
            ),
            # One live duty for a paper, so that nobody is asked for it twice.
            models.UniqueConstraint(
                fields=("document", "kind"), condition=Q(state__in=("open", "reported")), name="obligation_paper_once"
            ),
        )

    def __str__(self) -> str:
        return self.title
