"""Outgoing papers and how they were delivered."""

from __future__ import annotations

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.kernel.models.accounts import User
from chuangju.kernel.models.attachments import Attachment


class Paper(models.Model):
    """文书: a paper on its way out, from the draft without a seal to the sealed copy in the hands of its reader.

    Its words come from the record it is about, through a template, until it is handed over; from then on they are the
    two files kept with it (docx and PDF), whose hashes anybody can compare.
    """

    class State(models.TextChoices):
        """How far a paper has come."""

        DRAFT = "draft", _("草稿（未用印）")
        HANDED_OVER = "handed_over", _("已送核稿（未用印）")
        SEALED = "sealed", _("已用印")
        DELIVERED = "delivered", _("已送达")
        VOIDED = "voided", pgettext_lazy("paper", "已作废")

    class Openness(models.TextChoices):
        """Whether the public may read it, as the rules on open government ask of every paper."""

        OPEN = "open", _("主动公开")
        ON_REQUEST = "on_request", _("依申请公开")
        CLOSED = "closed", _("不予公开")

    template_key = models.CharField(_("文书种类"), max_length=64)
    subject_type = models.ForeignKey(ContentType, on_delete=models.RESTRICT, related_name="+")
    subject_id = models.CharField(max_length=64)
    subject = GenericForeignKey("subject_type", "subject_id")
    title = models.CharField(_("标题"), max_length=200)
    recipient = models.CharField(_("主送"), max_length=500, blank=True)
    issuer = models.CharField(_("发文机关"), max_length=200, blank=True)
    openness = models.CharField(_("公开属性"), max_length=16, choices=Openness.choices)
    state = models.CharField(_("状态"), max_length=16, choices=State.choices, default=State.DRAFT)
    code = models.CharField(_("核验码"), max_length=16, unique=True)
    number = models.CharField(_("发文字号"), max_length=80, blank=True)
    sealed_on = models.DateField(_("用印日期"), null=True, blank=True)
    docx = models.ForeignKey(
        Attachment, null=True, blank=True, on_delete=models.RESTRICT, related_name="+", verbose_name=_("送核稿件")
    )
    pdf = models.ForeignKey(
        Attachment, null=True, blank=True, on_delete=models.RESTRICT, related_name="+", verbose_name=_("送核稿件 PDF")
    )
    scan = models.ForeignKey(
        Attachment, null=True, blank=True, on_delete=models.RESTRICT, related_name="+", verbose_name=_("用印扫描件")
    )
    # Of the very file that was sent: a photo is stored re-encoded, and its sender compares the one still in hand.
    scan_sha256 = models.CharField(_("用印扫描件校验值"), max_length=64, blank=True)
    drafted_by = models.ForeignKey(User, on_delete=models.RESTRICT, related_name="+", verbose_name=_("起草人"))
    drafted_at = models.DateTimeField(_("起草时间"))
    handed_over_at = models.DateTimeField(_("送核时间"), null=True, blank=True)
    sealed_at = models.DateTimeField(_("登记用印时间"), null=True, blank=True)
    voided_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    void_reason = models.CharField(_("作废原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("文书")
        verbose_name_plural = _("文书")
        ordering = ("-drafted_at", "-pk")
        indexes = (models.Index(fields=("subject_type", "subject_id")), models.Index(fields=("state",)))
        constraints = (
            models.UniqueConstraint(fields=("number",), condition=~Q(number=""), name="paper_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "voided"))
                | Q(docx__isnull=False, pdf__isnull=False, handed_over_at__isnull=False),
                name="paper_handed_over_with_files",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("sealed", "delivered"))
                | (Q(sealed_on__isnull=False, scan__isnull=False) & ~Q(number="")),
                name="paper_sealed_with_number_and_scan",
            ),
            models.CheckConstraint(
                condition=~Q(state="voided") | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
                name="paper_voided_with_reason",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_sealed(self) -> bool:
        """Whether the paper has its seal, so that it may leave the house."""
        return self.state in {Paper.State.SEALED, Paper.State.DELIVERED}


class PaperDelivery(models.Model):
    """送达: one way in which a sealed paper came to one reader."""

    class Method(models.TextChoices):
        """How it went there."""

        EXCHANGE = "exchange", _("公文交换")
        COUNTER = "counter", _("当面送交")
        POST = "post", _("邮寄")
        ONLINE = "online", _("网上送达")
        NOTICE = "notice", _("公告送达")

    paper = models.ForeignKey(Paper, on_delete=models.RESTRICT, related_name="deliveries", verbose_name=_("文书"))
    recipient = models.CharField(_("受送达人"), max_length=200)
    method = models.CharField(_("送达方式"), max_length=16, choices=Method.choices)
    delivered_on = models.DateField(_("送达日期"))
    note = models.CharField(_("送达备注"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.RESTRICT, related_name="+", verbose_name=_("登记人"))
    recorded_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("送达记录")
        verbose_name_plural = _("送达记录")
        ordering = ("delivered_on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("paper", "recipient", "method", "delivered_on"), name="paper_delivery_recorded_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.recipient} {self.delivered_on}"
