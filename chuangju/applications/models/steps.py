"""The nodes of a case's process, and what holds it up from a day to a day."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.models.cases import Application
from chuangju.kernel.encryption import EncryptedTextField
from chuangju.kernel.models import Attachment
from chuangju.units.models import Unit


class Step(models.Model):
    """环节: one node of the process as the policy file names it; steps with one position run side by side."""

    class Kind(models.TextChoices):
        """What is done there; the words of policy files are brought to these by data."""

        ACCEPT = "accept", _("收件受理")
        SCREEN = "screen", _("初审")
        VERIFY = "verify", _("审核")
        CONSULT = "consult", _("会签")
        VISIT = "visit", _("现场核查")
        PANEL = "panel", _("专家评审")
        APPROVE = "approve", _("审定")
        NOTICE = "notice", _("公示")
        REFERRAL = "referral", _("转外部办理")
        PAY = "pay", _("拨付")
        CONFIRM = "confirm", _("申请人确认")

    class State(models.TextChoices):
        """Steps open one after the other."""

        WAITING = "waiting", pgettext_lazy("step", "未开始")
        OPEN = "open", pgettext_lazy("step", "进行中")
        DONE = "done", pgettext_lazy("step", "已完成")
        SKIPPED = "skipped", pgettext_lazy("step", "不需要")

    class Join(models.TextChoices):
        """When several steps of one position are enough."""

        ALL = "all", _("全部答复")
        ANY = "any", _("任一答复")
        LEAD = "lead", _("牵头单位决定")

    class Result(models.TextChoices):
        """How it ended."""

        NONE = "", "—"
        PASSED = "passed", pgettext_lazy("step", "通过")
        FAILED = "failed", pgettext_lazy("step", "不通过")
        SILENT = "silent", _("逾期视为同意")
        UNDECIDED = "undecided", _("仅提意见")

    application = models.ForeignKey(
        Application, on_delete=models.RESTRICT, related_name="steps", verbose_name=_("办件")
    )
    position = models.PositiveIntegerField(_("次序"))
    kind = models.CharField(_("种类"), max_length=16, choices=Kind)
    # The word of the policy file, such as "bank".
    word = models.CharField(max_length=40, blank=True, default="")
    label = models.CharField(_("名称"), max_length=200)
    label_en = models.CharField(_("英文名称"), max_length=200, blank=True, default="")
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.RESTRICT, related_name="+", verbose_name=_("办理单位")
    )
    # Of an outside body that has no entry among the units.
    body = models.CharField(_("外部机构"), max_length=200, blank=True, default="")
    is_lead = models.BooleanField(_("牵头"), default=False)
    join = models.CharField(_("汇合规则"), max_length=8, choices=Join, default=Join.ALL)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.WAITING)
    result = models.CharField(_("结果"), max_length=16, choices=Result, blank=True, default=Result.NONE)
    # Working days as promised by the file; None where it says nothing.
    days = models.PositiveIntegerField(_("工作日"), null=True, blank=True)
    # After so many working days silence counts as consent; None: never.
    silence_days = models.PositiveIntegerField(_("视为同意"), null=True, blank=True)
    options = models.JSONField(_("设置"), default=dict, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="assigned_steps",
        verbose_name=_("承办人"),
    )
    opened_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    due_on = models.DateField(_("应办结日"), null=True, blank=True)
    done_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("办理人"),
    )
    opinion = models.CharField(_("意见"), max_length=2000, blank=True, default="")
    # What else the step leaves: scores, receipt numbers, place of a visit; JSON, may be personal.
    findings = EncryptedTextField(_("记录"), blank=True, default="")
    revision = models.PositiveIntegerField(default=1)
    attachments = GenericRelation(Attachment, content_type_field="owner_type", object_id_field="owner_id")

    class Meta:
        verbose_name = _("环节")
        verbose_name_plural = _("环节")
        ordering = ("application", "position", "pk")
        indexes = (
            models.Index(fields=("state", "unit", "due_on")),
            # Everything that the counts of the workbench ask about, so that they read no rows.
            models.Index(fields=("state", "unit", "kind", "due_on", "application"), name="step_on_a_desk"),
            models.Index(fields=("state", "kind")),
            models.Index(fields=("assignee", "state")),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="open") | Q(opened_at__isnull=False), name="step_open_has_its_moment"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | (Q(done_at__isnull=False) & ~Q(result="")), name="step_done_says_how"
            ),
        )

    def __str__(self) -> str:
        return self.label


class ApplicationFlag(models.Model):
    """标记: what holds a case up or needs eyes, from a moment to a moment, with its reason."""

    class Kind(models.TextChoices):
        """Why."""

        CORRECTION = "correction", _("补正中")
        EXTERNAL = "external", _("等待外部机构")
        SUSPENDED = "suspended", pgettext_lazy("case", "暂停")
        NOTICE = "notice", _("公示中")
        OBJECTION = "objection", _("有异议")
        FUNDS = "funds", _("等待资金")
        RESERVE = "reserve", _("候补")
        DISPUTED = "disputed", _("数据有异议")
        # 容缺: a paper that was to follow is not there after its day.
        OVERDUE = "overdue", _("容缺材料逾期")

    application = models.ForeignKey(
        Application, on_delete=models.RESTRICT, related_name="flags", verbose_name=_("办件")
    )
    kind = models.CharField(_("标记"), max_length=16, choices=Kind)
    reason = models.CharField(_("原因"), max_length=500)
    began_at = models.DateTimeField(_("起"))
    ended_at = models.DateTimeField(_("止"), null=True, blank=True)
    began_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )

    class Meta:
        verbose_name = _("标记")
        verbose_name_plural = _("标记")
        ordering = ("application", "began_at", "pk")
        indexes = (models.Index(fields=("kind", "ended_at")),)
        constraints = (
            models.UniqueConstraint(
                fields=("application", "kind"), condition=Q(ended_at__isnull=True), name="application_flag_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")), name="application_flag_ends_after"
            ),
        )

    def __str__(self) -> str:
        return str(self.get_kind_display())
