"""What ventures look for in the way of finance, and what banks and funds answered."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.ventures.models import Party


class FinancingNeed(models.Model):
    """融资需求: how much a venture looks for, for what, until when; shown to banks and funds."""

    class Kind(models.TextChoices):
        """In what form."""

        LOAN = "loan", pgettext_lazy("financing", "银行贷款")
        GUARANTEE = "guarantee", pgettext_lazy("financing", "担保增信")
        EQUITY = "equity", pgettext_lazy("financing", "股权投资")
        LEASING = "leasing", pgettext_lazy("financing", "融资租赁")

    class State(models.TextChoices):
        """Open to answers, ended with or without money, taken back."""

        OPEN = "open", pgettext_lazy("financing", "征集中")
        FUNDED = "funded", pgettext_lazy("financing", "已落实")
        UNMET = "unmet", pgettext_lazy("financing", "未落实")
        WITHDRAWN = "withdrawn", pgettext_lazy("financing", "已撤下")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    party = models.ForeignKey(Party, on_delete=models.RESTRICT, related_name="financing_needs", verbose_name=_("企业"))
    kind = models.CharField(_("融资方式"), max_length=16, choices=Kind)
    # Whole fen.
    amount = models.BigIntegerField(_("需求金额"))
    months = models.PositiveIntegerField(_("期限（月）"), null=True, blank=True)
    purpose = models.CharField(_("用途"), max_length=500)
    contact = models.CharField(_("联系人和电话"), max_length=120)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.OPEN)
    outcome = models.CharField(_("结果说明"), max_length=500, blank=True, default="")
    # Whole fen that came of it.
    funded_amount = models.BigIntegerField(_("落实金额"), null=True, blank=True)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("发布人")
    )
    posted_at = models.DateTimeField(_("发布时间"))
    # The last day on which banks and funds are asked.
    open_until = models.DateField(_("征集截止日"))
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    is_demo = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("融资需求")
        verbose_name_plural = _("融资需求")
        ordering = ("-posted_at", "id")
        indexes = (models.Index(fields=("state", "open_until")),)
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="financing_need_is_more_than_nothing"),
            models.CheckConstraint(
                condition=~Q(state="funded") | Q(funded_amount__gt=0), name="financing_funded_says_how_much"
            ),
            models.UniqueConstraint(
                fields=("party", "kind"), condition=Q(state="open"), name="financing_one_open_of_a_kind"
            ),
        )

    def __str__(self) -> str:
        return f"{self.party} {self.get_kind_display()}"


class FinancingAnswer(models.Model):
    """融资答复: what one institution said to a need; the newest of an institution counts."""

    class Kind(models.TextChoices):
        """What was said."""

        INTERESTED = "interested", pgettext_lazy("financing", "有意向")
        OFFERED = "offered", pgettext_lazy("financing", "提出方案")
        DECLINED = "declined", pgettext_lazy("financing", "不参与")

    need = models.ForeignKey(
        FinancingNeed, on_delete=models.RESTRICT, related_name="answers", verbose_name=_("融资需求")
    )
    institution = models.CharField(_("机构"), max_length=120)
    kind = models.CharField(_("答复"), max_length=16, choices=Kind)
    text = models.CharField(_("说明"), max_length=1000, blank=True, default="")
    # Whole fen; basis points a year.
    amount = models.BigIntegerField(_("可提供金额"), null=True, blank=True)
    rate = models.PositiveIntegerField(_("年利率（基点）"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("答复人")
    )
    answered_at = models.DateTimeField(_("答复时间"))
    # Working days from the need to this answer.
    days = models.PositiveIntegerField(_("用时（工作日）"))

    class Meta:
        verbose_name = _("融资答复")
        verbose_name_plural = _("融资答复")
        ordering = ("need", "answered_at", "pk")
        constraints = (
            models.CheckConstraint(condition=~Q(kind="declined") | ~Q(text=""), name="financing_declined_says_why"),
        )

    def __str__(self) -> str:
        return f"{self.institution} {self.get_kind_display()}"
