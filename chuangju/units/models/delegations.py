"""B岗: somebody stands in for a colleague on leave."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.languages import in_kept_language
from chuangju.units.models.roles import RoleAssignment


class DelegationQuerySet(models.QuerySet["Delegation"]):
    """Questions about many delegations."""

    def in_force_on(self, day: date) -> DelegationQuerySet:
        """Delegations that hold on this day: begun, not over and not ended early."""
        return self.filter(
            Q(ended_on__isnull=True) | Q(ended_on__gt=day),
            starts_on__lte=day,
            ends_on__gte=day,
            from_user__is_active=True,
        )

    def touching(self, first: date, last: date) -> DelegationQuerySet:
        """Delegations that hold on at least one day of the span, whoever can sign in."""
        return self.filter(
            Q(ended_on__isnull=True) | Q(ended_on__gt=F("starts_on")) & Q(ended_on__gt=first),
            starts_on__lte=last,
            ends_on__gte=first,
        )


class Delegation(models.Model):
    """代岗: from a day to a day (both included) a colleague acts in some of one's roles; over by itself."""

    from_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="delegations", verbose_name=_("请假人")
    )
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        related_name="stand_ins",
        verbose_name=_("代岗人"),
    )
    assignments = models.ManyToManyField(RoleAssignment, related_name="delegations", verbose_name=_("代岗的角色"))
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("止"))
    reason = models.CharField(_("原因"), max_length=200)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )
    created_at = models.DateTimeField(_("创建时间"))
    # The first day on which it counts no more, where somebody ended it before its time.
    ended_on = models.DateField(_("提前结束日期"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("代岗")
        verbose_name_plural = _("代岗")
        ordering = ("-starts_on", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="delegation_from_before_to"),
            models.CheckConstraint(condition=~Q(from_user=F("to_user")), name="delegation_never_to_oneself"),
        )

    def __str__(self) -> str:
        with in_kept_language():
            return f"{self.to_user} 代 {self.from_user}"

    def holds_on(self, day: date) -> bool:
        """Whether the stand-in acts on this day."""
        return self.starts_on <= day <= self.ends_on and (self.ended_on is None or day < self.ended_on)
