"""Changing an issued plan: who proposes, who approves, and what stays readable."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from chuangju.kernel.models import Message
from chuangju.kernel.refusals import StaleForm
from chuangju.kernel.working_days import add_working_days
from chuangju.programme.models import PlanAdjustment, PlanItem
from chuangju.programme.plan_adjustments import (
    decide_adjustment,
    is_small,
    propose_adjustment,
    withdraw_adjustment,
)
from chuangju.programme.plan_items import report_item
from chuangju.programme.plans import PlanRefused
from tests.programme.conftest import row_of, unit_called
from tests.programme.plans import Planner

pytestmark = pytest.mark.django_db
DATE, OWNER, DROP, ADD = "date", "owner", "drop", "add"
DUE = date(2026, 7, 15)


def propose(planner: Planner, about: PlanItem, kind: str = DATE, **given: object) -> PlanAdjustment:
    said = {"reason": "与市级安排衔接", "by": planner.officer("区财政局"), "item": about}
    return propose_adjustment(about.plan, kind=kind, **{**said, **given}, at=planner.now)  # type: ignore[arg-type]


def decide(
    planner: Planner, adjustment: PlanAdjustment, *, is_approved: bool = True, **given: object
) -> PlanAdjustment:
    said = {"words": "同意", "by": planner.leader}
    return decide_adjustment(adjustment, is_approved=is_approved, **{**said, **given}, at=planner.now)  # type: ignore[arg-type]


@pytest.fixture
def item(planner: Planner) -> PlanItem:
    """An item of 区财政局 in an issued plan, due in July."""
    return planner.issued({"due_on": DUE}).items.select_related("plan").get()


def test_a_moved_date_keeps_the_one_issued_and_what_was_before(planner: Planner, item: PlanItem) -> None:
    later = DUE + timedelta(days=90)
    decided = decide(planner, propose(planner, item, new_due_on=later))
    item.refresh_from_db()
    assert (item.due_on, item.first_due_on, item.is_moved) == (later, DUE, True)
    assert (decided.before["完成期限"], decided.after["完成期限"]) == ("2026-07-15", later.isoformat())
    assert item.plan.issued_content is not None
    assert item.plan.issued_content["items"][0]["due_on"] == "2026-07-15"


@pytest.mark.parametrize(("working_days", "small"), [(10, 1), (11, 0)])
def test_the_office_decides_up_to_ten_working_days_from_the_issued_date(
    working_days: int, small: int, planner: Planner, item: PlanItem
) -> None:
    adjustment = propose(planner, item, new_due_on=add_working_days(DUE, working_days))
    assert is_small(adjustment) is bool(small)
    if small:
        assert decide(planner, adjustment, by=planner.office).state == PlanAdjustment.State.APPROVED
    else:
        with pytest.raises(PlanRefused, match="领导小组"):
            decide(planner, adjustment, by=planner.office)


def test_many_small_moves_do_not_make_a_large_one(planner: Planner, item: PlanItem) -> None:
    decide(planner, propose(planner, item, new_due_on=add_working_days(DUE, 8)), by=planner.office)
    item.refresh_from_db()
    assert not is_small(propose(planner, item, new_due_on=add_working_days(DUE, 16)))


def test_another_owner_is_the_leaders_to_approve(planner: Planner, item: PlanItem) -> None:
    adjustment = propose(planner, item, OWNER, new_unit=unit_called("区科委"))
    with pytest.raises(PlanRefused, match="领导小组"):
        decide(planner, adjustment, by=planner.office)
    decide(planner, adjustment)
    item.refresh_from_db()
    assert item.unit == unit_called("区科委")


def test_a_dropped_item_stays_on_record(planner: Planner, item: PlanItem) -> None:
    decide(planner, propose(planner, item, DROP))
    item.refresh_from_db()
    assert item.state == PlanItem.State.DROPPED


def test_a_further_item_comes_with_the_next_number(planner: Planner, item: PlanItem) -> None:
    new = {
        "item": None,
        "new_title": "补充事项",
        "new_task": row_of(planner.version, 2).task,
        "new_unit": unit_called("区财政局"),
        "new_due_on": date(2026, 9, 1),
    }
    decided = decide(planner, propose(planner, item, ADD, **new))
    added = decided.item
    assert added is not None
    assert (added.title, added.number, added.first_due_on) == ("补充事项", 2, None)
    with pytest.raises(PlanRefused, match="同名"):
        propose(planner, item, ADD, **new)


@pytest.mark.parametrize(
    ("kind", "given", "sentence"),
    [
        (DATE, {}, "新的完成期限"),
        (DATE, {"new_due_on": DUE}, "相同"),
        (DATE, {"new_due_on": date(2027, 1, 1)}, "起止日期之内"),
        (OWNER, {}, "请选择责任单位"),
        (ADD, {"new_due_on": DUE}, "请选择责任单位"),
        ("other", {}, "请选择调整内容"),
        (DATE, {"reason": " "}, "调整理由"),
    ],
)
def test_an_adjustment_that_says_nothing_is_refused(
    kind: str, given: dict[str, object], sentence: str, planner: Planner, item: PlanItem
) -> None:
    with pytest.raises(PlanRefused, match=sentence):
        propose(planner, item, kind, **given)


def test_only_the_unit_in_charge_and_the_office_propose(planner: Planner, item: PlanItem) -> None:
    for person in (planner.leader, planner.officer("区科委")):
        with pytest.raises(PlanRefused, match="责任单位的联络员或创建办"):
            propose(planner, item, DROP, by=person)
    assert propose(planner, item, DROP, by=planner.office).state == PlanAdjustment.State.PROPOSED


def test_one_adjustment_waits_for_an_item_at_a_time(planner: Planner, item: PlanItem) -> None:
    first = propose(planner, item, DROP)
    with pytest.raises(PlanRefused, match="已有待批准"):
        propose(planner, item, DATE, new_due_on=date(2026, 8, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanAdjustment.objects.create(
            plan=item.plan, item=item, kind=DROP, reason="再", proposed_by=planner.office, proposed_at=planner.now
        )
    withdraw_adjustment(first, by=planner.officer("区财政局"), at=planner.now)
    assert propose(planner, item, DATE, new_due_on=date(2026, 8, 1)).pk


def test_a_refusal_has_its_reason_and_changes_nothing(planner: Planner, item: PlanItem) -> None:
    adjustment = propose(planner, item, DROP)
    with pytest.raises(PlanRefused, match="不批准的理由"):
        decide(planner, adjustment, is_approved=False, words=" ")
    decide(planner, adjustment, is_approved=False, words="仍需完成")
    item.refresh_from_db()
    assert item.state == PlanItem.State.OPEN
    with pytest.raises(StaleForm):
        decide(planner, adjustment)


def test_what_was_closed_meanwhile_is_not_adjusted(planner: Planner, item: PlanItem) -> None:
    adjustment = propose(planner, item, DROP)
    report_item(
        item, text="已完成", done_on=planner.now.date(), revision=item.revision, by=planner.office, at=planner.now
    )
    with pytest.raises(PlanRefused, match="已经完成或取消"):
        decide(planner, adjustment)
    adjustment.refresh_from_db()
    assert adjustment.state == PlanAdjustment.State.PROPOSED


def test_whoever_may_approve_is_told_and_the_proposer_hears_of_it(planner: Planner, item: PlanItem) -> None:
    small = propose(planner, item, new_due_on=DUE + timedelta(days=1))
    assert Message.objects.get(template="programme.adjustment_to_decide").user == planner.office
    decide(planner, small, by=planner.office)
    told = Message.objects.get(template="programme.adjustment_decided")
    assert told.user == small.proposed_by
    assert "已批准" in told.subject


def test_somebody_else_does_not_withdraw(planner: Planner, item: PlanItem) -> None:
    adjustment = propose(planner, item, DROP)
    with pytest.raises(PlanRefused, match="提出单位或创建办"):
        withdraw_adjustment(adjustment, by=planner.officer("区科委"), at=planner.now)
