"""What an applicant was asked to mend, all of it at once, and what they sent back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.models.cases import Application
from chuangju.applications.models.documents import RequiredDocument
from chuangju.applications.models.frozen import FrozenFacts
from chuangju.kernel.encryption import EncryptedTextField


class Correction(models.Model):
    """补正: one request that lists everything; the clock stands still until it is answered."""

    class State(models.TextChoices):
        """Asked, answered, or left unanswered until its day."""

        ASKED = "asked", pgettext_lazy("correction", "待补正")
        ANSWERED = "answered", pgettext_lazy("correction", "已补正")
        EXPIRED = "expired", pgettext_lazy("correction", "逾期未补正")
        CANCELLED = "cancelled", pgettext_lazy("correction", "已取消")

    application = models.ForeignKey(
        Application, on_delete=models.RESTRICT, related_name="corrections", verbose_name=_("办件")
    )
    round = models.PositiveIntegerField(_("次数"))
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.ASKED)
    note = models.CharField(_("说明"), max_length=1000, blank=True, default="")
    due_on = models.DateField(_("补正截止日"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("告知人")
    )
    asked_at = models.DateTimeField(_("告知时间"))
    answered_at = models.DateTimeField(_("补正时间"), null=True, blank=True)
    before = models.ForeignKey(FrozenFacts, null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    after = models.ForeignKey(FrozenFacts, null=True, blank=True, on_delete=models.RESTRICT, related_name="+")

    class Meta:
        verbose_name = _("补正")
        verbose_name_plural = _("补正")
        ordering = ("application", "round")
        constraints = (
            models.UniqueConstraint(fields=("application", "round"), name="correction_round_once"),
            models.UniqueConstraint(
                fields=("application",), condition=Q(state="asked"), name="correction_one_open_per_case"
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(answered_at__isnull=False), name="correction_answered_has_its_moment"
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.round}"


class CorrectionItem(models.Model):
    """补正事项: one thing to mend: a fact, a paper, or something else in words."""

    correction = models.ForeignKey(Correction, on_delete=models.RESTRICT, related_name="items", verbose_name=_("补正"))
    position = models.PositiveIntegerField()
    fact = models.CharField(_("数据项"), max_length=64, blank=True, default="")
    document = models.ForeignKey(
        RequiredDocument, null=True, blank=True, on_delete=models.RESTRICT, related_name="+", verbose_name=_("材料")
    )
    text = models.CharField(_("要求"), max_length=500)
    answer = EncryptedTextField(_("答复"), blank=True, default="")
    is_answered = models.BooleanField(_("已处理"), default=False)

    class Meta:
        verbose_name = _("补正事项")
        verbose_name_plural = _("补正事项")
        ordering = ("correction", "position")
        constraints = (models.UniqueConstraint(fields=("correction", "position"), name="correction_item_once"),)

    def __str__(self) -> str:
        return self.text
