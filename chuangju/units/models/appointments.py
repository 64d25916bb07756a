"""Who answers for a unit: liaison officers and the leader in charge, from-to, with what each has to do."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.languages import in_kept_language
from chuangju.units.models.units import Unit


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Questions about many appointments."""

    def in_force_on(self, day: date) -> AppointmentQuerySet:
        """Appointments that hold on this day, of units that exist on it."""
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=day),
            Q(unit__abolished_on__isnull=True) | Q(unit__abolished_on__gt=day),
            starts_on__lte=day,
        )


class Appointment(models.Model):
    """任命: somebody answers for a unit from a day to a day (both included), with an account or by name alone."""

    class Kind(models.TextChoices):
        """By office, the highest first: this is also the order of names inside a unit."""

        LEADER_IN_CHARGE = "leader_in_charge", _("分管领导")
        WORK = "work", _("工作联络员")
        PUBLICITY = "publicity", _("宣传联络员")

    unit = models.ForeignKey(Unit, on_delete=models.RESTRICT, related_name="appointments", verbose_name=_("单位"))
    kind = models.CharField(_("任命类别"), max_length=20, choices=Kind)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="appointments",
        verbose_name=_("用户"),
    )
    # The name as appointed: of an account it is copied, so that a list printed later reads as it did on the day.
    name = models.CharField(_("姓名"), max_length=64)
    post = models.CharField(_("职务"), max_length=60, blank=True)
    phone = models.CharField(_("办公电话"), max_length=40, blank=True)
    duty = models.TextField(_("职责"), max_length=1000, blank=True)
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("止"), null=True, blank=True)
    appointed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("任命")
        verbose_name_plural = _("任命")
        ordering = ("unit", "kind", "starts_on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="appointment_from_before_to"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="appointment_names_somebody"),
            models.UniqueConstraint(
                fields=("unit", "kind"), condition=Q(ends_on__isnull=True), name="appointment_one_without_end"
            ),
            models.UniqueConstraint(fields=("unit", "kind", "starts_on"), name="appointment_once_from_a_day"),
        )

    def __str__(self) -> str:
        # The audit log keeps this, and keeps one language.
        with in_kept_language():
            return f"{self.unit.name} {self.get_kind_display()} {self.name}"

    def holds_on(self, day: date) -> bool:
        """Whether the appointment is in force on this day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class DutyText(models.Model):
    """职责文本: what the office asks of everybody newly appointed to a kind; an appointment keeps its own copy."""

    kind = models.CharField(_("任命类别"), max_length=20, choices=Appointment.Kind, unique=True)
    text = models.TextField(_("职责"), max_length=1000)

    class Meta:
        verbose_name = _("职责文本")
        verbose_name_plural = _("职责文本")
        ordering = ("kind",)

    def __str__(self) -> str:
        with in_kept_language():
            return f"{self.get_kind_display()}职责"


class MemberList(models.Model):
    """成员名单: who answered for which unit on a day, kept as it was when the notice about it was drafted."""

    as_of = models.DateField(_("名单日期"))
    # Units in 建制序, each with its people by office; see member_lists.py for the shape.
    entries = models.JSONField(_("名单"))
    # What differs from the list before: one sentence for each unit and kind.
    changes = models.JSONField(_("调整"), default=list)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )
    drafted_at = models.DateTimeField(_("拟稿时间"))

    class Meta:
        verbose_name = _("成员名单")
        verbose_name_plural = _("成员名单")
        ordering = ("-drafted_at", "-pk")

    def __str__(self) -> str:
        return f"成员名单（{self.as_of.isoformat()}）"
