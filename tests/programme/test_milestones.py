"""Who sets, corrects and closes a step, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from chuangju.kernel.audit import events_about
from chuangju.kernel.models import AuditEvent, User
from chuangju.kernel.refusals import StaleForm
from chuangju.programme.milestones import (
    MilestoneRefused,
    add_milestone,
    change_milestone,
    complete_milestone,
    drop_milestone,
    reopen_milestone,
)
from chuangju.programme.models import Milestone, TableVersion
from tests.programme.conftest import measure_of, unit_called

MakeMilestone = Callable[..., Milestone]
pytestmark = pytest.mark.django_db


def change(step: Milestone, by: User, at: datetime, **given: object) -> Milestone:
    now_set = {
        "title": step.title,
        "unit": step.unit,
        "due_on": step.due_on,
        "reason": "区里统一调整",
        "revision": step.revision,
    }
    return change_milestone(step, **{**now_set, **given}, by=by, at=at)


def test_the_office_sets_a_step_and_it_is_recorded(version: TableVersion, office: User, now: datetime) -> None:
    measure = measure_of(version, 1)
    step = add_milestone(
        measure,
        title="  印发  年度资金安排 ",
        unit=unit_called("区财政局"),
        due_on=date(2026, 9, 30),
        by=office,
        at=now,
    )
    assert (step.title, step.state, step.revision) == ("印发 年度资金安排", "open", 1)
    event = AuditEvent.objects.get(action="programme.milestone_added")
    assert (event.actor, event.about_id) == (office, str(measure.task_id))


@pytest.mark.parametrize("person", ["leader", "stranger", "finance", "auditor"])
def test_nobody_but_the_office_sets_a_step(
    person: str, version: TableVersion, now: datetime, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(MilestoneRefused, match="只有创建办"):
        add_milestone(
            measure_of(version, 1),
            title="节点",
            unit=unit_called("区财政局"),
            due_on=None,
            by=request.getfixturevalue(person),
            at=now,
        )
    assert not Milestone.objects.exists()


@pytest.mark.parametrize(("title", "sentence"), [("   ", "请填写"), ("长" * 201, "不能超过 200 字")])
def test_a_step_needs_a_title_that_fits(
    title: str, sentence: str, version: TableVersion, office: User, now: datetime
) -> None:
    with pytest.raises(MilestoneRefused, match=sentence):
        add_milestone(measure_of(version, 1), title=title, unit=unit_called("区财政局"), due_on=None, by=office, at=now)


def test_the_same_title_stands_once_under_a_measure_unless_it_was_dropped(
    version: TableVersion, make_milestone: MakeMilestone, office: User, now: datetime
) -> None:
    step = make_milestone(1, title="印发通知")
    with pytest.raises(MilestoneRefused, match="同名"):
        make_milestone(1, title="印发通知")
    drop_milestone(step, reason="合并", revision=1, by=office, at=now)
    assert make_milestone(1, title="印发通知").state == Milestone.State.OPEN


def test_a_correction_keeps_the_reason_and_what_was_before(
    make_milestone: MakeMilestone, office: User, now: datetime
) -> None:
    step = make_milestone(1, due_on=date(2026, 6, 30))
    changed = change(step, office, now, due_on=date(2026, 9, 30), reason="与市级安排衔接")
    assert (changed.due_on, changed.revision) == (date(2026, 9, 30), 2)
    event = events_about(step).order_by("-sequence")[0]
    assert event.reason == "与市级安排衔接"
    assert event.changes["due_on"] == ["2026-06-30", "2026-09-30"]


def test_a_correction_without_reason_or_without_change_is_refused(
    make_milestone: MakeMilestone, office: User, now: datetime
) -> None:
    step = make_milestone(1)
    with pytest.raises(MilestoneRefused, match="原因"):
        change(step, office, now, title="别的", reason="  ")
    with pytest.raises(MilestoneRefused, match="没有任何改动"):
        change(step, office, now)


def test_a_form_made_from_an_older_state_is_stale_and_changes_nothing(
    make_milestone: MakeMilestone, office: User, now: datetime
) -> None:
    step = make_milestone(1)
    change(step, office, now, title="先改的")
    with pytest.raises(StaleForm, match="刚刚被他人修改过"):
        change(step, office, now, title="后改的", revision=1)
    step.refresh_from_db()
    assert step.title == "先改的"


def test_the_liaison_officer_of_the_unit_that_owes_it_closes_a_step(
    make_milestone: MakeMilestone, finance: User, now: datetime, today: date
) -> None:
    step = make_milestone(1, unit="区财政局")
    done = complete_milestone(step, done_on=today, revision=1, by=finance, at=now)
    assert (done.state, done.done_on) == ("done", today)


def test_a_liaison_officer_of_another_unit_does_not_close_it(
    make_milestone: MakeMilestone, finance: User, now: datetime, today: date
) -> None:
    step = make_milestone(2, unit="团区委")
    with pytest.raises(MilestoneRefused, match="责任单位的联络员"):
        complete_milestone(step, done_on=today, revision=1, by=finance, at=now)


def test_a_role_that_has_ended_closes_nothing(
    make_milestone: MakeMilestone, finance: User, now: datetime, today: date
) -> None:
    finance.assignments.update(ends_on=today - timedelta(days=1))
    fresh = User.objects.get(pk=finance.pk)
    with pytest.raises(MilestoneRefused):
        complete_milestone(make_milestone(1), done_on=today, revision=1, by=fresh, at=now)


def test_a_step_is_not_closed_in_the_future_and_not_twice(
    make_milestone: MakeMilestone, office: User, now: datetime, today: date
) -> None:
    step = make_milestone(1)
    with pytest.raises(MilestoneRefused, match="不能晚于今天"):
        complete_milestone(step, done_on=today + timedelta(days=1), revision=1, by=office, at=now)
    complete_milestone(step, done_on=today, revision=1, by=office, at=now)
    with pytest.raises(MilestoneRefused, match="推进中"):
        complete_milestone(step, done_on=today, revision=2, by=office, at=now)


def test_what_is_done_is_corrected_only_after_it_was_reopened(
    make_milestone: MakeMilestone, office: User, now: datetime, today: date
) -> None:
    step = complete_milestone(make_milestone(1), done_on=today, revision=1, by=office, at=now)
    with pytest.raises(MilestoneRefused, match="恢复"):
        change(step, office, now, title="改名")
    opened = reopen_milestone(step, reason="材料退回", revision=2, by=office, at=now)
    assert (opened.state, opened.done_on) == ("open", None)
    assert change(opened, office, now, title="改名").title == "改名"


def test_giving_up_and_reopening_need_a_reason_and_a_fitting_state(
    make_milestone: MakeMilestone, office: User, now: datetime
) -> None:
    step = make_milestone(1)
    with pytest.raises(MilestoneRefused, match="本来就在推进中"):
        reopen_milestone(step, reason="x", revision=1, by=office, at=now)
    with pytest.raises(MilestoneRefused, match="原因"):
        drop_milestone(step, reason="", revision=1, by=office, at=now)
    dropped = drop_milestone(step, reason="不再需要", revision=1, by=office, at=now)
    with pytest.raises(MilestoneRefused, match="推进中"):
        drop_milestone(dropped, reason="再次", revision=2, by=office, at=now)
    with pytest.raises(MilestoneRefused, match="原因"):
        reopen_milestone(dropped, reason=" ", revision=2, by=office, at=now)


def test_the_database_itself_refuses_a_done_step_without_its_day(make_milestone: MakeMilestone) -> None:
    step = make_milestone(1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Milestone.objects.filter(pk=step.pk).update(state="done")


def test_a_title_is_not_taken_a_second_time_by_a_correction_or_a_reopening(
    make_milestone: MakeMilestone, office: User, now: datetime
) -> None:
    dropped = drop_milestone(make_milestone(1, title="印发安排"), reason="重复", revision=1, by=office, at=now)
    make_milestone(1, title="印发安排")
    other = make_milestone(1, title="拨付资金")
    with pytest.raises(MilestoneRefused, match="同名"):
        reopen_milestone(dropped, reason="恢复", revision=dropped.revision, by=office, at=now)
    with pytest.raises(MilestoneRefused, match="同名"):
        change(other, office, now, title="印发安排")
