"""Who says that they act for a party, and what became of it."""

from __future__ import annotations

import uuid
from datetime import date

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.models import Attachment, Clock
from chuangju.units.models import Unit
from chuangju.ventures.models.parties import Party


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Questions about many claims."""

    def holding_on(self, day: date) -> ClaimQuerySet:
        """Confirmed claims whose term includes this day, whether or not anybody has written down that others lapsed."""
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=day),
            Q(starts_on__isnull=True) | Q(starts_on__lte=day),
            state=Claim.State.CONFIRMED,
        )


class Claim(models.Model):
    """代表关系: somebody says that they act for a party; counts once a clerk has confirmed it, until it ends."""

    class State(models.TextChoices):
        """From saying so to a decision and an end."""

        PENDING = "pending", _("待核实")
        CONFIRMED = "confirmed", _("已确认")
        REFUSED = "refused", _("未通过")
        WITHDRAWN = "withdrawn", _("已撤回")
        ENDED = "ended", _("已解除")
        LAPSED = "lapsed", _("已到期")

    class Capacity(models.TextChoices):
        """In what capacity somebody acts."""

        LEGAL_REPRESENTATIVE = "legal_representative", _("法定代表人（负责人）")
        AGENT = "agent", _("受托代理人")
        EMPLOYEE = "employee", _("本单位职工")

    class Way(models.TextChoices):
        """How a claim is to be proved: by an uploaded paper, or at the counter."""

        DOCUMENT = "document", _("上传材料")
        COUNTER = "counter", _("窗口核实")

    # States in which something may still come of it or does.
    LIVE = (State.PENDING, State.CONFIRMED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="claims", verbose_name=_("申请人")
    )
    party = models.ForeignKey(Party, on_delete=models.RESTRICT, related_name="claims", verbose_name=_("代表的主体"))
    # What the person typed: all that they are shown of the party until the claim is confirmed.
    given_name = models.CharField(_("填写的名称"), max_length=200)
    town = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.RESTRICT, related_name="+", verbose_name=_("所属街镇")
    )
    capacity = models.CharField(_("身份"), max_length=24, choices=Capacity)
    way = models.CharField(_("核实方式"), max_length=16, choices=Way)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.PENDING)
    starts_on = models.DateField(_("起"), null=True, blank=True)
    # The last day; an agent's paper always names one.
    ends_on = models.DateField(_("止"), null=True, blank=True)
    made_at = models.DateTimeField(_("提交时间"))
    decided_at = models.DateTimeField(_("核实时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("核实人"),
    )
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    attachments = GenericRelation(Attachment, content_type_field="owner_type", object_id_field="owner_id")
    clocks = GenericRelation(Clock, content_type_field="owner_type", object_id_field="owner_id")

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("代表关系")
        verbose_name_plural = _("代表关系")
        ordering = ("made_at", "id")
        indexes = (models.Index(fields=("state", "made_at")),)
        constraints = (
            models.UniqueConstraint(
                fields=("user", "party"),
                condition=Q(state__in=("pending", "confirmed")),
                name="claim_live_once_per_person_and_party",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="claim_from_before_to",
            ),
            models.CheckConstraint(
                condition=~Q(capacity="agent") | Q(starts_on__isnull=False, ends_on__isnull=False),
                name="claim_of_an_agent_has_its_term",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("confirmed", "refused", "ended"))
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="claim_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("refused", "ended")) | ~Q(reason=""), name="claim_refused_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("pending", "confirmed"), closed_at__isnull=True)
                | (~Q(state__in=("pending", "confirmed")) & Q(closed_at__isnull=False)),
                name="claim_closed_has_its_moment",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} - {self.given_name}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.state == self.State.PENDING
