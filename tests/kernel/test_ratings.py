"""好差评: one for each person and record, changeable for a week, and a low one sets something going."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from chuangju.kernel.models import AuditEvent, Rating, SavedView, User
from chuangju.kernel.ratings import (
    CHANGEABLE_DAYS,
    LONGEST_COMMENT,
    RatingRefused,
    RatingRules,
    is_changeable,
    low_rating_handlers,
    rate,
    rating_of,
    rating_owners,
    ratings_by,
    register_low_rating_handler,
)
from tests.kernel.racing import errors_of, race

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def handled(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Saved views may be rated by whoever is active; what the handler of low ratings was given."""
    rules = RatingRules(
        can_rate=lambda user, _owner: getattr(user, "is_active", False), unit_of=lambda _owner: None, label=str
    )
    monkeypatch.setattr(rating_owners, "_entries", {"kernel.savedview": rules})
    monkeypatch.setattr(low_rating_handlers, "_entries", {})
    found: list[int] = []
    register_low_rating_handler(lambda rating, _by, _at: found.append(rating.stars))
    return found


@pytest.fixture
def record(person: User) -> SavedView:
    """What one was served with."""
    return SavedView.objects.create(user=person, listing="", name="开办补贴答复")


def give(record: Any, by: User, at: datetime, stars: int = 4, comment: str = "") -> Rating:
    return rate(record, stars=stars, comment=comment, by=by, at=at)


def test_a_rating_is_kept_with_its_words(record: SavedView, person: User, now: datetime) -> None:
    given = give(record, person, now, 5, " 很快\r\n谢谢 ")
    assert (given.stars, given.comment, given.get_stars_display()) == (5, "很快\n谢谢", "非常满意")
    assert rating_of(record, person) == given
    assert ratings_by([record], person) == {record.pk: given}
    assert AuditEvent.objects.get().action == "kernel.rated"
    assert (rating_of(record, None), ratings_by([], person)) == (None, {})


def test_the_same_person_rates_once_and_may_change_it_for_a_week(
    record: SavedView, person: User, now: datetime
) -> None:
    give(record, person, now, 2, "慢")
    later = now + timedelta(days=CHANGEABLE_DAYS) - timedelta(seconds=1)
    changed = give(record, person, later, 4, "后来解决了")
    assert (Rating.objects.count(), changed.stars, changed.changed_at) == (1, 4, later)
    event = AuditEvent.objects.get(action="kernel.rating_changed")
    assert event.changes["stars"] == [2, 4]
    too_late = now + timedelta(days=CHANGEABLE_DAYS)
    assert not is_changeable(changed, at=too_late)
    with pytest.raises(RatingRefused):
        give(record, person, too_late, 5)
    assert give(record, person, too_late, 4, "后来解决了") == changed


@pytest.mark.parametrize("stars", [0, 6, -1])
def test_there_are_five_words(record: SavedView, person: User, now: datetime, stars: int) -> None:
    with pytest.raises(RatingRefused):
        give(record, person, now, stars)


def test_outsiders_and_endless_words_are_refused(record: SavedView, person: User, now: datetime) -> None:
    gone = User.objects.create(username="gone", is_active=False)
    with pytest.raises(RatingRefused):
        give(record, gone, now)
    with pytest.raises(RatingRefused):
        give(record, person, now, comment="长" * (LONGEST_COMMENT + 1))
    assert not Rating.objects.exists()


@pytest.mark.parametrize(("stars", "is_low"), [(1, True), (2, True), (3, False), (5, False)])
def test_a_low_rating_is_handed_on(
    record: SavedView, person: User, now: datetime, handled: list[int], stars: int, *, is_low: bool
) -> None:
    give(record, person, now, stars)
    assert handled == ([stars] if is_low else [])


def test_a_rating_that_turns_low_is_handed_on(
    record: SavedView, person: User, now: datetime, handled: list[int]
) -> None:
    give(record, person, now, 4)
    give(record, person, now, 1, "又坏了")
    assert handled == [1]


@pytest.mark.django_db(transaction=True)
def test_of_many_copies_of_a_rating_one_counts(record: SavedView, person: User, now: datetime) -> None:
    outcomes = race(lambda _number: give(record, person, now, 4, "好"), 6)
    assert errors_of(outcomes) == []
    assert Rating.objects.count() == 1
    assert AuditEvent.objects.filter(action="kernel.rated").count() == 1
