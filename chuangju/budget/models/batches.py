"""Batches of payments, as they go to the treasury and come back."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.units.models import Unit


class PaymentBatch(models.Model):
    """拨付批次: payments of one unit that are checked, approved and sent together; four eyes on each."""

    class State(models.TextChoices):
        """From gathering to the last answer."""

        DRAFT = "draft", pgettext_lazy("batch", "组批中")
        CHECKED = "checked", pgettext_lazy("batch", "已联审")
        APPROVED = "approved", pgettext_lazy("batch", "已审批")
        SENT = "sent", pgettext_lazy("batch", "已报送")
        SETTLED = "settled", pgettext_lazy("batch", "已结清")
        DISSOLVED = "dissolved", _("已撤批")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("批次号"), max_length=24, unique=True)
    unit = models.ForeignKey(
        Unit, on_delete=models.RESTRICT, related_name="payment_batches", verbose_name=_("预算单位")
    )
    title = models.CharField(_("批次名称"), max_length=120)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.DRAFT)
    total = models.BigIntegerField(_("合计（分）"), default=0)
    count = models.PositiveIntegerField(_("笔数"), default=0)
    # Of the file that went out, so that it can be told from any other.
    sha256 = models.CharField(_("校验值"), max_length=64, blank=True)
    returned_reason = models.CharField(_("退回原因"), max_length=300, blank=True)
    is_demo = models.BooleanField(_("演示数据"), default=False)
    revision = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("组批人")
    )
    created_at = models.DateTimeField(_("组批时间"))
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("联审人"),
    )
    checked_at = models.DateTimeField(_("联审时间"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("审批人"),
    )
    approved_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("报送人"),
    )
    sent_at = models.DateTimeField(_("报送时间"), null=True, blank=True)
    settled_at = models.DateTimeField(_("结清时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("拨付批次")
        verbose_name_plural = _("拨付批次")
        ordering = ("-created_at", "-number")
        indexes = (models.Index(fields=("unit", "state")),)
        constraints = (
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("checked_by")) & ~Q(approved_by=F("created_by"))),
                name="batch_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "dissolved")) | Q(checked_by__isnull=False),
                name="batch_checked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "checked", "dissolved")) | Q(approved_by__isnull=False),
                name="batch_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("sent", "settled")) | Q(sent_at__isnull=False), name="batch_sent_has_its_moment"
            ),
        )

    def __str__(self) -> str:
        return self.number


class AnswerFile(models.Model):
    """国库回执: one file of answers that was read whole; the same file is never taken in twice."""

    batch = models.ForeignKey(
        PaymentBatch, on_delete=models.RESTRICT, related_name="answers", verbose_name=_("拨付批次")
    )
    name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(_("校验值"), max_length=64)
    rows = models.PositiveIntegerField(_("行数"))
    total = models.BigIntegerField(_("支付成功合计（分）"))
    paid = models.PositiveIntegerField(_("成功笔数"))
    failed = models.PositiveIntegerField(_("失败笔数"))
    returned = models.PositiveIntegerField(_("退票笔数"))
    unchanged = models.PositiveIntegerField(_("无变化笔数"))
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("导入人")
    )
    read_at = models.DateTimeField(_("导入时间"))

    class Meta:
        verbose_name = _("国库回执")
        verbose_name_plural = _("国库回执")
        ordering = ("-read_at", "-id")
        constraints = (models.UniqueConstraint(fields=("batch", "sha256"), name="answer_file_once_per_batch"),)

    def __str__(self) -> str:
        return self.name
