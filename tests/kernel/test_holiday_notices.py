"""A notice entered in the browser counts everywhere, once it is confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from chuangju.kernel import working_days
from chuangju.kernel.audit import events_about
from chuangju.kernel.holiday_notices import (
    HolidayNoticeRefused,
    calendar_years,
    changed_days,
    confirm_notice,
    discard_notice,
    enter_notice,
    entered_notices,
)
from chuangju.kernel.models import HolidayDay, HolidayNotice, User
from chuangju.kernel.working_days import add_working_days, is_provisional, is_span_provisional, is_working_day
from tests.kernel.notices import INVENTED_2027, NOTICE_2026
from tests.people import make_user

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget_notices() -> Iterator[None]:
    yield
    working_days.keep_notices({})


@pytest.fixture
def office_user() -> User:
    return make_user("office")


def _confirmed(text: str, user: User) -> HolidayNotice:
    notice = enter_notice(text, year=None, by=user, at=AT)
    confirm_notice(notice, by=user, at=AT)
    # A test's transaction is never committed, so what follows a commit is done by hand.
    working_days.keep_notices(entered_notices())
    return notice


def test_a_draft_changes_nothing_and_a_confirmed_notice_counts(office_user: User) -> None:
    assert is_provisional(2027)
    assert is_working_day(date(2026, 12, 31))
    draft = enter_notice(INVENTED_2027, year=None, by=office_user, at=AT)
    assert is_working_day(date(2026, 12, 31))
    # New Year's Day itself is a day off in both; the eve, the make-up Sundays and what the statute alone lacks differ.
    assert date(2026, 12, 31) in {one.day for one in changed_days(draft)}
    confirm_notice(draft, by=office_user, at=AT)
    working_days.keep_notices(entered_notices())
    assert not is_provisional(2027)
    assert not is_working_day(date(2026, 12, 31))
    assert is_working_day(date(2027, 1, 3))
    assert is_working_day(date(2027, 2, 13))
    assert not is_working_day(date(2027, 2, 8))
    assert add_working_days(date(2026, 12, 30), 1) == date(2027, 1, 3)
    actions = {event.action for event in events_about(draft)}
    assert actions == {"kernel.holiday_notice_entered", "kernel.holiday_notice_confirmed"}


def test_the_year_s_own_notice_says_all_of_it(office_user: User) -> None:
    """What the library supposed of a year counts no more: the invented notice knows no 1 May."""
    assert not is_working_day(date(2027, 5, 3))
    _confirmed(INVENTED_2027, office_user)
    assert is_working_day(date(2027, 5, 3))


def test_an_entered_notice_that_says_the_same_changes_no_day(office_user: User) -> None:
    assert changed_days(enter_notice(NOTICE_2026, year=None, by=office_user, at=AT)) == []


def test_a_newer_notice_takes_the_place_of_the_older_one(office_user: User) -> None:
    first = _confirmed(INVENTED_2027, office_user)
    second = _confirmed(INVENTED_2027.replace("2月13日（周六）上班", "2月14日（周日）上班"), office_user)
    first.refresh_from_db()
    assert first.state == HolidayNotice.State.SUPERSEDED
    assert not is_working_day(date(2027, 2, 13))
    assert is_working_day(date(2027, 2, 14))
    confirm_notice(second, by=office_user, at=AT)
    assert HolidayNotice.objects.filter(year=2027, state=HolidayNotice.State.IN_FORCE).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        HolidayNotice.objects.filter(pk=first.pk).update(state=HolidayNotice.State.IN_FORCE)


def test_a_faulty_notice_is_refused_whole_with_every_fault(office_user: User) -> None:
    text = NOTICE_2026.replace("共9天", "共8天").replace("1月1日（周四）", "1月1日（周五）")
    with pytest.raises(HolidayNoticeRefused) as refused:
        enter_notice(text, year=None, by=office_user, at=AT)
    assert "8 天" in refused.value.sentence
    assert "2026-01-01 是周四，写的是周五" in refused.value.sentence
    assert not HolidayNotice.objects.exists()
    assert not HolidayDay.objects.exists()


def test_only_drafts_are_discarded_and_what_is_discarded_is_not_confirmed(office_user: User) -> None:
    draft = enter_notice(INVENTED_2027, year=None, by=office_user, at=AT)
    discard_notice(draft, by=office_user, at=AT)
    discard_notice(draft, by=office_user, at=AT)
    with pytest.raises(HolidayNoticeRefused):
        confirm_notice(draft, by=office_user, at=AT)
    in_force = _confirmed(INVENTED_2027, office_user)
    with pytest.raises(HolidayNoticeRefused, match="替换"):
        discard_notice(in_force, by=office_user, at=AT)


def test_years_say_where_their_days_come_from(office_user: User) -> None:
    sources = {year.year: year.source for year in calendar_years(on=date(2026, 11, 23))}
    assert sources == {2025: "library", 2026: "library", 2027: "provisional", 2028: "provisional"}
    _confirmed(INVENTED_2027, office_user)
    sources = {year.year: year.source for year in calendar_years(on=date(2026, 11, 23))}
    assert (sources[2027], sources[2028]) == ("entered", "provisional")


def test_a_count_is_provisional_when_it_crosses_an_unknown_year(office_user: User) -> None:
    assert not is_span_provisional(date(2026, 3, 1), date(2026, 12, 31))
    assert is_span_provisional(date(2026, 12, 1), date(2027, 1, 10))
    assert is_span_provisional(date(2027, 1, 10), date(2026, 12, 1))
    _confirmed(INVENTED_2027, office_user)
    assert not is_span_provisional(date(2026, 12, 1), date(2027, 1, 10))


def test_another_process_s_notice_is_read_after_a_while(
    office_user: User, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = enter_notice(INVENTED_2027, year=None, by=office_user, at=AT)
    confirm_notice(notice, by=office_user, at=AT)
    now = [1000.0]
    monkeypatch.setattr(working_days.time, "monotonic", lambda: now[0])
    working_days.keep_notices({})
    settings.HOLIDAYS_REREAD_SECONDS = 60  # type: ignore[attr-defined]  # pytest-django's settings take any name
    assert is_provisional(2027)
    now[0] += 61
    assert not is_provisional(2027)
