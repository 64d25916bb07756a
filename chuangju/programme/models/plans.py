"""工作方案: the overall plan and its stage plans, their text, and the items by which they are carried out."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.kernel.models import Attachment, Paper
from chuangju.programme.models.table import Task
from chuangju.programme.models.versions import TableVersion
from chuangju.units.models import Unit


class Plan(models.Model):
    """工作方案: how the table is carried out over a span of time; once issued its text is frozen with a hash."""

    class Kind(models.TextChoices):
        """The whole programme, or one stage of it."""

        OVERALL = "overall", _("总体方案")
        STAGE = "stage", _("阶段方案")

    class State(models.TextChoices):
        """From the first draft to the end; whether it has begun, or anything in it is late, follows from dates."""

        DRAFT = "draft", _("起草中")
        CONSULTING = "consulting", _("征求意见")
        COLLATING = "collating", _("汇总意见")
        PROPOSED = "proposed", _("待审定")
        APPROVED = "approved", _("已审定待印发")
        ISSUED = "issued", _("已印发")
        SUPERSEDED = "superseded", _("已被新方案替代")
        ENDED = "ended", _("已结束")

    # The words may still change; afterwards only adjustments change an item.
    OPEN_STATES = (State.DRAFT, State.COLLATING)
    # Whatever was issued once, in force or not.
    PAST_ISSUE = (State.ISSUED, State.SUPERSEDED, State.ENDED)

    kind = models.CharField(_("种类"), max_length=16, choices=Kind)
    title = models.CharField(_("方案标题"), max_length=200)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.RESTRICT, related_name="stages", verbose_name=_("所属总体方案")
    )
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.RESTRICT, related_name="replacements", verbose_name=_("替代")
    )
    version = models.ForeignKey(
        TableVersion, on_delete=models.RESTRICT, related_name="plans", verbose_name=_("依据的分解表")
    )
    starts_on = models.DateField(_("起始日期"))
    ends_on = models.DateField(_("结束日期"))
    openness = models.CharField(_("公开属性"), max_length=16, choices=Paper.Openness, default=Paper.Openness.OPEN)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.DRAFT)
    returned_reason = models.CharField(_("退回原因"), max_length=500, blank=True)
    meeting = models.CharField(_("审定会议"), max_length=200, blank=True)
    approved_on = models.DateField(_("审定日期"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("审定人"),
    )
    number = models.CharField(_("文号"), max_length=80, blank=True)
    issued_on = models.DateField(_("印发日期"), null=True, blank=True)
    # The words and items as issued (programme.plan_content.content_of) and their hash.
    issued_content = models.JSONField(null=True, blank=True, verbose_name=_("印发内容"))
    sha256 = models.CharField(_("校验值"), max_length=64, blank=True)
    ended_on = models.DateField(_("终止日期"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("起草人")
    )
    drafted_at = models.DateTimeField(_("起草时间"))

    class Meta:
        verbose_name = _("工作方案")
        verbose_name_plural = _("工作方案")
        ordering = ("-starts_on", "kind", "-id")
        indexes = (models.Index(fields=("state", "ends_on")),)
        constraints = (
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="plan_begins_before_it_ends"),
            models.CheckConstraint(
                condition=Q(kind="stage", parent__isnull=False) | Q(kind="overall", parent__isnull=True),
                name="plan_stage_has_its_overall_plan",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("issued", "superseded", "ended"))
                | (Q(issued_on__isnull=False, issued_content__isnull=False) & ~Q(number="") & ~Q(sha256="")),
                name="plan_issued_has_number_and_hash",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("approved", "issued", "superseded", "ended"))
                | Q(approved_on__isnull=False, approved_by__isnull=False),
                name="plan_issued_was_approved",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether its words may still be changed."""
        return self.state in self.OPEN_STATES

    @property
    def is_issued(self) -> bool:
        """Whether it is in force (or will be from its first day)."""
        return self.state == self.State.ISSUED

    @property
    def was_issued(self) -> bool:
        """Whether it was issued once, in force or not."""
        return self.state in self.PAST_ISSUE


class PlanSection(models.Model):
    """方案章节: one part of a plan's text (目标, 任务, 保障 …) in its place."""

    plan = models.ForeignKey(Plan, on_delete=models.RESTRICT, related_name="sections", verbose_name=_("工作方案"))
    position = models.PositiveIntegerField(_("次序"))
    heading = models.CharField(_("章节标题"), max_length=100)
    text = models.TextField(_("正文"), max_length=10_000, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("方案章节")
        verbose_name_plural = _("方案章节")
        ordering = ("plan", "position", "id")

    def __str__(self) -> str:
        return self.heading


class PlanItem(models.Model):
    """方案事项: one thing a plan wants done, for a task of the table, by a unit, until a day."""

    class State(models.TextChoices):
        """Whether it is late follows from the dates and is never stored."""

        OPEN = "open", _("推进中")
        DONE = "done", _("已完成")
        DROPPED = "dropped", _("已取消")

    plan = models.ForeignKey(Plan, on_delete=models.RESTRICT, related_name="items", verbose_name=_("工作方案"))
    number = models.PositiveIntegerField(_("编号"))
    title = models.CharField(pgettext_lazy("plan", "事项"), max_length=200)
    task = models.ForeignKey(Task, on_delete=models.RESTRICT, related_name="plan_items", verbose_name=_("服务的任务"))
    unit = models.ForeignKey(Unit, on_delete=models.RESTRICT, related_name="plan_items", verbose_name=_("责任单位"))
    person = models.CharField(_("责任人"), max_length=50, blank=True)
    starts_on = models.DateField(_("开始日期"), null=True, blank=True)
    due_on = models.DateField(_("完成期限"))
    # As issued: kept whatever adjustments say later.
    first_due_on = models.DateField(_("印发时的期限"), null=True, blank=True)
    weight = models.PositiveSmallIntegerField(_("权重"), default=1)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.OPEN)
    done_on = models.DateField(_("完成日期"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("方案事项")
        verbose_name_plural = _("方案事项")
        ordering = ("plan", "number", "id")
        indexes = (models.Index(fields=("task", "state", "due_on")), models.Index(fields=("unit", "state", "due_on")))
        constraints = (
            models.UniqueConstraint(fields=("plan", "number"), name="plan_item_number_once"),
            models.CheckConstraint(
                condition=Q(state="done", done_on__isnull=False) | (~Q(state="done") & Q(done_on__isnull=True)),
                name="plan_item_done_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(starts_on__lte=F("due_on")), name="plan_item_starts_before_due"
            ),
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=100), name="plan_item_weight_1_to_100"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_moved(self) -> bool:
        """Whether its date is another one than the plan was issued with."""
        return self.first_due_on is not None and self.first_due_on != self.due_on

    def is_late_on(self, day: date) -> bool:
        """Whether it is still open after its date."""
        return self.state == self.State.OPEN and self.due_on < day


class PlanItemReport(models.Model):
    """事项填报: what the unit in charge tells of an item, with files as evidence."""

    item = models.ForeignKey(PlanItem, on_delete=models.RESTRICT, related_name="reports", verbose_name=_("方案事项"))
    unit = models.ForeignKey(Unit, on_delete=models.RESTRICT, related_name="+", verbose_name=_("填报单位"))
    text = models.TextField(_("完成情况"), max_length=2000)
    # Whether the item was reported as done with it.
    is_done = models.BooleanField(_("报完成"), default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("填报人")
    )
    at = models.DateTimeField(_("填报时间"))
    attachments = GenericRelation(Attachment, content_type_field="owner_type", object_id_field="owner_id")

    class Meta:
        verbose_name = _("事项填报")
        verbose_name_plural = _("事项填报")
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return self.text[:60]
