"""Lists and pages of plans ask the database the same number of questions for few records and for many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangju.programme.models import ConsultedUnit, Opinion, Plan, PlanAdjustment, PlanItem, PlanReview
from chuangju.units.models import Unit
from tests import people
from tests.programme.conftest import row_of
from tests.programme.plans import Planner

pytestmark = pytest.mark.django_db
FEW, MANY = 3, 30
Add = Callable[[Planner, Plan, int], None]


def add_plan(planner: Planner, plan: Plan, number: int) -> None:
    """A further issued plan."""
    copy = Plan.objects.get(pk=plan.pk)
    copy.pk, copy.title, copy.number = None, f"方案{number}", f"文号{number}"
    copy.save(force_insert=True)


def add_item(planner: Planner, plan: Plan, number: int) -> None:
    """A further item of another unit, for one of the rows."""
    unit = people.make_unit(f"unit-{number}", f"单位{number}")
    PlanItem.objects.create(
        plan=plan,
        number=number,
        title=f"事项{number}",
        task=row_of(planner.version, number % 3 + 1).task,
        unit=unit,
        due_on=planner.now.date() + timedelta(days=number - 10),
        first_due_on=planner.now.date(),
    )


def add_adjustment(planner: Planner, plan: Plan, number: int) -> None:
    """A further item with an adjustment that waits."""
    add_item(planner, plan, number)
    PlanAdjustment.objects.create(
        plan=plan,
        item=plan.items.get(number=number),
        kind="drop",
        reason="合并",
        proposed_by=people.make_user(f"proposer{number}"),
        proposed_at=planner.now,
    )


def add_review(planner: Planner, plan: Plan, number: int) -> None:
    """A review of a plan of its own."""
    add_plan(planner, plan, number)
    other = Plan.objects.get(title=f"方案{number}")
    PlanReview.objects.create(plan=other, period="2026-H1", due_on=planner.now.date(), opened_at=planner.now)


def add_opinion(planner: Planner, plan: Plan, number: int) -> None:
    """A further unit with an opinion in the plan's round."""
    unit: Unit = people.make_unit(f"unit-{number}", f"单位{number}")
    asked = ConsultedUnit.objects.create(
        round=plan.rounds.get(),
        unit=unit,
        answer="opinions",
        answered_at=planner.now,
        answered_by=people.make_user(f"answering{number}"),
    )
    Opinion.objects.create(asked=asked, place="总体", text="意见", by=planner.office, at=planner.now)


CASES: dict[str, tuple[str, Add]] = {
    "plans": ("plan_list", add_plan),
    "plan_items": ("plan_item_list", add_item),
    "plan_adjustments": ("plan_adjustment_list", add_adjustment),
    "plan_reviews": ("plan_review_list", add_review),
    "a plan": ("plan", add_item),
    "a round": ("plan_round", add_opinion),
    "the time line": ("plan_gantt", add_item),
    "the month": ("plan_calendar", add_item),
    "the public list": ("public_plan_list", add_plan),
    "the table": ("table", add_item),
}


@pytest.mark.parametrize(
    "key",
    [
        "plans",
        "plan_items",
        "plan_adjustments",
        "plan_reviews",
        "a plan",
        "a round",
        "the time line",
        "the month",
        "the public list",
        "the table",
    ],
)
def test_queries_do_not_grow_with_the_records(key: str, planner: Planner, client: Client) -> None:
    name, add = CASES[key]
    plan = planner.issued()
    args = {"plan": (plan.pk,), "plan_gantt": (plan.pk,), "plan_round": (plan.rounds.get().pk,)}.get(name, ())
    client.force_login(planner.office)

    def asked(numbers: range) -> list[str]:
        for number in numbers:
            add(planner, plan, number)
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse(f"programme:{name}", args=args)).status_code == 200
        return [query["sql"] for query in found.captured_queries]

    asked(range(10, 11))
    few, many = asked(range(11, 11 + FEW)), asked(range(11 + FEW, 11 + MANY))
    assert len(many) == len(few), "\n".join(sorted(set(many) - set(few)))
