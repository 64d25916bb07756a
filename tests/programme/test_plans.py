"""Who writes plans, what a plan must be like, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from chuangju.kernel.audit import events_about
from chuangju.kernel.models import AuditEvent, User
from chuangju.kernel.refusals import StaleForm
from chuangju.programme.models import Plan, PlanItem, PlanSection
from chuangju.programme.plan_content import plan_settings
from chuangju.programme.plan_items import change_item, remove_item
from chuangju.programme.plans import (
    PlanRefused,
    add_section,
    change_plan,
    change_section,
    discard_plan,
    draft_plan,
    remove_section,
)
from tests.programme.conftest import row_of, unit_called
from tests.programme.plans import LAST_DAY, Planner

pytestmark = pytest.mark.django_db


def outside(plan: Plan, **given: object) -> dict[str, object]:
    now_set = {
        "title": plan.title,
        "version": plan.version,
        "starts_on": plan.starts_on,
        "ends_on": plan.ends_on,
        "openness": plan.openness,
        "parent": plan.parent,
        "replaces": plan.replaces,
        "revision": plan.revision,
    }
    return {**now_set, **given}


def test_a_draft_begins_with_the_usual_headings_and_is_recorded(planner: Planner) -> None:
    plan = planner.draft("  创建  总体方案 ")
    assert (plan.title, plan.state) == ("创建 总体方案", Plan.State.DRAFT)
    assert tuple(plan.sections.values_list("heading", flat=True)) == plan_settings().outline
    assert AuditEvent.objects.get(action="programme.plan_drafted").actor == planner.office


@pytest.mark.parametrize("person", ["leader", "liaison", "auditor", "stranger"])
def test_nobody_but_the_office_writes_plans(person: str, planner: Planner, request: pytest.FixtureRequest) -> None:
    plan = planner.draft()
    user: User = request.getfixturevalue(person)
    with pytest.raises(PlanRefused, match="只有创建办"):
        add_section(plan, heading="五、其他", text="", by=user, at=planner.now)
    with pytest.raises(PlanRefused, match="只有创建办"):
        discard_plan(plan, by=user, at=planner.now)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"title": " "}, "请填写方案标题"),
        ({"title": "长" * 201}, "不能超过 200 字，现有 201 字"),
        ({"ends_on": date(2025, 1, 1)}, "结束日期不能早于起始日期"),
        ({"openness": "secret"}, "请选择公开属性"),
        ({"kind": "stage"}, "请选择阶段方案所属的总体方案"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(given: dict[str, object], sentence: str, planner: Planner) -> None:
    with pytest.raises(PlanRefused, match=sentence):
        planner.draft(**{"title": "方案", **given})  # type: ignore[arg-type]
    assert not Plan.objects.exists()


def test_a_stage_lies_within_its_overall_plan(planner: Planner) -> None:
    overall = planner.draft()
    stage = {"kind": Plan.Kind.STAGE, "parent": overall, "starts_on": date(2026, 3, 1)}
    with pytest.raises(PlanRefused, match="之内"):
        planner.draft("阶段", **{**stage, "ends_on": LAST_DAY + timedelta(days=1)})
    assert planner.draft("阶段", **{**stage, "ends_on": LAST_DAY}).parent == overall


def test_only_an_issued_plan_of_the_same_kind_is_replaced(planner: Planner) -> None:
    with pytest.raises(PlanRefused, match="已印发的方案"):
        planner.draft("新方案", replaces=planner.draft())


def test_the_database_refuses_a_stage_without_its_overall_plan(planner: Planner) -> None:
    plan = planner.draft()
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(kind=Plan.Kind.STAGE)


def test_an_issued_plan_without_number_is_refused_by_the_database(planner: Planner) -> None:
    plan = planner.draft()
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(state=Plan.State.ISSUED)


def test_the_outside_is_corrected_once_for_each_revision(planner: Planner) -> None:
    plan = planner.draft()
    change_plan(plan, **outside(plan, title="改名"), by=planner.office, at=planner.now)  # type: ignore[arg-type]
    with pytest.raises(StaleForm, match="刚刚被他人修改"):
        change_plan(plan, **outside(plan, title="再改"), by=planner.office, at=planner.now)  # type: ignore[arg-type]
    fresh = planner.fresh(plan)
    assert (fresh.title, fresh.revision) == ("改名", 2)
    with pytest.raises(PlanRefused, match="没有任何改动"):
        change_plan(fresh, **outside(fresh), by=planner.office, at=planner.now)  # type: ignore[arg-type]


def test_a_plan_is_not_shortened_below_its_items(planner: Planner) -> None:
    plan = planner.draft()
    planner.item(plan, "十月的事", due_on=date(2026, 10, 1))
    with pytest.raises(PlanRefused, match="十月的事"):
        change_plan(plan, **outside(plan, ends_on=date(2026, 9, 30)), by=planner.office, at=planner.now)  # type: ignore[arg-type]


def test_sections_are_added_rewritten_and_removed(planner: Planner) -> None:
    plan = planner.draft()
    added = add_section(plan, heading=" 五、附则 ", text="自印发之日起施行。\r\n", by=planner.office, at=planner.now)
    assert (added.position, added.heading, added.text) == (5, "五、附则", "自印发之日起施行。")
    planner.reword(added, "自印发之日起执行。")
    remove_section(added, by=planner.office, at=planner.now)
    assert plan.sections.count() == 4
    told = events_about(plan).order_by("sequence").values_list("action", flat=True)
    assert list(told)[-3:] == [
        "programme.plan_section_added",
        "programme.plan_section_changed",
        "programme.plan_section_removed",
    ]
    with pytest.raises(StaleForm):
        remove_section(added, by=planner.office, at=planner.now)


def test_two_officers_writing_the_same_section_do_not_overwrite_each_other(planner: Planner) -> None:
    section = planner.draft().sections.first()
    assert section is not None
    planner.reword(section, "先写的")
    with pytest.raises(StaleForm):
        change_section(
            section, heading=section.heading, text="后写的", position=1, revision=1, by=planner.office, at=planner.now
        )
    assert PlanSection.objects.get(pk=section.pk).text == "先写的"


def test_a_draft_that_nobody_was_asked_about_can_be_thrown_away(planner: Planner) -> None:
    plan = planner.written()
    discard_plan(plan, by=planner.office, at=planner.now)
    assert not Plan.objects.exists()
    assert AuditEvent.objects.filter(action="programme.plan_discarded").exists()
    with pytest.raises(StaleForm):
        discard_plan(plan, by=planner.office, at=planner.now)
    kept = planner.written()
    planner.ask(kept)
    with pytest.raises(PlanRefused):
        discard_plan(kept, by=planner.office, at=planner.now)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"title": ""}, "请填写事项名称"),
        ({"due_on": LAST_DAY + timedelta(days=1)}, "起止日期之内"),
        ({"due_on": date(2025, 12, 31)}, "起止日期之内"),
        ({"due_on": date(2026, 7, 1), "starts_on": date(2026, 7, 2)}, "开始日期不能晚于"),
    ],
)
def test_an_item_that_does_not_fit_is_refused(given: dict[str, object], sentence: str, planner: Planner) -> None:
    plan = planner.draft()
    with pytest.raises(PlanRefused, match=sentence):
        planner.item(plan, **given)  # type: ignore[arg-type]


def test_the_last_day_of_the_plan_is_a_day_for_items(planner: Planner) -> None:
    assert planner.item(planner.draft(), due_on=LAST_DAY).due_on == LAST_DAY


def test_items_are_numbered_and_named_once(planner: Planner) -> None:
    plan = planner.draft()
    first, second = planner.item(plan, "甲"), planner.item(plan, "乙")
    assert (first.number, second.number) == (1, 2)
    with pytest.raises(PlanRefused, match="同名"):
        planner.item(plan, "甲")
    remove_item(first, by=planner.office, at=planner.now)
    with pytest.raises(StaleForm):
        remove_item(first, by=planner.office, at=planner.now)
    assert planner.item(plan, "甲").number == 3


def test_an_item_is_rewritten_from_its_newest_revision(planner: Planner) -> None:
    item = planner.item(planner.draft())
    facts = {"title": "改名", "task": row_of(planner.version, 2).task, "unit": unit_called("区科委")}
    rest = {"due_on": item.due_on, "starts_on": None, "person": "科长", "weight": 3}
    change_item(item, **facts, **rest, revision=1, by=planner.office, at=planner.now)  # type: ignore[arg-type]
    with pytest.raises(StaleForm):
        change_item(item, **facts, **rest, revision=1, by=planner.office, at=planner.now)  # type: ignore[arg-type]
    fresh = PlanItem.objects.get(pk=item.pk)
    assert (fresh.title, fresh.person, fresh.weight, fresh.revision) == ("改名", "科长", 3, 2)


def test_an_issued_plan_is_not_written_on(planner: Planner) -> None:
    plan = planner.issued()
    section = plan.sections.first()
    assert section is not None
    with pytest.raises(PlanRefused, match="已印发"):
        planner.reword(section, "改写")
    with pytest.raises(PlanRefused, match="已印发"):
        planner.item(plan, "再加一项")


def test_a_plan_is_drafted_for_the_version_that_is_given(planner: Planner) -> None:
    plan = draft_plan(
        kind=Plan.Kind.OVERALL,
        title="方案",
        version=planner.version,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 1, 1),
        openness="closed",
        by=planner.office,
        at=planner.now,
    )
    assert (plan.version, plan.openness) == (planner.version, "closed")
