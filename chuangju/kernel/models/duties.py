"""Duties: what the programme does by itself, once for each period."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DutyRun(models.Model):
    """例行事务: one duty for one period; there is one row for each, whoever ran it and however often it was tried."""

    class State(models.TextChoices):
        """Running under a lease, to be tried again, or at an end: done, given up, or done with something for people to look at."""

        RUNNING = "running", _("正在执行")
        WAITING = "waiting", _("等待重试")
        DONE = "done", _("已完成")
        FAILED = "failed", _("执行失败")
        FOUND = "found", _("发现问题")

    duty = models.CharField(_("事务"), max_length=64)
    # The day or the quarter of an hour: "2026-06-15", "2026-06-15 10:15".
    period = models.CharField(_("期次"), max_length=16)
    starts_at = models.DateTimeField(_("期次开始"))
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.RUNNING)
    attempts = models.PositiveSmallIntegerField(_("执行次数"), default=0)
    next_try_at = models.DateTimeField(_("下次执行时间"), null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(_("执行进程"), max_length=100, blank=True)
    started_at = models.DateTimeField(_("开始时间"))
    finished_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    count = models.PositiveIntegerField(_("处理数"), null=True, blank=True)
    outcome = models.TextField(_("结果"), blank=True)
    problem = models.TextField(_("问题"), blank=True)
    # What fills the sentence of either, and its further lines by language: pages say them in the reader's.
    values = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("例行事务")
        verbose_name_plural = _("例行事务")
        ordering = ("-starts_at", "duty")
        constraints = (models.UniqueConstraint(fields=("duty", "period"), name="one_run_for_each_duty_and_period"),)
        indexes = (models.Index(fields=("duty", "starts_at")),)

    def __str__(self) -> str:
        return f"{self.duty} {self.period}"
