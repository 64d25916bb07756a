"""The yearly notice on holidays, and clocks that count working days."""

from __future__ import annotations

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.models.accounts import User


class HolidayNotice(models.Model):
    """放假通知: the State Council's notice for one year, as the office entered it; one a year is in force."""

    class State(models.TextChoices):
        """A draft is looked at before it counts; a newer notice for the year takes the place of the older one."""

        DRAFT = "draft", _("待确认")
        IN_FORCE = "in_force", _("有效")
        SUPERSEDED = "superseded", _("已被替换")
        DISCARDED = "discarded", _("已放弃")

    year = models.PositiveSmallIntegerField(_("年份"))
    title = models.CharField(_("通知名称"), max_length=200)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    text = models.TextField(_("通知内容"))
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.DRAFT)
    uploaded_by = models.ForeignKey(User, on_delete=models.RESTRICT, related_name="+", verbose_name=_("录入人"))
    uploaded_at = models.DateTimeField(_("录入时间"))
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("放假通知")
        verbose_name_plural = _("放假通知")
        ordering = ("-year", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("year",), condition=Q(state="in_force"), name="one_holiday_notice_in_force_a_year"
            ),
            models.CheckConstraint(condition=Q(year__gte=2000, year__lte=2200), name="holiday_notice_year_is_real"),
        )

    def __str__(self) -> str:
        return self.title


class HolidayDay(models.Model):
    """放假或上班的一天: a day off, or a weekend day on which offices work (调休)."""

    notice = models.ForeignKey(HolidayNotice, on_delete=models.CASCADE, related_name="days")
    day = models.DateField(_("日期"))
    is_working = models.BooleanField(_("上班"))
    name = models.CharField(_("节日"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("放假安排")
        verbose_name_plural = _("放假安排")
        ordering = ("day",)
        constraints = (models.UniqueConstraint(fields=("notice", "day"), name="holiday_day_once_in_a_notice"),)

    def __str__(self) -> str:
        return self.day.isoformat()


class Clock(models.Model):
    """时限: how long something may take, in working days, promised and by law; it stands still while paused."""

    owner_type = models.ForeignKey(ContentType, on_delete=models.RESTRICT, verbose_name=_("所属对象类型"))
    owner_id = models.CharField(max_length=64, verbose_name=_("所属对象编号"))
    owner = GenericForeignKey("owner_type", "owner_id")
    kind = models.CharField(_("时限种类"), max_length=40)
    started_on = models.DateField(_("起算日"))
    promised_days = models.PositiveSmallIntegerField(_("承诺期限"))
    legal_days = models.PositiveSmallIntegerField(_("法定期限"), null=True, blank=True)
    stopped_on = models.DateField(_("办结日"), null=True, blank=True)

    class Meta:
        verbose_name = _("办理时限")
        verbose_name_plural = _("办理时限")
        ordering = ("id",)
        indexes = (models.Index(fields=("owner_type", "owner_id")),)
        constraints = (
            models.UniqueConstraint(fields=("owner_type", "owner_id", "kind"), name="one_clock_of_a_kind"),
            models.CheckConstraint(
                condition=Q(legal_days__isnull=True) | Q(legal_days__gte=F("promised_days")),
                name="clock_promises_no_more_than_the_law_allows",
            ),
            models.CheckConstraint(
                condition=Q(stopped_on__isnull=True) | Q(stopped_on__gte=F("started_on")),
                name="clock_stops_after_start",
            ),
        )

    def __str__(self) -> str:
        return f"{self.started_on}"


class ClockPause(models.Model):
    """暂停: days that do not count, such as while the applicant mends the papers (补正)."""

    clock = models.ForeignKey(Clock, on_delete=models.RESTRICT, related_name="pauses")
    paused_on = models.DateField(_("暂停日"))
    resumed_on = models.DateField(_("恢复日"), null=True, blank=True)
    reason = models.CharField(_("暂停原因"), max_length=200)

    class Meta:
        verbose_name = _("时限暂停")
        verbose_name_plural = _("时限暂停")
        ordering = ("paused_on", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("clock",), condition=Q(resumed_on__isnull=True), name="one_pause_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(resumed_on__isnull=True) | Q(resumed_on__gte=F("paused_on")), name="pause_ends_after_begin"
            ),
        )

    def __str__(self) -> str:
        return f"{self.paused_on} {self.reason}"
