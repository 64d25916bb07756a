"""What was decided, alone or for a whole list, made public and objected to; a decision is never edited."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.models.cases import Application
from chuangju.applications.models.frozen import FrozenFacts
from chuangju.applications.models.windows import Window
from chuangju.kernel.encryption import EncryptedTextField
from chuangju.units.models import Unit


class DecisionBatch(models.Model):
    """批量审定: a ranked list with its cut line, decided as a whole."""

    class State(models.TextChoices):
        """Prepared, frozen, put forward, approved, in notice, published."""

        DRAFT = "draft", pgettext_lazy("batch", "拟定中")
        FROZEN = "frozen", pgettext_lazy("batch", "已锁定")
        PROPOSED = "proposed", pgettext_lazy("batch", "已报审定")
        APPROVED = "approved", pgettext_lazy("batch", "已审定")
        NOTICE = "notice", pgettext_lazy("batch", "公示中")
        PUBLISHED = "published", pgettext_lazy("batch", "已公布")
        RETURNED = "returned", pgettext_lazy("batch", "已退回")

    # As long as it is one of these the list is not decided; a window has one such list.
    OPEN_STATES = (State.DRAFT, State.FROZEN, State.PROPOSED)

    window = models.ForeignKey(Window, on_delete=models.RESTRICT, related_name="batches", verbose_name=_("申报批次"))
    # The list whose reserves this one moves up or refuses.
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.RESTRICT, related_name="children", verbose_name=_("原名单")
    )
    title = models.CharField(_("名称"), max_length=200)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.DRAFT)
    # Whole fen; places.
    money = models.BigIntegerField(_("资金额度"), null=True, blank=True)
    places = models.PositiveIntegerField(_("名额"), null=True, blank=True)
    # So many at the head of the list are granted, so many after them wait.
    cut_line = models.PositiveIntegerField(_("入围数"), default=0)
    reserve_count = models.PositiveIntegerField(_("候补数"), default=0)
    # [{"application": id, "score": hundredths, "rank": n, "amount": fen, "moves": […], …}, …] in its order; once frozen
    # each with its outcome, and nothing moves any more.
    ranking = models.JSONField(_("排序"), default=list, blank=True)
    sha256 = models.CharField(_("校验值"), max_length=64, blank=True, default="")
    frozen_at = models.DateTimeField(_("锁定时间"), null=True, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("拟定人")
    )
    proposed_at = models.DateTimeField(_("拟定时间"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("审定人"),
    )
    approved_at = models.DateTimeField(_("审定时间"), null=True, blank=True)
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    reason = models.CharField(_("说明"), max_length=500, blank=True, default="")
    revision = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("批量审定")
        verbose_name_plural = _("批量审定")
        ordering = ("-proposed_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="decision_batch_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "returned")) | (~Q(sha256="") & Q(frozen_at__isnull=False)),
                name="decision_batch_frozen_has_its_hash",
            ),
            models.UniqueConstraint(
                fields=("window",),
                condition=Q(state__in=("draft", "frozen", "proposed")),
                name="decision_batch_one_open_per_window",
            ),
        )

    def __str__(self) -> str:
        return self.title


class Decision(models.Model):
    """决定: the outcome of a case with its amount and reasons; pending until it is published, then final."""

    class Outcome(models.TextChoices):
        """What was decided."""

        GRANTED = "granted", pgettext_lazy("decision", "予以支持")
        REFUSED = "refused", pgettext_lazy("decision", "不予支持")
        UPHELD = "upheld", pgettext_lazy("decision", "维持原决定")
        CHANGED = "changed", pgettext_lazy("decision", "变更原决定")
        REVOKED = "revoked", pgettext_lazy("decision", "撤销原决定")

    class State(models.TextChoices):
        """Proposed by one, approved by another, published after the notice."""

        PROPOSED = "proposed", pgettext_lazy("decision", "拟定")
        APPROVED = "approved", pgettext_lazy("decision", "已审定，待公布")
        PUBLISHED = "published", pgettext_lazy("decision", "已生效")
        RETURNED = "returned", pgettext_lazy("decision", "已退回")
        REPLACED = "replaced", pgettext_lazy("decision", "已被变更")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(
        Application, on_delete=models.RESTRICT, related_name="decisions", verbose_name=_("办件")
    )
    batch = models.ForeignKey(
        DecisionBatch,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="decisions",
        verbose_name=_("批量审定"),
    )
    outcome = models.CharField(_("结果"), max_length=16, choices=Outcome)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.PROPOSED)
    # Whole fen; None for what is no money.
    amount = models.BigIntegerField(_("核定金额"), null=True, blank=True)
    # [{"condition": id, "zh": …, "en": …, "law": …}, …]
    reasons = models.JSONField(_("理由"), default=list, blank=True)
    remark = EncryptedTextField(_("审核意见"), blank=True, default="")
    frozen = models.ForeignKey(
        FrozenFacts, null=True, blank=True, on_delete=models.RESTRICT, related_name="decisions", verbose_name=_("依据")
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("拟定人"),
    )
    proposed_at = models.DateTimeField(_("拟定时间"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("审定人"),
    )
    approved_at = models.DateTimeField(_("审定时间"), null=True, blank=True)
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    effective_on = models.DateField(_("生效日"), null=True, blank=True)
    expires_on = models.DateField(_("失效日"), null=True, blank=True)
    # The last day on which it can be objected to.
    objection_until = models.DateField(_("异议截止日"), null=True, blank=True)
    return_reason = models.CharField(_("退回原因"), max_length=500, blank=True, default="")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("决定")
        verbose_name_plural = _("决定")
        ordering = ("application", "proposed_at", "pk")
        indexes = (models.Index(fields=("state", "outcome")),)
        constraints = (
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(proposed_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="decision_approved_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("approved", "published", "replaced")) | Q(approved_at__isnull=False),
                name="decision_approved_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("published", "replaced"))
                | Q(published_at__isnull=False, effective_on__isnull=False),
                name="decision_published_has_its_days",
            ),
            models.UniqueConstraint(
                fields=("application",),
                condition=Q(state__in=("proposed", "approved", "published")),
                name="decision_one_that_counts_per_case",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="decision_amount_not_negative"
            ),
        )

    def __str__(self) -> str:
        return f"{self.application.title} {self.application.number or ''}".strip()


class PublicNotice(models.Model):
    """公示: what is to be decided, shown to everybody for so many working days."""

    class State(models.TextChoices):
        """Running, over, or taken back."""

        RUNNING = "running", pgettext_lazy("notice", "公示中")
        OVER = "over", pgettext_lazy("notice", "已结束")
        WITHDRAWN = "withdrawn", pgettext_lazy("notice", "已撤下")

    title = models.CharField(_("标题"), max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.RESTRICT, related_name="+", verbose_name=_("发布单位"))
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.RUNNING)
    starts_on = models.DateField(_("公示开始"))
    # The last day.
    ends_on = models.DateField(_("公示结束"))
    contact = models.CharField(_("联系方式"), max_length=300, blank=True, default="")
    decisions = models.ManyToManyField(Decision, related_name="notices", verbose_name=_("公示的决定"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )
    published_at = models.DateTimeField(_("发布时间"))
    is_demo = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("公示")
        verbose_name_plural = _("公示")
        ordering = ("-starts_on", "-pk")
        constraints = (models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="notice_days_in_order"),)

    def __str__(self) -> str:
        return self.title


class Objection(models.Model):
    """异议: somebody objects with their name during a notice; who it is stays secret from those objected to."""

    class State(models.TextChoices):
        """Received, looked into, answered."""

        RECEIVED = "received", pgettext_lazy("objection", "待核查")
        UPHELD = "upheld", pgettext_lazy("objection", "异议成立")
        REJECTED = "rejected", pgettext_lazy("objection", "异议不成立")

    notice = models.ForeignKey(
        PublicNotice, on_delete=models.RESTRICT, related_name="objections", verbose_name=_("公示")
    )
    decision = models.ForeignKey(
        Decision, on_delete=models.RESTRICT, related_name="objections", verbose_name=_("针对的决定")
    )
    name = EncryptedTextField(_("姓名或单位"))
    phone = EncryptedTextField(_("联系电话"))
    text = EncryptedTextField(_("异议内容"))
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.RECEIVED)
    answer = EncryptedTextField(_("核查结论"), blank=True, default="")
    made_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )
    decided_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("异议")
        verbose_name_plural = _("异议")
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return f"{self.notice_id} {self.state}"
