"""One case from the draft to its end, who stands in it, and several cases that go together."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.models.offers import OfferRun
from chuangju.applications.models.windows import Window
from chuangju.kernel.encryption import EncryptedTextField
from chuangju.kernel.models import Attachment, Clock
from chuangju.units.models import Unit
from chuangju.ventures.models import Party


class ApplicationBundle(models.Model):
    """一件事: several applications over shared facts, such as all that belongs to opening a business."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event_key = models.CharField(_("事项"), max_length=64)
    subject = models.ForeignKey(
        Party, null=True, blank=True, on_delete=models.RESTRICT, related_name="bundles", verbose_name=_("主体")
    )
    # What the guide keeps: chosen answers, outcomes entered back, steps ticked; JSON, may be personal.
    notes = EncryptedTextField(_("办理记录"), blank=True, default="")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("发起人")
    )
    created_at = models.DateTimeField(_("发起时间"))
    is_demo = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("一件事")
        verbose_name_plural = _("一件事")
        ordering = ("-created_at", "id")

    def __str__(self) -> str:
        return self.event_key


class Application(models.Model):
    """办件: what somebody asks for under one policy; eight states, everything else is a step, a flag or a child case."""

    class State(models.TextChoices):
        """The whole life of a case; which steps lie in review is the policy's affair."""

        OFFERED = "offered", pgettext_lazy("case", "待确认领取")
        DRAFT = "draft", pgettext_lazy("case", "填写中")
        SUBMITTED = "submitted", pgettext_lazy("case", "已提交")
        IN_REVIEW = "in_review", pgettext_lazy("case", "办理中")
        GRANTED = "granted", pgettext_lazy("case", "已通过")
        REFUSED = "refused", pgettext_lazy("case", "未通过")
        WITHDRAWN = "withdrawn", pgettext_lazy("case", "已撤回")
        LAPSED = "lapsed", pgettext_lazy("case", "已失效")

    class Kind(models.TextChoices):
        """An application, or a case that grew out of one that was decided."""

        APPLICATION = "application", _("申请")
        OBJECTION = "objection", _("异议")
        REOPENING = "reopening", _("重新办理")
        CORRECTION = "correction", _("更正")
        RECOVERY = "recovery", _("追回")
        RENEWAL = "renewal", _("续期")
        SAMPLE = "sample", _("抽查")

    class Channel(models.TextChoices):
        """How it came in."""

        ONLINE = "online", _("网上申请")
        COUNTER = "counter", _("窗口代办")
        OFFERED = "offered", _("免申即享")

    # In these something may still come of it; a policy, subject and period have one such case.
    LIVE_STATES = (State.OFFERED, State.DRAFT, State.SUBMITTED, State.IN_REVIEW)
    OPEN_STATES = (State.SUBMITTED, State.IN_REVIEW)
    ENDED_STATES = (State.GRANTED, State.REFUSED, State.WITHDRAWN, State.LAPSED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Given on submission: district, day, running number.
    number = models.CharField(_("办件编号"), max_length=24, null=True, blank=True, unique=True)
    window = models.ForeignKey(
        Window, on_delete=models.RESTRICT, related_name="applications", verbose_name=_("申报批次")
    )
    policy_id = models.CharField(_("政策编号"), max_length=80)
    # Of the version that was looked at last; what counts is frozen at submission and decision.
    policy_version = models.CharField(_("政策版本"), max_length=40)
    title = models.CharField(_("事项"), max_length=200)
    kind = models.CharField(_("种类"), max_length=16, choices=Kind, default=Kind.APPLICATION)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.RESTRICT, related_name="children", verbose_name=_("原办件")
    )
    bundle = models.ForeignKey(
        ApplicationBundle,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="applications",
        verbose_name=_("一件事"),
    )
    # 免申即享: with whom it was offered.
    offer_run = models.ForeignKey(
        OfferRun, null=True, blank=True, on_delete=models.RESTRICT, related_name="offers", verbose_name=_("推送批次")
    )
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.DRAFT)
    channel = models.CharField(_("来源"), max_length=16, choices=Channel, default=Channel.ONLINE)
    subject = models.ForeignKey(
        Party, on_delete=models.RESTRICT, related_name="applications", verbose_name=_("申请主体")
    )
    payee = models.ForeignKey(
        Party,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="paid_applications",
        verbose_name=_("收款主体"),
    )
    # The month, quarter or year it is for, where a policy pays by periods; empty: once.
    period = models.CharField(_("所属期"), max_length=16, blank=True, default="")
    unit = models.ForeignKey(Unit, on_delete=models.RESTRICT, related_name="+", verbose_name=_("责任单位"))
    town = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.RESTRICT, related_name="+", verbose_name=_("所属街镇")
    )
    submitter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="applications",
        verbose_name=_("提交人"),
    )
    # {key: {"value": …, "source": "register|applicant|clerk|check", "said": text, "on": day}}, JSON of facts.
    answers = EncryptedTextField(_("填报数据"), blank=True, default="")
    # The account it is to be paid to: {"name", "number", "bank"}, JSON.
    account = EncryptedTextField(_("收款账户"), blank=True, default="")
    pledged_at = models.DateTimeField(_("承诺时间"), null=True, blank=True)
    # What the rule said when it was last looked at: for lists and the applicant's card. Whole fen.
    verdict = models.CharField(_("测算结论"), max_length=16, blank=True, default="")
    expected_amount = models.BigIntegerField(_("测算金额"), null=True, blank=True)
    granted_amount = models.BigIntegerField(_("核定金额"), null=True, blank=True)
    started_at = models.DateTimeField(_("开始填写"))
    changed_at = models.DateTimeField(_("最近变动"))
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    # 受理: complete, the clock runs.
    accepted_at = models.DateTimeField(_("受理时间"), null=True, blank=True)
    decided_at = models.DateTimeField(_("审定时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    end_reason = models.CharField(_("结束原因"), max_length=500, blank=True, default="")
    # The promised day as the clock stood when it was last moved, for lists; read_clock says what is true.
    due_on = models.DateField(_("承诺办结日"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(_("演示数据"), default=False)
    attachments = GenericRelation(Attachment, content_type_field="owner_type", object_id_field="owner_id")
    clocks = GenericRelation(Clock, content_type_field="owner_type", object_id_field="owner_id")

    class Meta:
        verbose_name = _("办件")
        verbose_name_plural = _("办件")
        ordering = ("-started_at", "id")
        indexes = (
            models.Index(fields=("state", "unit", "due_on")),
            models.Index(fields=("state", "town", "due_on")),
            models.Index(fields=("policy_id", "state")),
            models.Index(fields=("subject", "policy_id")),
            models.Index(fields=("submitted_at",)),
            # What search has not indexed yet is found by it.
            models.Index(fields=("changed_at",), name="application_changed"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("policy_id", "subject", "period"),
                condition=Q(state__in=("offered", "draft", "submitted", "in_review"), kind="application"),
                name="application_one_live_per_subject",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("offered", "draft", "withdrawn", "lapsed"))
                | Q(number__isnull=False, submitted_at__isnull=False),
                name="application_submitted_has_number",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("granted", "refused")) | Q(decided_at__isnull=False),
                name="application_decided_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("withdrawn", "lapsed")) | ~Q(end_reason=""), name="application_ended_says_why"
            ),
            models.CheckConstraint(
                condition=Q(kind="application") | Q(parent__isnull=False), name="application_child_has_parent"
            ),
            models.CheckConstraint(
                condition=(Q(expected_amount__isnull=True) | Q(expected_amount__gte=0))
                & (Q(granted_amount__isnull=True) | Q(granted_amount__gte=0)),
                name="application_amounts_not_negative",
            ),
        )

    def __str__(self) -> str:
        return f"{self.title}（{self.subject}）"

    @property
    def policy_key(self) -> str:
        """The version it goes by: id@version."""
        return f"{self.policy_id}@{self.policy_version}"

    @property
    def is_decided_in_round(self) -> bool:
        """Whether it is ranked and decided with all others of its round; what grew out of a case is looked at alone."""
        return self.kind == self.Kind.APPLICATION and self.window.kind == Window.Kind.COMPETITIVE

    @property
    def is_live(self) -> bool:
        """Whether something may still come of it."""
        return self.state in self.LIVE_STATES


class ApplicationRole(models.Model):
    """办件角色: who stands in a case besides its subject: submitter, payee, agent, nominator, whoever fills in along."""

    class Kind(models.TextChoices):
        """In what part."""

        SUBMITTER = "submitter", _("提交人")
        CO_EDITOR = "co_editor", _("共同填写人")
        AGENT = "agent", _("受托代理人")
        NOMINATOR = "nominator", _("推荐人")
        PAYEE = "payee", _("收款人")

    class Consent(models.TextChoices):
        """Whether the one concerned agreed."""

        ASKED = "asked", _("待同意")
        GIVEN = "given", _("已同意")
        REFUSED = "refused", _("不同意")
        ENDED = "ended", pgettext_lazy("consent", "已解除")

    application = models.ForeignKey(
        Application, on_delete=models.RESTRICT, related_name="roles", verbose_name=_("办件")
    )
    kind = models.CharField(_("角色"), max_length=16, choices=Kind)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="application_roles",
        verbose_name=_("用户"),
    )
    party = models.ForeignKey(
        Party, null=True, blank=True, on_delete=models.RESTRICT, related_name="+", verbose_name=_("主体")
    )
    consent = models.CharField(_("意愿"), max_length=16, choices=Consent, default=Consent.ASKED)
    asked_at = models.DateTimeField(_("发出时间"))
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    ends_on = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        verbose_name = _("办件角色")
        verbose_name_plural = _("办件角色")
        ordering = ("application", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(user__isnull=False) | Q(party__isnull=False), name="application_role_is_somebody"
            ),
            models.UniqueConstraint(
                fields=("application", "kind", "user"),
                condition=Q(consent__in=("asked", "given")),
                name="application_role_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.user or self.party}"
