"""Who puts somebody forward for a policy that asks for it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.models.cases import Application
from chuangju.units.models import Unit
from chuangju.ventures.models import Party


class Nomination(models.Model):
    """推荐: a unit, an association or an incubator puts forward a person or venture, who confirms and then applies."""

    class State(models.TextChoices):
        """Nobody applies for anybody: without the nominee's own word nothing begins."""

        ASKED = "asked", pgettext_lazy("nomination", "待本人确认")
        CONFIRMED = "confirmed", pgettext_lazy("nomination", "已确认")
        DECLINED = "declined", pgettext_lazy("nomination", "已谢绝")
        WITHDRAWN = "withdrawn", pgettext_lazy("nomination", "已撤回")

    LIVE_STATES = (State.ASKED, State.CONFIRMED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    policy_id = models.CharField(_("政策编号"), max_length=80)
    title = models.CharField(_("事项"), max_length=200)
    # One of the two puts forward.
    party = models.ForeignKey(
        Party,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="nominations_made",
        verbose_name=_("推荐主体"),
    )
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.RESTRICT, related_name="+", verbose_name=_("推荐单位")
    )
    # One of the two is put forward: an entry of the register, or somebody by their account.
    nominee = models.ForeignKey(
        Party,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="nominations",
        verbose_name=_("被推荐主体"),
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="nominations",
        verbose_name=_("被推荐人"),
    )
    reason = models.CharField(_("推荐理由"), max_length=1000)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.ASKED)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("填写人")
    )
    made_at = models.DateTimeField(_("推荐时间"))
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    # The nominator took it back: before the answer, or later with a reason.
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    withdrawal_reason = models.CharField(_("撤回理由"), max_length=1000, blank=True, default="")
    # What came of it.
    application = models.ForeignKey(
        Application,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="nominations",
        verbose_name=_("办件"),
    )
    is_demo = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("推荐")
        verbose_name_plural = _("推荐")
        ordering = ("-made_at", "id")
        indexes = (models.Index(fields=("policy_id", "state")),)
        constraints = (
            models.CheckConstraint(
                condition=Q(party__isnull=False, unit__isnull=True) | Q(party__isnull=True, unit__isnull=False),
                name="nomination_has_one_nominator",
            ),
            models.CheckConstraint(
                condition=Q(nominee__isnull=False, person__isnull=True) | Q(nominee__isnull=True, person__isnull=False),
                name="nomination_has_one_nominee",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("asked", "withdrawn")) | Q(answered_at__isnull=False),
                name="nomination_answered_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn")
                | Q(withdrawn_at__isnull=False) & (Q(answered_at__isnull=True) | ~Q(withdrawal_reason="")),
                name="nomination_withdrawn_says_when_and_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.title} {self.nominated}"

    @property
    def nominated(self) -> str:
        """Who is put forward."""
        return str(self.nominee.name if self.nominee else self.person or "")

    @property
    def nominator(self) -> str:
        """Who puts forward, in the reader's language where it is a unit."""
        return str(self.party.name if self.party else self.unit.shown_name if self.unit else "")
