"""征求意见: rounds in which units are asked about a draft plan, what they answer, and what became of each opinion."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.programme.models.plans import Plan, PlanItem, PlanSection
from chuangju.units.models import Unit


class PlanRound(models.Model):
    """征求意见轮次: the draft as it was sent round, to whom, and until when."""

    plan = models.ForeignKey(Plan, on_delete=models.RESTRICT, related_name="rounds", verbose_name=_("工作方案"))
    number = models.PositiveIntegerField(_("轮次"))
    words = models.CharField(_("征求意见说明"), max_length=500, blank=True)
    # The draft as sent (programme.plan_content.content_of): what opinions are about, and what the issued text is compared with.
    content = models.JSONField(_("征求意见稿"))
    due_on = models.DateField(_("反馈期限"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("发起人")
    )
    opened_at = models.DateTimeField(_("发起时间"))
    closed_at = models.DateTimeField(_("截止时间"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("截止人"),
    )

    class Meta:
        verbose_name = _("征求意见轮次")
        verbose_name_plural = _("征求意见轮次")
        ordering = ("plan", "-number")
        constraints = (
            models.UniqueConstraint(fields=("plan", "number"), name="plan_round_number_once"),
            models.UniqueConstraint(fields=("plan",), condition=Q(closed_at__isnull=True), name="plan_one_open_round"),
        )

    def __str__(self) -> str:
        return f"{self.plan}（{self.number}）"

    @property
    def is_open(self) -> bool:
        """Whether units may still answer."""
        return self.closed_at is None


class ConsultedUnit(models.Model):
    """被征求单位: one unit asked in a round, and how it answered."""

    class Answer(models.TextChoices):
        """Silence is written down when the round is closed; that a unit is late follows from the date."""

        WAITING = "waiting", _("待反馈")
        OPINIONS = "opinions", _("有意见")
        NO_OPINION = "no_opinion", _("无意见")
        SILENT = "silent", _("逾期未反馈")

    round = models.ForeignKey(
        PlanRound, on_delete=models.RESTRICT, related_name="asked", verbose_name=_("征求意见轮次")
    )
    unit = models.ForeignKey(Unit, on_delete=models.RESTRICT, related_name="+", verbose_name=_("单位"))
    answer = models.CharField(_("反馈"), max_length=16, choices=Answer, default=Answer.WAITING)
    answered_at = models.DateTimeField(_("反馈时间"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("反馈人"),
    )

    class Meta:
        verbose_name = _("被征求单位")
        verbose_name_plural = _("被征求单位")
        ordering = ("round", "unit__position", "id")
        constraints = (
            models.UniqueConstraint(fields=("round", "unit"), name="consulted_unit_once_in_a_round"),
            models.CheckConstraint(
                condition=Q(answer__in=("opinions", "no_opinion"), answered_at__isnull=False)
                | Q(answer__in=("waiting", "silent"), answered_at__isnull=True),
                name="consulted_unit_answer_has_its_moment",
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit} {self.get_answer_display()}"

    def is_late_on(self, day: date) -> bool:
        """Whether the answer is still missing after the last day."""
        return self.answer == self.Answer.WAITING and self.round.due_on < day


class Opinion(models.Model):
    """意见: what a unit wants changed in a draft, and whether it was taken up, with the reason."""

    class Result(models.TextChoices):
        """采纳情况."""

        PENDING = "pending", _("待处理")
        ADOPTED = "adopted", _("采纳")
        PARTLY = "partly", _("部分采纳")
        REJECTED = "rejected", _("不采纳")

    asked = models.ForeignKey(
        ConsultedUnit, on_delete=models.RESTRICT, related_name="opinions", verbose_name=_("被征求单位")
    )
    section = models.ForeignKey(
        PlanSection,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="opinions",
        verbose_name=_("章节"),
    )
    item = models.ForeignKey(
        PlanItem, null=True, blank=True, on_delete=models.RESTRICT, related_name="opinions", verbose_name=_("方案事项")
    )
    # What the section or item was called when the opinion was given.
    place = models.CharField(_("所涉内容"), max_length=220)
    text = models.TextField(pgettext_lazy("plan", "意见"), max_length=1000)
    suggestion = models.TextField(_("修改建议"), max_length=1000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("提出人")
    )
    at = models.DateTimeField(_("提出时间"))
    result = models.CharField(_("采纳情况"), max_length=16, choices=Result, default=Result.PENDING)
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("处理人"),
    )
    decided_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = pgettext_lazy("plan", "意见")
        verbose_name_plural = pgettext_lazy("plan", "意见")
        ordering = ("asked__unit__position", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(section__isnull=True) | Q(item__isnull=True), name="opinion_on_one_place"
            ),
            models.CheckConstraint(
                condition=Q(result="pending", decided_at__isnull=True)
                | (~Q(result="pending") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="opinion_decided_by_somebody",
            ),
            # 不采纳 and 部分采纳 never stand without their reason.
            models.CheckConstraint(
                condition=Q(result__in=("pending", "adopted")) | ~Q(reason=""), name="opinion_refused_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(decided_at__gte=F("at")), name="opinion_decided_after_given"
            ),
        )

    def __str__(self) -> str:
        return self.text[:60]
