"""差评整改: a low rating becomes the unit's work, is reminded of once when late, and is closed with words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.models import AuditEvent, Message, Rating, SavedView, User
from chuangju.kernel.ratings import RatingRules, rate, rating_owners
from chuangju.units.follow_up_access import follow_ups_visible_to
from chuangju.units.follow_up_views import follow_up_sign
from chuangju.units.follow_ups import FollowUpRefused, close_follow_up, remind_of_late_follow_ups
from chuangju.units.models import FollowUp, Unit
from chuangju.units.open_work import open_work_of

pytestmark = pytest.mark.django_db
Rate = Callable[..., Rating]


@pytest.fixture
def give(unit: Unit, entrepreneur: User, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Rate:
    """`give(1, "太慢")`: a founder rates an answer for which `unit` is responsible."""
    rules = RatingRules(
        can_rate=lambda user, _owner: getattr(user, "is_active", False),
        unit_of=lambda owner: unit if owner.query == "unit" else None,
        label=lambda owner: owner.name,
    )
    monkeypatch.setitem(rating_owners._entries, "kernel.savedview", rules)

    def rate_answer(stars: int, comment: str = "", *, at: datetime = now, query: str = "unit") -> Rating:
        answer, _is_new = SavedView.objects.get_or_create(
            user=entrepreneur, listing=query, name="开办补贴答复", query=query
        )
        return rate(answer, stars=stars, comment=comment, by=entrepreneur, at=at)

    return rate_answer


@pytest.fixture
def follow_up(give: Rate, liaison: User) -> FollowUp:
    """A low rating that has become work."""
    return FollowUp.objects.get(rating=give(1, "太慢"))


def period(day: date) -> DutyPeriod:
    start = timezone.make_aware(datetime.combine(day, time()))
    return DutyPeriod(on=day, start=start, end=start + timedelta(days=1), at=start + timedelta(hours=9))


def test_a_low_rating_is_the_units_work_for_five_working_days(follow_up: FollowUp, unit: Unit, liaison: User) -> None:
    # A Monday; the Dragon Boat Festival of 2026 is on Friday of that week.
    assert (follow_up.unit, follow_up.subject, follow_up.due_on) == (unit, "开办补贴答复", date(2026, 6, 23))
    assert Message.objects.get().user == liaison
    assert AuditEvent.objects.filter(action="units.follow_up_opened").count() == 1


def test_a_good_rating_and_one_nobody_answers_for_make_no_work(give: Rate) -> None:
    give(3)
    give(1, query="nobody")
    assert not FollowUp.objects.exists()


def test_a_rating_changed_from_low_to_lower_stays_one_piece_of_work(follow_up: FollowUp, give: Rate) -> None:
    give(2, "还是慢")
    assert FollowUp.objects.get() == follow_up


def test_its_unit_or_the_office_closes_it_with_words(follow_up: FollowUp, liaison: User, now: datetime) -> None:
    closed = close_follow_up(follow_up, done=" 已更新清单\r\n并回电 ", is_contacted=True, by=liaison, at=now)
    assert (closed.state, closed.done, closed.closed_by) == (FollowUp.State.CLOSED, "已更新清单\n并回电", liaison)
    with pytest.raises(FollowUpRefused):
        close_follow_up(follow_up, done="再办一次", is_contacted=True, by=liaison, at=now)
    assert AuditEvent.objects.filter(action="units.follow_up_closed").count() == 1


@pytest.mark.parametrize("done", ["", " \n ", "长" * 1001])
def test_it_is_not_closed_without_words_or_with_too_many(
    follow_up: FollowUp, office: User, now: datetime, done: str
) -> None:
    with pytest.raises(FollowUpRefused):
        close_follow_up(follow_up, done=done, is_contacted=True, by=office, at=now)


def test_other_units_neither_see_nor_close_it(
    follow_up: FollowUp, other_liaison: User, leader: User, office: User, entrepreneur: User, now: datetime
) -> None:
    for outsider in (other_liaison, entrepreneur, None):
        assert not follow_ups_visible_to(outsider, now.date()).exists()
    for reader in (leader, office):
        assert list(follow_ups_visible_to(reader, now.date())) == [follow_up]
    for outsider in (other_liaison, leader, entrepreneur):
        with pytest.raises(FollowUpRefused):
            close_follow_up(follow_up, done="好了", is_contacted=True, by=outsider, at=now)


def test_it_turns_late_and_both_sides_are_told_once(follow_up: FollowUp, liaison: User, office: User) -> None:
    due = follow_up.due_on
    assert (follow_up_sign(follow_up, due - timedelta(days=1)).state, follow_up_sign(follow_up, due).state) == (
        "flat",
        "soon",
    )
    assert remind_of_late_follow_ups(period(due)) == 0
    late = due + timedelta(days=1)
    assert follow_up_sign(follow_up, late).state == "late"
    assert remind_of_late_follow_ups(period(late)) == 2
    assert remind_of_late_follow_ups(period(late + timedelta(days=1))) == 0
    told = Message.objects.filter(template="units.follow_up_late")
    assert {message.user for message in told} == {liaison, office}


def test_a_closed_one_is_no_longer_reminded_of(follow_up: FollowUp, liaison: User, now: datetime) -> None:
    close_follow_up(follow_up, done="已回电", is_contacted=False, by=liaison, at=now)
    assert remind_of_late_follow_ups(period(follow_up.due_on + timedelta(days=9))) == 0
    assert follow_up_sign(FollowUp.objects.get(), date(2027, 1, 1)).state == "done"


def test_a_hand_over_names_the_open_ones_of_ones_units(
    follow_up: FollowUp, liaison: User, other_liaison: User, office: User, now: datetime
) -> None:
    today = timezone.localdate(now)
    assert [(line.label, line.count) for line in open_work_of(liaison, on=today)] == [("未办结的差评整改", 1)]
    assert open_work_of(other_liaison, on=today) == open_work_of(office, on=today) == []
    close_follow_up(follow_up, done="已改", is_contacted=True, by=liaison, at=now)
    assert open_work_of(liaison, on=today) == []


def test_the_pages_show_and_close_it(follow_up: FollowUp, liaison: User, other_liaison: User, clock: Any) -> None:
    clock.move_to(datetime(2026, 7, 1, 2, tzinfo=UTC))
    client = Client()
    client.force_login(liaison)
    listed = client.get(reverse("units:follow_up_list")).content.decode()
    assert "开办补贴答复" in listed
    assert "逾期" in listed
    address = reverse("units:follow_up", args=(follow_up.pk,))
    assert "太慢" in client.get(address).content.decode()
    refused = client.post(address, {"done": "", "is_contacted": "1"})
    assert refused.status_code == 422
    assert client.post(address, {"done": "已回电", "is_contacted": "1"}).status_code == 302
    assert FollowUp.objects.get().is_contacted
    assert "已回电" in client.get(address).content.decode()
    other = Client()
    other.force_login(other_liaison)
    assert other.get(address).status_code == 404
    filtered = client.get(reverse("units:follow_up_list"), {"state": "late"}).content.decode()
    assert "开办补贴答复" not in filtered
