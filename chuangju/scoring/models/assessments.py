"""What one assessor says of one subject."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chuangju.scoring.models.panels import Panel, PanelEntry


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    """Questions about many assessments."""

    def of_subject(self, subject_key: str) -> AssessmentQuerySet:
        """Those of one subject, in whatever panels."""
        return self.filter(entry__subject_key=subject_key)

    def awaited(self) -> AssessmentQuerySet:
        """Those an assessor still has to give, while the panel scores."""
        return self.filter(state=Assessment.State.ASSIGNED, panel__state=Panel.State.SCORING)


class Assessment(models.Model):
    """评分: one assessor, one subject; first whether there is a conflict of interest, then the scores."""

    class State(models.TextChoices):
        """What became of it."""

        ASSIGNED = "assigned", _("待评分")
        DECLINED_CONFLICT = "declined_conflict", _("已回避")
        SUBMITTED = "submitted", _("已评分")
        WITHDRAWN = "withdrawn", _("已收回")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    panel = models.ForeignKey(Panel, on_delete=models.RESTRICT, related_name="assessments", verbose_name=_("评审"))
    entry = models.ForeignKey(
        PanelEntry, on_delete=models.RESTRICT, related_name="assessments", verbose_name=_("参评对象")
    )
    assessor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="assessments", verbose_name=_("评审专家")
    )
    state = models.CharField(_("状态"), max_length=24, choices=State, default=State.ASSIGNED)
    # Why the house thinks that the two may be related; told to whoever runs the panel.
    conflict_hint = models.CharField(_("关联提示"), max_length=200, blank=True)
    declared_at = models.DateTimeField(_("声明时间"), null=True, blank=True)
    conflict_reason = models.CharField(_("回避原因"), max_length=200, blank=True)
    # What was entered, by the key of the criterion, as plain decimal text.
    scores: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(_("评分"), default=dict, blank=True)
    comment = models.TextField(_("评语"), max_length=2000, blank=True)
    # Hundredths of a point.
    total = models.PositiveIntegerField(_("总分"), null=True, blank=True)
    assigned_at = models.DateTimeField(_("分派时间"))
    submitted_at = models.DateTimeField(_("评分提交时间"), null=True, blank=True)
    # Entered from a signed sheet of paper by whoever runs the panel.
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("纸质评分录入人"),
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("评分")
        verbose_name_plural = _("评分")
        ordering = ("panel", "entry__position", "assessor")
        indexes = (models.Index(fields=("assessor", "state")), models.Index(fields=("panel", "state")))
        constraints = (
            models.UniqueConstraint(fields=("entry", "assessor"), name="assessment_once_per_subject_and_assessor"),
            models.CheckConstraint(
                condition=Q(state="submitted", total__isnull=False, submitted_at__isnull=False)
                | (~Q(state="submitted") & Q(total__isnull=True, submitted_at__isnull=True)),
                name="assessment_submitted_has_its_total",
            ),
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(declared_at__isnull=False), name="assessment_declared_before_scored"
            ),
            models.CheckConstraint(
                condition=~Q(state="declined_conflict") | (Q(declared_at__isnull=False) & ~Q(conflict_reason="")),
                name="assessment_declined_for_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.assessor} - {self.entry.blind_label}"

    @property
    def subject_key(self) -> str:
        """The opaque key of what is assessed."""
        return self.entry.subject_key

    @property
    def subject_label(self) -> str:
        """What it is called in the open."""
        return self.entry.label

    @property
    def blind_label(self) -> str:
        """What it is called where nobody may know."""
        return self.entry.blind_label

    @property
    def shown_label(self) -> str:
        """What its assessor may read: never more than the blind label where the panel is blind."""
        return self.entry.blind_label if self.panel.is_blind else self.entry.label

    @property
    def is_open(self) -> bool:
        """Whether it waits for its assessor."""
        return self.state == self.State.ASSIGNED and self.panel.state == Panel.State.SCORING

    @property
    def has_declared(self) -> bool:
        """Whether the assessor has said that nothing stands between them and the subject."""
        return self.declared_at is not None and self.state != self.State.DECLINED_CONFLICT
