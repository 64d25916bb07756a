"""Next year's requests with what they are meant to achieve (绩效目标表)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.budget.models.lines import BudgetLine
from chuangju.units.models import Unit


class BudgetRequest(models.Model):
    """预算申请: what a unit asks for the next year, from this year's spending and a simulation, with its targets."""

    class State(models.TextChoices):
        """Written, then handed in for good."""

        DRAFT = "draft", pgettext_lazy("budget request", "编制中")
        SUBMITTED = "submitted", pgettext_lazy("budget request", "已上报")

    year = models.PositiveSmallIntegerField(_("申请年度"))
    unit = models.ForeignKey(
        Unit, on_delete=models.RESTRICT, related_name="budget_requests", verbose_name=_("预算单位")
    )
    # The line of this year that it continues.
    line = models.ForeignKey(
        BudgetLine,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="requests",
        verbose_name=_("本年度资金条目"),
    )
    title = models.CharField(_("项目名称"), max_length=120)
    amount = models.BigIntegerField(_("申请金额（分）"))
    # As they stood when it was written: what was paid, what the year will probably cost.
    spent = models.BigIntegerField(_("本年已支付（分）"), default=0)
    expected = models.BigIntegerField(_("本年预计支出（分）"), default=0)
    simulation = models.CharField(_("测算依据"), max_length=200, blank=True)
    simulated = models.BigIntegerField(_("测算金额（分）"), null=True, blank=True)
    reasons = models.TextField(_("申请理由"), max_length=2000)
    goal = models.TextField(_("总体目标"), max_length=2000, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.DRAFT)
    is_demo = models.BooleanField(_("演示数据"), default=False)
    revision = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("编制人")
    )
    written_at = models.DateTimeField(_("编制时间"))
    submitted_at = models.DateTimeField(_("上报时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("预算申请")
        verbose_name_plural = _("预算申请")
        ordering = ("-year", "unit", "title", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="budget_request_asks_for_something"),
            models.CheckConstraint(
                condition=Q(state="draft", submitted_at__isnull=True)
                | Q(state="submitted", submitted_at__isnull=False),
                name="budget_request_submitted_has_its_moment",
            ),
            models.UniqueConstraint(
                fields=("year", "line"), condition=Q(line__isnull=False), name="budget_request_once_per_line"
            ),
        )

    def __str__(self) -> str:
        return f"{self.year} {self.title}"


class PerformanceTarget(models.Model):
    """绩效目标: one target of a request, in the classes of the usual form."""

    class Kind(models.TextChoices):
        """三级指标 under 产出、效益、满意度."""

        QUANTITY = "quantity", _("数量指标")
        QUALITY = "quality", _("质量指标")
        TIMELINESS = "timeliness", _("时效指标")
        COST = "cost", _("成本指标")
        ECONOMIC = "economic", _("经济效益指标")
        SOCIAL = "social", _("社会效益指标")
        SATISFACTION = "satisfaction", _("满意度指标")

    request = models.ForeignKey(
        BudgetRequest, on_delete=models.RESTRICT, related_name="targets", verbose_name=_("预算申请")
    )
    kind = models.CharField(_("指标类别"), max_length=16, choices=Kind)
    name = models.CharField(_("指标名称"), max_length=120)
    value = models.CharField(_("指标值"), max_length=60)
    position = models.PositiveSmallIntegerField(_("序号"))

    class Meta:
        verbose_name = _("绩效目标")
        verbose_name_plural = _("绩效目标")
        ordering = ("request", "position", "pk")
        constraints = (models.UniqueConstraint(fields=("request", "kind", "name"), name="target_once_per_request"),)

    def __str__(self) -> str:
        return self.name
