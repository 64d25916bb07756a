"""What is put back is what was made: new rows, and those that stood there before and were changed."""

from __future__ import annotations

import pytest

from chuangju.units.models import Unit, UnitName
from tests import people
from tests.beginnings import begin_with

pytestmark = pytest.mark.django_db


def test_rows_that_were_changed_are_put_back_as_they_became() -> None:
    made = []

    def first() -> None:
        made.append("first")
        people.make_unit("one", "甲局")

    def second() -> None:
        made.append("second")
        Unit.objects.filter(code="one").update(name="甲委")
        people.make_unit("two", "乙局")

    def begin() -> dict[str, str]:
        begin_with("test-beginnings-first", first)
        begin_with("test-beginnings-second", second)
        return dict(Unit.objects.filter(code__in=("one", "two")).values_list("code", "name"))

    assert begin() == {"one": "甲委", "two": "乙局"}
    UnitName.objects.all().delete()
    Unit.objects.all().delete()
    assert begin() == {"one": "甲委", "two": "乙局"}
    assert made == ["first", "second"]
