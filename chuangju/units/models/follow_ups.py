"""What a unit owes after a low rating."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.models import Rating
from chuangju.units.models.units import Unit


class FollowUp(models.Model):
    """差评整改: a low rating as work for the unit: by when, what was done, whether the rater was spoken to."""

    class State(models.TextChoices):
        """Whether it is late follows from its day and is never stored."""

        OPEN = "open", _("整改中")
        CLOSED = "closed", _("已办结")

    rating = models.OneToOneField(Rating, on_delete=models.RESTRICT, related_name="follow_up", verbose_name=_("好差评"))
    unit = models.ForeignKey(Unit, on_delete=models.RESTRICT, related_name="follow_ups", verbose_name=_("责任单位"))
    # What was rated, as it was called then: the list shows it without asking the package it lives in.
    subject = models.CharField(_("评价事项"), max_length=200)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField(_("转办时间"))
    due_on = models.DateField(_("办结期限"))
    done = models.TextField(_("整改情况"), max_length=1000, blank=True)
    is_contacted = models.BooleanField(_("已联系评价人"), default=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("办结人"),
    )
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("差评整改")
        verbose_name_plural = _("差评整改")
        ordering = ("state", "due_on", "id")
        indexes = (models.Index(fields=("unit", "state", "due_on")),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="open", closed_by__isnull=True, closed_at__isnull=True)
                | (Q(state="closed", closed_by__isnull=False, closed_at__isnull=False) & ~Q(done="")),
                name="follow_up_closed_with_words",
            ),
        )

    def __str__(self) -> str:
        return self.subject
