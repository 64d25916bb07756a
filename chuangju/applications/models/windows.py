"""When a policy can be applied for: always, or from a day to a day with so many places and so much money."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.scoring.models import Panel
from chuangju.units.models import Unit


class WindowQuerySet(models.QuerySet["Window"]):
    """Questions about many windows."""

    def open_on(self, day: date) -> WindowQuerySet:
        """Windows that take applications on this day."""
        return self.filter(
            Q(opens_on__isnull=True) | Q(opens_on__lte=day),
            Q(closes_on__isnull=True) | Q(closes_on__gte=day),
            state=Window.State.OPEN,
        )


class Window(models.Model):
    """申报批次: rolling (one per policy, begins by itself), or competitive with an end, places and money."""

    class Kind(models.TextChoices):
        """Whether each case is decided by itself or all of them together."""

        ROLLING = "rolling", _("常年受理")
        COMPETITIVE = "competitive", _("集中评选")

    class State(models.TextChoices):
        """A competitive window is prepared, opened, closed and decided; a rolling one is open until it is closed."""

        DRAFT = "draft", pgettext_lazy("window", "筹备中")
        OPEN = "open", pgettext_lazy("window", "受理中")
        CLOSED = "closed", pgettext_lazy("window", "已截止")
        DECIDED = "decided", pgettext_lazy("window", "已公布结果")

    class Reserves(models.TextChoices):
        """When the money of an application is set aside."""

        AT_DECISION = "at_decision", _("审定时占用资金")
        AT_SUBMIT = "at_submit", _("提交时占用资金")

    class WhenEmpty(models.TextChoices):
        """What becomes of an application when the money is gone."""

        QUEUE = "queue", _("通过后等待资金")
        REFUSE = "refuse", _("资金用完即停止")

    policy_id = models.CharField(_("政策编号"), max_length=80)
    title = models.CharField(_("批次名称"), max_length=200)
    title_en = models.CharField(_("英文名称"), max_length=200, blank=True, default="")
    kind = models.CharField(_("受理方式"), max_length=16, choices=Kind, default=Kind.ROLLING)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.OPEN)
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.RESTRICT, related_name="windows", verbose_name=_("受理单位")
    )
    opens_on = models.DateField(_("开始受理"), null=True, blank=True)
    # The last day.
    closes_on = models.DateField(_("截止受理"), null=True, blank=True)
    cycle = models.CharField(_("期次"), max_length=40, blank=True, default="")
    places = models.PositiveIntegerField(_("名额"), null=True, blank=True)
    # Whole fen.
    money = models.BigIntegerField(_("资金额度"), null=True, blank=True)
    # Of chuangju.budget; empty: the line of the policy and the year.
    budget_code = models.CharField(_("预算科目编号"), max_length=40, blank=True, default="")
    towns = models.ManyToManyField(Unit, blank=True, related_name="+", verbose_name=_("适用街镇"))
    reserves = models.CharField(_("占用资金"), max_length=16, choices=Reserves, default=Reserves.AT_DECISION)
    when_empty = models.CharField(_("资金用完时"), max_length=16, choices=WhenEmpty, default=WhenEmpty.QUEUE)
    # Nobody reads what was handed in before the window has closed.
    is_sealed = models.BooleanField(_("截止前密封"), default=False)
    score_sheet = models.CharField(_("评分表"), max_length=80, blank=True, default="")
    # One panel over all its cases that passed the checks before.
    panel = models.OneToOneField(
        Panel, null=True, blank=True, on_delete=models.RESTRICT, related_name="+", verbose_name=_("专家评审")
    )
    closed_at = models.DateTimeField(_("截止时间"), null=True, blank=True)
    close_reason = models.CharField(_("提前截止原因"), max_length=500, blank=True, default="")
    is_demo = models.BooleanField(_("演示数据"), default=False)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("建立时间"))

    objects = WindowQuerySet.as_manager()

    class Meta:
        verbose_name = _("申报批次")
        verbose_name_plural = _("申报批次")
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=("policy_id", "state")),)
        constraints = (
            models.CheckConstraint(
                condition=Q(opens_on__isnull=True) | Q(closes_on__isnull=True) | Q(closes_on__gte=F("opens_on")),
                name="window_opens_before_it_closes",
            ),
            models.CheckConstraint(
                condition=Q(kind="rolling") | Q(opens_on__isnull=False, closes_on__isnull=False),
                name="window_competitive_has_its_days",
            ),
            models.CheckConstraint(
                condition=(Q(money__isnull=True) | Q(money__gte=0)) & ~Q(policy_id=""), name="window_money_not_negative"
            ),
            models.UniqueConstraint(
                fields=("policy_id",), condition=Q(kind="rolling", state="open"), name="window_one_rolling_per_policy"
            ),
        )

    def __str__(self) -> str:
        return self.title

    def is_open_on(self, day: date) -> bool:
        """Whether it takes applications on this day."""
        begun = self.opens_on is None or self.opens_on <= day
        return self.state == self.State.OPEN and begun and (self.closes_on is None or day <= self.closes_on)
