"""工作日历 - who enters the yearly holiday notice, and how a year's days are told: holiday by holiday."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.db.models import QuerySet

from chuangju.kernel.models import HolidayDay, HolidayNotice
from chuangju.units.access import Visitor, has_role, is_staff_member
from chuangju.units.models import Role


@dataclass
class Holiday:
    """One holiday of a year: its days off and the weekend days worked for them."""

    name: str
    off: list[date] = field(default_factory=list)
    worked: list[date] = field(default_factory=list)

    @property
    def first(self) -> date | None:
        """The first day off."""
        return self.off[0] if self.off else None

    @property
    def last(self) -> date | None:
        """The last day off."""
        return self.off[-1] if self.off else None


def holidays_of(days: Iterable[HolidayDay]) -> list[Holiday]:
    """The days of a notice by holiday, in the order of the year."""
    found: list[Holiday] = []
    by_name = sorted(days, key=lambda one: one.name)
    for name, group in groupby(by_name, key=lambda one: one.name):
        holiday = Holiday(name)
        for one in sorted(group, key=lambda each: each.day):
            (holiday.worked if one.is_working else holiday.off).append(one.day)
        found.append(holiday)
    return sorted(found, key=lambda holiday: min([*holiday.off, *holiday.worked]))


def notices_visible_to(user: Visitor, on: date) -> QuerySet[HolidayNotice]:
    """Every entered notice for staff; nobody else."""
    notices = HolidayNotice.objects.select_related("uploaded_by")
    return notices if is_staff_member(user, on) else notices.none()


def can_enter_notices(user: Visitor, on: date) -> bool:
    """Whether the user may enter the yearly notice: the programme office and the system administrator."""
    return has_role(user, Role.PROGRAMME_OFFICE, Role.SYSTEM_ADMINISTRATOR, on=on)
