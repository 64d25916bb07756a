"""Roles that users hold from-to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.languages import in_kept_language
from chuangju.units.models.units import Unit


class Role(models.TextChoices):
    """角色: what somebody may do; held for a unit where the role is one of a unit."""

    LEADER = "leader", _("领导")
    PROGRAMME_OFFICE = "programme_office", _("创建办")
    LIAISON_OFFICER = "liaison_officer", _("联络员")
    POLICY_OFFICER = "policy_officer", _("政策主管")
    CLERK = "clerk", _("经办人")
    APPROVER = "approver", _("审批人")
    FINANCE = "finance", _("财务")
    AUDITOR = "auditor", _("安全审计员")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("系统管理员")
    SECURITY_ADMINISTRATOR = "security_administrator", _("安全保密管理员")
    ENTREPRENEUR = "entrepreneur", _("创业者")
    STUDENT = "student", _("学员")
    PARTNER_OPERATOR = "partner_operator", _("合作机构运营人员")
    MENTOR = "mentor", _("创业导师")
    ASSESSOR = "assessor", _("评审专家")
    BANK_OFFICER = "bank_officer", _("银行或担保机构人员")


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    """Questions about many roles held."""

    def held_on(self, day: date) -> RoleAssignmentQuerySet:
        """Roles that count on this day: begun, not ended, and of a unit that exists."""
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=day),
            Q(unit__isnull=True) | Q(unit__abolished_on__isnull=True) | Q(unit__abolished_on__gt=day),
            Q(unit__isnull=True) | Q(unit__established_on__isnull=True) | Q(unit__established_on__lte=day),
            starts_on__lte=day,
        )


@dataclass(frozen=True)
class StandIn:
    """For whom, and on which days, somebody acts in a role that is not their own; `ended_on` is the first day without."""

    name: str
    starts_on: date
    ends_on: date
    ended_on: date | None

    def holds_on(self, day: date) -> bool:
        """Whether the stand-in acts on this day."""
        return self.starts_on <= day <= self.ends_on and (self.ended_on is None or day < self.ended_on)


class RoleAssignment(models.Model):
    """任职: a user holds a role, for a unit where it has one, from a day to a day (both included)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="assignments", verbose_name=_("用户")
    )
    role = models.CharField(_("角色"), max_length=32, choices=Role)
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.RESTRICT, related_name="assignments", verbose_name=_("单位")
    )
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("止"), null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )

    # Set by access where somebody holds the role only as the stand-in of its holder; never stored.
    stand_in: StandIn | None = None

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = _("任职")
        ordering = ("user", "role", "starts_on")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="role_from_before_to"
            ),
            models.UniqueConstraint(fields=("user", "role", "unit", "starts_on"), name="role_once_from_a_day"),
            models.UniqueConstraint(
                fields=("user", "role", "starts_on"),
                condition=Q(unit__isnull=True),
                name="role_once_from_a_day_without_unit",
            ),
        )

    def __str__(self) -> str:
        # The audit log keeps this, and keeps one language.
        with in_kept_language():
            return f"{self.user} {self.get_role_display()}"

    def holds_on(self, day: date) -> bool:
        """Whether the role is held on this day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)
