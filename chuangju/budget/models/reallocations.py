"""Reallocations: money moved between lines, or given and taken back in mid-year, once a second person agrees."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.budget.models.entries import Entry
from chuangju.budget.models.lines import BudgetLine


class Reallocation(models.Model):
    """预算调剂: proposed by finance, approved by somebody else; without a source it adds money, without an aim it cuts."""

    class State(models.TextChoices):
        """From proposal to decision."""

        PROPOSED = "proposed", pgettext_lazy("budget", "待审批")
        APPROVED = "approved", pgettext_lazy("budget", "已批准")
        REFUSED = "refused", pgettext_lazy("budget", "未批准")
        WITHDRAWN = "withdrawn", pgettext_lazy("budget", "已撤回")

    source = models.ForeignKey(
        BudgetLine,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="moved_out",
        verbose_name=_("调出条目"),
    )
    target = models.ForeignKey(
        BudgetLine,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="moved_in",
        verbose_name=_("调入条目"),
    )
    amount = models.BigIntegerField(_("金额（分）"))
    reason = models.CharField(_("事由"), max_length=300)
    document = models.CharField(_("依据文号"), max_length=120, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.PROPOSED)
    entry = models.OneToOneField(
        Entry, null=True, blank=True, on_delete=models.RESTRICT, related_name="reallocation", verbose_name=_("分录")
    )
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
        verbose_name=_("审批人"),
    )
    decided_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    answer = models.CharField(_("审批意见"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("预算调剂")
        verbose_name_plural = _("预算调剂")
        ordering = ("-proposed_at", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="reallocation_moves_something"),
            models.CheckConstraint(
                condition=Q(source__isnull=False) | Q(target__isnull=False), name="reallocation_names_a_line"
            ),
            models.CheckConstraint(
                condition=Q(source__isnull=True) | Q(target__isnull=True) | ~Q(source=F("target")),
                name="reallocation_between_two_lines",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")) | Q(state="withdrawn"),
                name="reallocation_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(state="approved", entry__isnull=False, decided_by__isnull=False)
                | (~Q(state="approved") & Q(entry__isnull=True)),
                name="reallocation_approved_stands_in_the_ledger",
            ),
        )

    def __str__(self) -> str:
        return self.reason[:60]
