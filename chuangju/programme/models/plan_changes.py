"""方案执行: adjustments of an issued plan, its half-yearly and yearly reviews, and private calendars of its dates."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.kernel.models import User
from chuangju.programme.models.plans import Plan, PlanItem
from chuangju.programme.models.table import Task
from chuangju.units.models import Unit


class PlanAdjustment(models.Model):
    """方案调整: a change of an issued plan, proposed with its reason and decided; what was before stays readable."""

    class Kind(models.TextChoices):
        """What is to change."""

        DATE = "date", _("调整期限")
        OWNER = "owner", _("调整责任单位")
        DROP = "drop", _("取消事项")
        ADD = "add", _("新增事项")

    class State(models.TextChoices):
        """Nothing of a plan changes before its adjustment is approved."""

        PROPOSED = "proposed", _("待批准")
        APPROVED = "approved", _("已批准")
        REJECTED = "rejected", _("未批准")
        WITHDRAWN = "withdrawn", _("已撤回")

    plan = models.ForeignKey(Plan, on_delete=models.RESTRICT, related_name="adjustments", verbose_name=_("工作方案"))
    # The item that changes; for a new one it is filled when the adjustment is approved.
    item = models.ForeignKey(
        PlanItem,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="adjustments",
        verbose_name=_("方案事项"),
    )
    kind = models.CharField(_("调整内容"), max_length=16, choices=Kind)
    new_title = models.CharField(_("新增事项"), max_length=200, blank=True)
    new_task = models.ForeignKey(
        Task, null=True, blank=True, on_delete=models.RESTRICT, related_name="+", verbose_name=_("服务的任务")
    )
    new_unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.RESTRICT, related_name="+", verbose_name=_("新责任单位")
    )
    new_due_on = models.DateField(_("新期限"), null=True, blank=True)
    reason = models.CharField(_("调整理由"), max_length=500)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("提出人")
    )
    proposed_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("批准人"),
    )
    decided_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    decision = models.CharField(_("批准意见"), max_length=500, blank=True)
    # The item's facts in words before and after: {"完成期限": "2026-06-30", …}; set when approved.
    before = models.JSONField(_("调整前"), default=dict)
    after = models.JSONField(_("调整后"), default=dict)

    class Meta:
        verbose_name = _("方案调整")
        verbose_name_plural = _("方案调整")
        ordering = ("-proposed_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("item",), condition=Q(state="proposed"), name="plan_item_one_waiting_adjustment"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("proposed", "withdrawn"))
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="plan_adjustment_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(kind="add") | Q(item__isnull=False), name="plan_adjustment_has_its_item"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.item.title if self.item else self.new_title}"


class PlanReview(models.Model):
    """自查总结: what a plan came to in a half-year or year; opened by itself, written by the office, noted by a leader."""

    class State(models.TextChoices):
        """Whether it is overdue follows from its date."""

        OPEN = "open", _("待撰写")
        SUBMITTED = "submitted", _("待阅")
        NOTED = "noted", _("已阅")

    plan = models.ForeignKey(Plan, on_delete=models.RESTRICT, related_name="reviews", verbose_name=_("工作方案"))
    period = models.CharField(_("期间"), max_length=8)
    due_on = models.DateField(_("提交期限"))
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.OPEN)
    overall = models.TextField(_("总体评价"), max_length=4000, blank=True)
    problems = models.TextField(_("存在问题"), max_length=4000, blank=True)
    next_steps = models.TextField(_("下一步安排"), max_length=4000, blank=True)
    # What the records said when it was submitted (programme.plan_review_facts); live until then.
    facts = models.JSONField(_("记录摘要"), null=True, blank=True)
    opened_at = models.DateTimeField(_("生成时间"))
    submitted_at = models.DateTimeField(pgettext_lazy("plan", "提交时间"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("提交人"),
    )
    noted_at = models.DateTimeField(_("阅示时间"), null=True, blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("阅示人"),
    )
    noted_words = models.CharField(_("阅示意见"), max_length=500, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("自查总结")
        verbose_name_plural = _("自查总结")
        ordering = ("-due_on", "plan")
        constraints = (
            models.UniqueConstraint(fields=("plan", "period"), name="plan_review_once_a_period"),
            models.CheckConstraint(
                condition=Q(state="open", submitted_at__isnull=True)
                | (~Q(state="open") & Q(submitted_at__isnull=False, facts__isnull=False)),
                name="plan_review_submitted_has_its_facts",
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan} {self.period}"


class CalendarFeed(models.Model):
    """日历订阅: one person's private address of the plans' dates; no password, so nobody can guess it and it can be revoked."""

    user = models.ForeignKey(User, on_delete=models.RESTRICT, related_name="calendar_feeds", verbose_name=_("用户"))
    # What the address is made from, together with the installation's key: the database alone does not give it away.
    nonce = models.CharField(max_length=43, unique=True)
    created_at = models.DateTimeField(_("建立时间"))
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("日历订阅")
        verbose_name_plural = _("日历订阅")
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("user",), condition=Q(revoked_at__isnull=True), name="calendar_feed_one_for_a_person"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} {self.created_at:%Y-%m-%d}"
