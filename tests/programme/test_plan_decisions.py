"""From the opinions to the issued plan: who decides what, in which order, and what is frozen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chuangju.kernel.models import AuditEvent, Message, Paper, User
from chuangju.kernel.outgoing_papers import PaperRefused, hand_over_paper, void_paper
from chuangju.kernel.refusals import StaleForm
from chuangju.programme.models import Plan
from chuangju.programme.plan_consultations import close_round, decide_opinion, give_opinion
from chuangju.programme.plan_content import content_changes, content_of, find_plan_faults
from chuangju.programme.plan_decisions import (
    approve_plan,
    draft_issue,
    end_plan,
    issue_plan,
    return_plan,
    submit_plan,
    take_back_approved,
)
from chuangju.programme.plans import PlanRefused
from chuangju.units.models import Role
from tests import people
from tests.programme.plans import Planner

pytestmark = pytest.mark.django_db


def approve(plan: Plan, by: User, planner: Planner, **given: object) -> Plan:
    said = {"meeting": "第三次会议", "approved_on": planner.now.date(), "revision": plan.revision}
    return approve_plan(plan, **{**said, **given}, by=by, at=planner.now)  # type: ignore[arg-type]


def test_a_plan_is_laid_before_the_leaders_when_every_opinion_is_decided(planner: Planner) -> None:
    plan = planner.written()
    consultation = planner.ask(plan)
    officer = planner.officer("区财政局")
    opinion = give_opinion(consultation.asked.get(), text="意见", by=officer, at=planner.now)
    close_round(consultation, by=planner.office, at=planner.now)
    plan = planner.fresh(plan)
    with pytest.raises(PlanRefused, match="还有 1 条意见"):
        submit_plan(plan, revision=plan.revision, by=planner.office, at=planner.now)
    decide_opinion(opinion, result="adopted", reason="", revision=1, by=planner.office, at=planner.now)
    submitted = submit_plan(plan, revision=plan.revision, by=planner.office, at=planner.now)
    assert submitted.state == Plan.State.PROPOSED
    assert Message.objects.filter(user=planner.leader, template="programme.plan_to_decide").exists()


def test_a_draft_does_not_skip_the_consultation(planner: Planner) -> None:
    plan = planner.written()
    with pytest.raises(PlanRefused, match="起草中"):
        submit_plan(plan, revision=plan.revision, by=planner.office, at=planner.now)
    with pytest.raises(PlanRefused, match="起草中"):
        approve(plan, planner.leader, planner)


def test_the_leading_group_alone_approves(planner: Planner, liaison: User) -> None:
    plan = planner.proposed(planner.written())
    unit_leader = people.make_user("unit-leader", Role.LEADER, unit=plan.items.get().unit)
    for person in (planner.office, liaison, unit_leader):
        with pytest.raises(PlanRefused, match="领导小组"):
            approve(plan, person, planner)
    approved = approve(plan, planner.leader, planner)
    assert (approved.state, approved.meeting, approved.approved_by) == (
        Plan.State.APPROVED,
        "第三次会议",
        planner.leader,
    )


def test_a_meeting_is_named_and_not_in_the_future(planner: Planner) -> None:
    plan = planner.proposed(planner.written())
    with pytest.raises(PlanRefused, match="会议"):
        approve(plan, planner.leader, planner, meeting=" ")
    with pytest.raises(PlanRefused, match="不能晚于今天"):
        approve(plan, planner.leader, planner, approved_on=planner.now.date() + timedelta(days=1))


def test_a_returned_plan_says_why_and_is_written_on(planner: Planner) -> None:
    plan = planner.proposed(planner.written())
    with pytest.raises(PlanRefused, match="退回原因"):
        return_plan(plan, reason=" ", revision=plan.revision, by=planner.leader, at=planner.now)
    returned = return_plan(plan, reason="目标要量化", revision=plan.revision, by=planner.leader, at=planner.now)
    assert (returned.state, returned.returned_reason) == (Plan.State.COLLATING, "目标要量化")
    section = returned.sections.first()
    assert section is not None
    planner.reword(section, "三年新增创业组织一千家。")
    again = submit_plan(returned, revision=returned.revision, by=planner.office, at=planner.now)
    assert again.returned_reason == ""


def test_of_two_leaders_the_second_is_told(planner: Planner) -> None:
    plan = planner.proposed(planner.written())
    approve(plan, planner.leader, planner)
    with pytest.raises(StaleForm):
        return_plan(plan, reason="不同意", revision=plan.revision, by=planner.leader, at=planner.now)


def test_the_sealed_paper_puts_the_plan_into_force(planner: Planner) -> None:
    plan = planner.approved(planner.written())
    assert plan.issued_content is None
    paper = planner.seal(plan)
    issued = planner.fresh(plan)
    assert (issued.state, issued.number, issued.issued_on) == (Plan.State.ISSUED, paper.number, paper.sealed_on)
    assert issued.issued_content == content_of(issued)
    item = issued.items.get()
    assert item.first_due_on == item.due_on
    assert list(find_plan_faults()) == []
    told = AuditEvent.objects.order_by("pk").values_list("action", flat=True)
    assert list(told).index("kernel.paper_sealed") < list(told).index("programme.plan_issued")


def test_units_with_items_are_told_of_the_issue(planner: Planner) -> None:
    officer = planner.officer("区财政局")
    planner.issued()
    message = Message.objects.filter(user=officer, template="programme.plan_issued").get()
    assert "1 个事项" in message.subject


def test_a_plan_that_is_not_approved_cannot_be_sealed(planner: Planner) -> None:
    plan = planner.proposed(planner.written())
    with pytest.raises(PlanRefused, match="待审定"):
        draft_issue(plan, recipient="各单位", by=planner.office, at=planner.now)
    paper = Paper(subject=plan, number="文号", sealed_on=planner.now.date())
    with pytest.raises(PlanRefused, match="待审定"):
        issue_plan(paper, by=planner.office, at=planner.now)
    with pytest.raises(PlanRefused, match="不是印发方案"):
        issue_plan(Paper(subject=planner.office), by=planner.office, at=planner.now)


def test_one_paper_at_a_time_and_an_approved_plan_is_taken_back_without_one(planner: Planner) -> None:
    plan = planner.approved(planner.written())
    paper = draft_issue(plan, recipient="各单位", by=planner.office, at=planner.now)
    assert draft_issue(plan, recipient="各单位", by=planner.office, at=planner.now) == paper
    with pytest.raises(PlanRefused, match="请先作废文书"):
        take_back_approved(plan, reason="错字", revision=plan.revision, by=planner.office, at=planner.now)
    void_paper(paper, reason="错字", by=planner.office, at=planner.now)
    back = take_back_approved(plan, reason="错字", revision=plan.revision, by=planner.office, at=planner.now)
    assert (back.state, back.approved_on, back.meeting) == (Plan.State.COLLATING, None, "")


def test_only_the_office_moves_the_paper(planner: Planner, liaison: User) -> None:
    plan = planner.approved(planner.written())
    paper = draft_issue(plan, recipient="各单位", by=planner.office, at=planner.now)
    with pytest.raises(PaperRefused):
        hand_over_paper(paper, by=liaison, at=planner.now)


def test_a_changed_frozen_text_is_found(planner: Planner) -> None:
    plan = planner.issued()
    assert list(find_plan_faults()) == []
    content = {**(plan.issued_content or {}), "title": "别的标题"}
    Plan.objects.filter(pk=plan.pk).update(issued_content=content)
    assert len(list(find_plan_faults())) == 1


def test_a_new_plan_takes_the_place_of_the_old_one(planner: Planner) -> None:
    old = planner.issued()
    new = planner.issued(title="新的总体方案", replaces=old)
    assert planner.fresh(old).state == Plan.State.SUPERSEDED
    assert planner.fresh(old).ended_on == planner.now.date()
    assert new.is_issued


def test_a_voided_paper_takes_its_plan_out_of_force_and_the_old_one_is_back(planner: Planner) -> None:
    officer = planner.officer("区财政局")
    old = planner.issued()
    plan = planner.approved(planner.written(title="新的总体方案", replaces=old))
    paper = planner.seal(plan)
    assert planner.fresh(old).state == Plan.State.SUPERSEDED
    void_paper(paper, reason="文号有误", by=planner.office, at=planner.now)
    back = planner.fresh(plan)
    assert (back.state, back.number, back.issued_on, back.issued_content) == (Plan.State.APPROVED, "", None, None)
    assert back.items.get().first_due_on is None
    assert (planner.fresh(old).state, planner.fresh(old).ended_on) == (Plan.State.ISSUED, None)
    assert list(find_plan_faults()) == []
    told = Message.objects.get(user=officer, template="programme.plan_withdrawn")
    assert "文号有误" in told.body
    assert AuditEvent.objects.get(action="programme.plan_issue_withdrawn").reason == "文号有误"
    # It is issued anew by another paper.
    assert planner.seal(back).number != paper.number
    assert planner.fresh(plan).is_issued


def test_a_draft_that_is_voided_and_the_paper_of_a_plan_that_has_ended_change_no_plan(planner: Planner) -> None:
    plan = planner.approved(planner.written())
    void_paper(
        draft_issue(plan, recipient="各单位", by=planner.office, at=planner.now),
        reason="错字",
        by=planner.office,
        at=planner.now,
    )
    assert planner.fresh(plan).state == Plan.State.APPROVED
    paper = planner.seal(plan)
    issued = planner.fresh(plan)
    end_plan(issued, reason="期满", revision=issued.revision, by=planner.office, at=planner.now)
    void_paper(paper, reason="归档", by=planner.office, at=planner.now)
    assert planner.fresh(plan).state == Plan.State.ENDED
    assert not AuditEvent.objects.filter(action="programme.plan_issue_withdrawn").exists()


def test_a_plan_is_ended_with_words_and_after_its_stages(planner: Planner) -> None:
    overall = planner.issued()
    stage = planner.issued(title="阶段", kind=Plan.Kind.STAGE, parent=overall)
    with pytest.raises(PlanRefused, match="阶段方案还在执行"):
        end_plan(overall, reason="期满", revision=overall.revision, by=planner.office, at=planner.now)
    with pytest.raises(PlanRefused, match="说明"):
        end_plan(stage, reason="", revision=stage.revision, by=planner.office, at=planner.now)
    end_plan(stage, reason="期满", revision=stage.revision, by=planner.office, at=planner.now)
    ended = end_plan(overall, reason="期满", revision=overall.revision, by=planner.office, at=planner.now)
    assert (ended.state, ended.ended_on) == (Plan.State.ENDED, planner.now.date())


def test_every_word_that_changed_since_the_consultation_is_found(planner: Planner) -> None:
    plan = planner.written()
    consultation = planner.ask(plan)
    consultation.asked.update(answer="silent")
    close_round(consultation, by=planner.office, at=planner.now)
    section = plan.sections.get(position=2)
    planner.reword(section, f"{section.text}另加一句。")
    planner.item(planner.fresh(plan), "新的事项", row=2)
    changes = content_changes(consultation.content, content_of(planner.fresh(plan)))
    assert [(change.kind, change.label) for change in changes] == [
        ("changed", "二、主要任务"),
        ("added", "方案事项 2"),
    ]
    words = changes[0]
    assert "".join(text for op, text in words.parts if op != "added") == words.old
    assert "".join(text for op, text in words.parts if op != "removed") == words.new
    assert content_changes(consultation.content, consultation.content) == []
