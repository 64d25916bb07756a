"""What is done for the table: milestones under measures, and the notes that tell of progress."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.models import Attachment
from chuangju.programme.models.table import Measure, Task
from chuangju.units.models import Unit


class Milestone(models.Model):
    """落实节点: ours, not the table's: a step under a measure with a unit that owes it and, mostly, a date."""

    class State(models.TextChoices):
        """Whether it is late follows from the dates and is never stored."""

        OPEN = "open", _("推进中")
        DONE = "done", _("已完成")
        DROPPED = "dropped", _("已取消")

    measure = models.ForeignKey(
        Measure, on_delete=models.RESTRICT, related_name="milestones", verbose_name=_("推进举措")
    )
    title = models.CharField(_("落实节点"), max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.RESTRICT, related_name="milestones", verbose_name=_("责任单位"))
    due_on = models.DateField(_("完成期限"), null=True, blank=True)
    done_on = models.DateField(_("完成日期"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.OPEN)
    # Counts up with every change; a form made from an older revision is stale.
    revision = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("添加人")
    )
    created_at = models.DateTimeField(verbose_name=_("添加时间"))

    class Meta:
        verbose_name = _("落实节点")
        verbose_name_plural = _("落实节点")
        ordering = ("measure", "due_on", "id")
        indexes = (models.Index(fields=("state", "due_on")),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="done", done_on__isnull=False) | (~Q(state="done") & Q(done_on__isnull=True)),
                name="milestone_done_has_its_day",
            ),
        )

    def __str__(self) -> str:
        return self.title


class ProgressNote(models.Model):
    """进展记录: what a unit did, in words and pictures; shown to the public only once the office releases it."""

    task = models.ForeignKey(Task, on_delete=models.RESTRICT, related_name="notes", verbose_name=_("工作任务"))
    milestone = models.ForeignKey(
        Milestone, null=True, blank=True, on_delete=models.RESTRICT, related_name="notes", verbose_name=_("落实节点")
    )
    unit = models.ForeignKey(Unit, on_delete=models.RESTRICT, related_name="+", verbose_name=_("填报单位"))
    text = models.TextField(_("进展情况"), max_length=2000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("填报人")
    )
    at = models.DateTimeField(_("填报时间"))
    released_at = models.DateTimeField(_("公开时间"), null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("公开人"),
    )
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("撤回原因"), max_length=200, blank=True)
    attachments = GenericRelation(Attachment, content_type_field="owner_type", object_id_field="owner_id")

    class Meta:
        verbose_name = _("进展记录")
        verbose_name_plural = _("进展记录")
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("task", "-at")),)

    def __str__(self) -> str:
        return self.text[:60]
