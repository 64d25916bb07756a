"""放假通知: the office enters the yearly notice once it is out; days are looked at first and then count everywhere."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from chuangju.kernel.attachments import attach_file
from chuangju.kernel.audit import record_event
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import HolidayDay, HolidayNotice, User
from chuangju.kernel.notice_text import ReadNotice, read_notice
from chuangju.kernel.refusals import Refused
from chuangju.kernel.working_days import (
    EnteredNotices,
    is_working_day,
    keep_notices,
    last_library_year,
)

LONGEST_TEXT = 20_000
FAULTS = {
    "no_year": gettext_noop("看不出是哪一年的通知，请填写年份"),
    "no_days": gettext_noop("没有读到任何放假日期，请粘贴通知全文，或每行写一天，如“2027-01-01 休 元旦”"),
    "no_such_day": gettext_noop("没有这一天：“%(text)s”"),
    "bad_range": gettext_noop("起止日期不对：“%(text)s”"),
    "bad_count": gettext_noop("天数不符：写的是 %(told)s 天，数下来是 %(counted)s 天（“%(text)s”）"),
    "bad_weekday": gettext_noop("星期不符：%(day)s 是%(real)s，写的是%(told)s"),
    "other_year": gettext_noop("%(day)s 不在 %(year)s 年前后，请核对年份"),
    "both": gettext_noop("%(day)s 既写了放假，又写了上班"),
    "makeup_on_weekday": gettext_noop("%(day)s 是%(real)s，本来就上班，不应列为调休上班日"),
}


class HolidayNoticeRefused(Refused):
    """The notice cannot be entered or confirmed; the sentence says why."""


def fault_sentences(read: ReadNotice) -> list[str]:
    """What is wrong with a notice, in the reader's language."""
    return [_(FAULTS[code]) % parts for code, parts in read.faults]


@transaction.atomic
def enter_notice(text: str, *, year: int | None, file: Any = None, by: User, at: datetime) -> HolidayNotice:
    """Read a notice and keep it as a draft; raises HolidayNoticeRefused with every fault found, nothing kept."""
    if len(text) > LONGEST_TEXT:
        raise HolidayNoticeRefused(_("通知内容超过 %(limit)d 个字，请只粘贴通知正文") % {"limit": LONGEST_TEXT})
    read = read_notice(text, year=year)
    if read.faults or read.year is None:
        raise HolidayNoticeRefused(_("；").join(fault_sentences(read)))
    notice = HolidayNotice.objects.create(
        year=read.year,
        title=f"关于{read.year}年部分节假日安排的通知",
        number=read.number,
        text=text,
        uploaded_by=by,
        uploaded_at=at,
    )
    HolidayDay.objects.bulk_create(
        HolidayDay(notice=notice, day=one.day, is_working=one.is_working, name=one.name) for one in read.days
    )
    record_event("kernel.holiday_notice_entered", notice, by=by, at=at, after=_summary(notice))
    if file is not None:
        attach_file(notice, file, by=by, at=at)
    return notice


@transaction.atomic
def confirm_notice(notice: HolidayNotice, *, by: User, at: datetime) -> None:
    """Put a draft into force in place of the year's earlier notice; confirming twice is confirming once."""
    take_locks(f"kernel.holidays.{notice.year}")
    fresh = HolidayNotice.objects.select_for_update().get(pk=notice.pk)
    if fresh.state == HolidayNotice.State.IN_FORCE:
        return
    if fresh.state != HolidayNotice.State.DRAFT:
        raise HolidayNoticeRefused(_("这份通知已不在待确认状态"))
    earlier = HolidayNotice.objects.filter(year=fresh.year, state=HolidayNotice.State.IN_FORCE).first()
    if earlier is not None:
        before = _summary(earlier)
        earlier.state = HolidayNotice.State.SUPERSEDED
        earlier.save(update_fields=["state"])
        record_event("kernel.holiday_notice_superseded", earlier, by=by, at=at, before=before, after=_summary(earlier))
    before = _summary(fresh)
    fresh.state, fresh.confirmed_at = HolidayNotice.State.IN_FORCE, at
    fresh.save(update_fields=["state", "confirmed_at"])
    record_event("kernel.holiday_notice_confirmed", fresh, by=by, at=at, before=before, after=_summary(fresh))
    transaction.on_commit(lambda: keep_notices(entered_notices()))


@transaction.atomic
def discard_notice(notice: HolidayNotice, *, by: User, at: datetime) -> None:
    """Give a draft up. Raises HolidayNoticeRefused once it is in force."""
    fresh = HolidayNotice.objects.select_for_update().get(pk=notice.pk)
    if fresh.state == HolidayNotice.State.DISCARDED:
        return
    if fresh.state != HolidayNotice.State.DRAFT:
        raise HolidayNoticeRefused(_("已生效的通知不能放弃，请录入新的通知来替换"))
    before = _summary(fresh)
    fresh.state = HolidayNotice.State.DISCARDED
    fresh.save(update_fields=["state"])
    record_event("kernel.holiday_notice_discarded", fresh, by=by, at=at, before=before, after=_summary(fresh))


def _summary(notice: HolidayNotice) -> dict[str, object]:
    return {"year": notice.year, "number": notice.number, "state": notice.state}


def entered_notices() -> EnteredNotices:
    """The notices in force: year -> day -> whether it is worked; one query."""
    found: dict[int, dict[date, bool]] = defaultdict(dict)
    days = HolidayDay.objects.filter(notice__state=HolidayNotice.State.IN_FORCE).order_by("day")
    for year, day, is_working in days.values_list("notice__year", "day", "is_working"):
        found[year][day] = is_working
    return dict(found)


@dataclass(frozen=True)
class CalendarYear:
    """One year as counts take it: `source` is entered, library or provisional."""

    year: int
    source: str
    notice: HolidayNotice | None
    days: list[HolidayDay]


def calendar_years(*, on: date) -> list[CalendarYear]:
    """Last year, this one and the two to come (and whichever else a notice was entered for), newest first."""
    in_force = HolidayNotice.objects.filter(state=HolidayNotice.State.IN_FORCE).prefetch_related("days")
    entered = {notice.year: notice for notice in in_force.order_by("year")}
    years = sorted({on.year - 1, on.year, on.year + 1, on.year + 2, *entered}, reverse=True)
    found = []
    for year in years:
        notice = entered.get(year)
        source = "entered" if notice else ("library" if year <= last_library_year() else "provisional")
        found.append(CalendarYear(year, source, notice, list(notice.days.all()) if notice else []))
    return found


def changed_days(notice: HolidayNotice) -> list[HolidayDay]:
    """The days of a draft that count differently today: what confirming it would change."""
    return [one for one in notice.days.all() if is_working_day(one.day) != one.is_working]
