"""`chuangju verify` finds a record that was issued past a review, and one whose stage is not that of its steps."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chuangju.kernel.models import User
from chuangju.policies.making_checks import find_making_faults
from chuangju.policies.models import PolicyRecord, PolicyStep
from chuangju.units.models import Unit
from tests.policies.life import Stage, entered, issued, opened, step

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(make_user: Callable[..., User], unit: Unit) -> User:
    return make_user("policy", "policy_officer", unit=unit)


def test_what_was_made_in_order_is_sound_and_what_came_with_the_catalogue_too(keeper: User, unit: Unit) -> None:
    issued(keeper, unit)
    step(opened(keeper, unit, "other_help"), Stage.CONSULTATION, by=keeper)
    extended = entered("shipped", unit=unit)
    step(extended, Stage.EXPLANATION, by=keeper)
    assert list(find_making_faults()) == []


def test_a_review_that_is_gone_is_told(keeper: User, unit: Unit) -> None:
    record = issued(keeper, unit)
    PolicyStep.objects.filter(record=record, stage=Stage.LEGALITY).update(outcome="failed")
    assert list(find_making_faults()) == [f"政策“{record.title}”（{record.pk}）已印发，却没有：合法性审核。"]


def test_a_stage_that_is_not_that_of_the_steps_is_told(keeper: User, unit: Unit) -> None:
    record = issued(keeper, unit)
    PolicyRecord.objects.update(stage=Stage.DRAFT)
    assert list(find_making_faults()) == [f"政策“{record.title}”（{record.pk}）的环节与登记的环节不符。"]
