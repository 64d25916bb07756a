"""Background work: a job with its progress and its lease, and the processes that take jobs up."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.kernel.models.accounts import User


class Job(models.Model):
    """后台任务: work that outlives the request it was asked in; taken up under a lease, finished once, found again by its page."""

    class State(models.TextChoices):
        """From asking to an end; a failed attempt goes back to waiting until the attempts are used up."""

        WAITING = "waiting", _("等待执行")
        RUNNING = "running", _("正在执行")
        DONE = "done", _("已完成")
        FAILED = "failed", _("执行失败")
        CANCELLED = "cancelled", pgettext_lazy("job", "已中止")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("任务类型"), max_length=64)
    title = models.CharField(_("任务名称"), max_length=200)
    payload = models.JSONField(default=dict)
    # While a job of this kind and key lives, asking for it again gives the same job.
    key = models.CharField(max_length=200, blank=True)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.WAITING)
    started_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.RESTRICT, related_name="+", verbose_name=_("发起人")
    )
    created_at = models.DateTimeField(_("提交时间"))
    attempts = models.PositiveSmallIntegerField(_("执行次数"), default=0)
    next_try_at = models.DateTimeField(_("下次执行时间"))
    # Whoever holds the token may write; a new holder gets a new one, and the old one is fenced out.
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(_("执行进程"), max_length=100, blank=True)
    started_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    done = models.PositiveIntegerField(_("已处理"), default=0)
    total = models.PositiveIntegerField(_("总数"), default=0)
    progress_text = models.CharField(_("进度说明"), max_length=200, blank=True)
    # Written in the transaction of the effect itself: whoever finds it does not do the work again.
    effect_at = models.DateTimeField(_("生效时间"), null=True, blank=True)
    # {"sentence": …, "values": {…}, "address": …, "detail": {…}}
    result = models.JSONField(default=dict)
    problem = models.TextField(_("问题"), blank=True)
    # What the program said of itself, for whoever looks after it; never shown to others.
    fault = models.TextField(_("技术信息"), blank=True)
    cancel_requested_at = models.DateTimeField(_("请求取消时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("后台任务")
        verbose_name_plural = _("后台任务")
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "key"),
                condition=Q(state__in=("waiting", "running")) & ~Q(key=""),
                name="one_live_job_for_each_key",
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease_token__isnull=False, lease_until__isnull=False),
                name="running_job_has_a_lease",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "running")) | Q(finished_at__isnull=False),
                name="ended_job_has_its_moment",
            ),
        )
        indexes = (
            models.Index(fields=("state", "next_try_at")),
            models.Index(fields=("started_by", "created_at")),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_live(self) -> bool:
        """Whether something may still come of it."""
        return self.state in {self.State.WAITING, self.State.RUNNING}


class Worker(models.Model):
    """执行进程: a process that takes up jobs and duties; one that has not been heard of for a while is dead."""

    name = models.CharField(_("名称"), max_length=100, primary_key=True)
    started_at = models.DateTimeField(_("启动时间"))
    seen_at = models.DateTimeField(_("最近活动"))

    class Meta:
        verbose_name = _("执行进程")
        verbose_name_plural = _("执行进程")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
