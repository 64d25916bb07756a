"""政策草稿与已发布版本: a version of a policy being written, and what was published of it by somebody else, word for word."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.units.models import Unit

# As the policy language itself: no longer file is read.
LONGEST_TEXT = 200_000


class PolicyDraft(models.Model):
    """政策草稿: the text of a version on its way; written by one person, published by another."""

    class State(models.TextChoices):
        """From the first word to a decision; what was returned goes on being written."""

        DRAFT = "draft", _("起草中")
        SUBMITTED = "submitted", _("待复核发布")
        RETURNED = "returned", _("已退回修改")
        PUBLISHED = "published", pgettext_lazy("policy", "已发布")
        DISCARDED = "discarded", pgettext_lazy("policy", "已放弃")

    # In these its words may change.
    OPEN_STATES = (State.DRAFT, State.RETURNED)

    # Read out of the text whenever it is saved, for lists; the text is what counts.
    policy_id = models.CharField(_("政策编号"), max_length=80)
    version = models.CharField(_("版本"), max_length=40, blank=True)
    title = models.CharField(_("政策名称"), max_length=200, blank=True)
    title_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    unit = models.ForeignKey(
        Unit,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="policy_drafts",
        verbose_name=_("责任单位"),
    )
    text = models.TextField(_("政策文本"), max_length=LONGEST_TEXT)
    # The version it began from, and the digest of its text then; empty for a policy that is new.
    base_key = models.CharField(_("依据的版本"), max_length=130, blank=True)
    base_sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    fault_count = models.PositiveIntegerField(_("待改正问题"), default=0)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("起草人")
    )
    created_at = models.DateTimeField(_("起草时间"))
    changed_at = models.DateTimeField(_("修改时间"))
    note = models.CharField(_("修改说明"), max_length=500, blank=True)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("复核人"),
    )
    decided_at = models.DateTimeField(_("复核时间"), null=True, blank=True)
    reason = models.CharField(_("退回原因"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("政策草稿")
        verbose_name_plural = _("政策草稿")
        ordering = ("-changed_at", "-pk")
        indexes = (models.Index(fields=("state", "changed_at")),)
        constraints = (
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("author")),
                name="policy_draft_is_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("submitted", "published")) | Q(submitted_at__isnull=False),
                name="policy_draft_submitted_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="policy_draft_published_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | (Q(decided_by__isnull=False) & ~Q(reason="")),
                name="policy_draft_returned_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.title or self.policy_id}（{self.version}）"

    @property
    def key(self) -> str:
        """The name of the version among all: id@version."""
        return f"{self.policy_id}@{self.version}"

    @property
    def is_open(self) -> bool:
        """Whether its words may still be changed."""
        return self.state in self.OPEN_STATES


class PublishedPolicy(models.Model):
    """已发布政策版本: the text as published, with its digest; nothing of it ever changes (guarded in the database)."""

    policy_id = models.CharField(_("政策编号"), max_length=80)
    version = models.CharField(_("版本"), max_length=40)
    title = models.CharField(_("政策名称"), max_length=200)
    text = models.TextField(_("政策文本"), max_length=LONGEST_TEXT)
    sha256 = models.CharField(_("校验值"), max_length=64)
    effective_from = models.DateField(_("施行日期"))
    effective_to = models.DateField(_("有效期至"), null=True, blank=True)
    # The version whose term ends the day before this one begins, because it would overlap.
    ends_key = models.CharField(_("提前结束的版本"), max_length=130, blank=True)
    draft = models.OneToOneField(
        PolicyDraft, on_delete=models.RESTRICT, related_name="published", verbose_name=_("政策草稿")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("起草人")
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("发布人")
    )
    at = models.DateTimeField(_("发布时间"))

    class Meta:
        verbose_name = _("已发布政策版本")
        verbose_name_plural = _("已发布政策版本")
        ordering = ("policy_id", "effective_from")
        constraints = (
            models.UniqueConstraint(fields=("policy_id", "version"), name="published_policy_once"),
            models.CheckConstraint(condition=~Q(published_by=F("author")), name="published_policy_by_another"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="published_policy_begins_before_it_ends",
            ),
        )

    def __str__(self) -> str:
        return f"{self.title}（{self.version}）"

    @property
    def key(self) -> str:
        """The name of the version among all: id@version."""
        return f"{self.policy_id}@{self.version}"
