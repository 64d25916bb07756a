"""匹配与测算: which enterprises of a register qualify for which policies, and what a change of one would cost."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.ventures.models import RegisterSnapshot


class MatchRun(models.Model):
    """匹配批次: every enterprise of a register against policies, on one day; the decisions lie in a file of their own."""

    class State(models.TextChoices):
        """Whether it has come to its end; how far it is says its job."""

        COUNTING = "counting", _("计算中")
        DONE = "done", pgettext_lazy("match", "已完成")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.COUNTING)
    snapshot = models.ForeignKey(
        RegisterSnapshot, on_delete=models.RESTRICT, related_name="match_runs", verbose_name=_("企业名录")
    )
    on = models.DateField(_("测算日期"))
    # As id@version; the digest of each text, so that an old run can say what it went by.
    policies = models.JSONField(_("政策"), default=list)
    title = models.CharField(_("名称"), max_length=120, blank=True)
    rows = models.PositiveIntegerField(_("企业数"), default=0)
    milliseconds = models.PositiveIntegerField(_("用时"), default=0)
    # What pages show of it, counted once: by policy, town, industry and size; near misses by what is lacking.
    summary = models.JSONField(null=True, blank=True)
    sha256 = models.CharField(_("校验值"), max_length=64, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("发起人"),
    )
    started_at = models.DateTimeField(_("发起时间"))
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("匹配批次")
        verbose_name_plural = _("匹配批次")
        ordering = ("-started_at", "-pk")
        indexes = (models.Index(fields=("state", "started_at")),)
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="done") | (Q(summary__isnull=False, finished_at__isnull=False) & ~Q(sha256="")),
                name="match_run_done_has_its_result",
            ),
        )

    def __str__(self) -> str:
        return self.title or str(self.on)

    @property
    def is_done(self) -> bool:
        """Whether its result is there."""
        return self.state == self.State.DONE

    @property
    def counted(self) -> dict[str, Any]:
        """The summary; empty before the end."""
        return self.summary or {}


class Simulation(models.Model):
    """政策测算: what a policy would cost, and whom it would reach, with other figures or another condition."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("名称"), max_length=120)
    policy_key = models.CharField(_("政策版本"), max_length=130)
    snapshot = models.ForeignKey(
        RegisterSnapshot, on_delete=models.RESTRICT, related_name="simulations", verbose_name=_("企业名录")
    )
    on = models.DateField(_("测算日期"))
    # {"parameters": {name: text}, "conditions": {id: text}, "sweep": {…}}
    changes = models.JSONField(_("改动"), default=dict)
    # Whole fen; none where no budget was typed in.
    budget = models.BigIntegerField(_("预算"), null=True, blank=True)
    result = models.JSONField(default=dict)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("保存人"),
    )
    saved_at = models.DateTimeField(_("保存时间"))

    class Meta:
        verbose_name = _("政策测算")
        verbose_name_plural = _("政策测算")
        ordering = ("-saved_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(budget__isnull=True) | Q(budget__gte=0), name="simulation_budget_is_not_negative"
            ),
        )

    def __str__(self) -> str:
        return self.title
