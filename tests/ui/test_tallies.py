"""Numbers of the navigation: counted together, and only when somebody looks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import Count, QuerySet
from django.utils import timezone

from chuangju.kernel.models import SavedView, User
from chuangju.ui import tallies
from chuangju.ui.menus import MenuContext
from chuangju.ui.tallies import Tallies, count_together
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


def test_any_kind_of_queryset_is_counted_in_one_query(django_assert_num_queries: Any) -> None:
    people = [User.objects.create(username=name, name=name) for name in ("a", "b%s", "c")]
    for person in people[:2]:
        for name in ("x", "y"):
            SavedView.objects.create(user=person, listing="l", name=name)
    asked = {
        "all": User.objects.order_by("name"),
        "named": User.objects.filter(name="b%s"),
        "none": User.objects.none(),
        "empty": User.objects.filter(pk__in=[]),
        "related": User.objects.filter(pk__in=SavedView.objects.values("user")),
        "grouped": User.objects.annotate(n=Count("pk")).filter(n__gte=1),
    }
    expected = {key: queryset.count() for key, queryset in asked.items()}
    with django_assert_num_queries(1):
        counted = count_together(asked)
    assert counted == expected
    assert counted == {"all": 3, "named": 1, "none": 0, "empty": 0, "related": 2, "grouped": 3}


def test_nothing_to_count_costs_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert count_together({}) == {}
        assert count_together({"none": User.objects.none()}) == {"none": 0}


def test_numbers_are_counted_once_for_a_request(django_assert_num_queries: Any) -> None:
    context = MenuContext(user=User.objects.create(username="a", name="a"), at=timezone.now(), path="/")
    with django_assert_num_queries(0):
        Tallies()
    first = context.tally("no.such.key")
    with django_assert_num_queries(0):
        assert context.tally("no.such.key") == first == 0


def test_the_question_is_worded_once_for_each_reader_day_and_standing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def source(context: MenuContext) -> dict[str, QuerySet[Any]]:
        asked.append(context.standing)
        return {"users": User.objects.filter(username="a")}

    monkeypatch.setattr(tallies.tally_sources, "_entries", {"here": source})
    monkeypatch.setattr(tallies, "_worded", {})
    user = User.objects.create(username="a", name="a")

    def counted(standing: object, at: datetime = NOW) -> int:
        return MenuContext(user, at, "/", standing=standing).tally("users")

    assert [counted("x"), counted("x"), counted("y"), counted("x", NOW + timedelta(days=1))] == [1, 1, 1, 1]
    assert asked == ["x", "y", "x"]
    # Worded once, but counted each time.
    User.objects.filter(pk=user.pk).update(username="b")
    assert counted("x") == 0
    # Without a standing nothing is kept.
    assert [counted(None), counted(None)] == [0, 0]
    assert asked == ["x", "y", "x", None, None]
