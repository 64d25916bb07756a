"""Asking units about a draft: who answers for whom, until when, and what becomes of what they say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from chuangju.kernel.audit import events_about
from chuangju.kernel.models import Message, User
from chuangju.kernel.refusals import StaleForm
from chuangju.kernel.working_days import add_working_days
from chuangju.programme.access import opinions_visible_to, plans_visible_to, rounds_visible_to
from chuangju.programme.models import ConsultedUnit, Opinion, Plan, PlanRound
from chuangju.programme.plan_consultations import (
    answer_without_opinion,
    close_round,
    decide_opinion,
    extend_round,
    give_opinion,
    open_round,
    round_counts,
    take_back_opinion,
)
from chuangju.programme.plan_items import remove_item
from chuangju.programme.plans import PlanRefused, remove_section
from tests.programme.conftest import unit_called
from tests.programme.plans import Planner

pytestmark = pytest.mark.django_db
FINANCE, SCIENCE = "区财政局", "区科委"


def asked_of(consultation: PlanRound, unit: str) -> ConsultedUnit:
    return consultation.asked.get(unit=unit_called(unit))


def speak(planner: Planner, consultation: PlanRound, unit: str = FINANCE, text: str = "期限偏紧") -> Opinion:
    asked = asked_of(consultation, unit)
    return give_opinion(asked, text=text, by=planner.officer(unit), at=planner.now)


def test_the_draft_is_kept_as_sent_and_the_officers_are_told(planner: Planner) -> None:
    officer = planner.officer(FINANCE)
    plan = planner.written()
    consultation = planner.ask(plan, FINANCE)
    assert planner.fresh(plan).state == Plan.State.CONSULTING
    assert consultation.content["items"][0]["unit"] == FINANCE
    message = Message.objects.get(user=officer)
    assert message.template == "programme.plan_round_opened"
    assert message.address == f"/staff/plans/rounds/{consultation.pk}/"


def test_an_unfinished_draft_is_not_sent_round(planner: Planner) -> None:
    plan = planner.draft()
    with pytest.raises(PlanRefused, match="还没有正文"):
        planner.ask(plan)
    planner.write(plan)
    with pytest.raises(PlanRefused, match="至少要有一个章节和一个事项"):
        planner.ask(plan)
    planner.item(plan)
    with pytest.raises(PlanRefused, match="至少选择一个"):
        open_round(plan, units=[], due_on=planner.now.date() + timedelta(days=9), by=planner.office, at=planner.now)
    with pytest.raises(PlanRefused, match="须晚于今天"):
        planner.ask(plan, due_on=planner.now.date())
    assert not PlanRound.objects.exists()


def test_only_the_officer_of_an_asked_unit_answers_for_it(planner: Planner, liaison: User) -> None:
    consultation = planner.ask(planner.written(), FINANCE)
    asked = asked_of(consultation, FINANCE)
    for person in (planner.office, planner.leader, planner.officer(SCIENCE)):
        with pytest.raises(PlanRefused, match="联络员"):
            give_opinion(asked, text="意见", by=person, at=planner.now)
        with pytest.raises(PlanRefused, match="联络员"):
            answer_without_opinion(asked, by=person, at=planner.now)


def test_an_opinion_is_about_one_place_of_this_plan(planner: Planner) -> None:
    plan = planner.written()
    other = planner.written(title="别的方案")
    consultation = planner.ask(plan)
    asked, officer = asked_of(consultation, FINANCE), planner.officer(FINANCE)
    section, item = plan.sections.first(), plan.items.first()
    opinion = give_opinion(asked, text=" 太笼统 ", suggestion="写明", section=section, by=officer, at=planner.now)
    assert (opinion.text, opinion.place, opinion.result) == ("太笼统", "一、工作目标", Opinion.Result.PENDING)
    with pytest.raises(PlanRefused, match="一处"):
        give_opinion(asked, text="意见", section=section, item=item, by=officer, at=planner.now)
    with pytest.raises(PlanRefused, match="不属于"):
        give_opinion(asked, text="意见", item=other.items.first(), by=officer, at=planner.now)
    with pytest.raises(PlanRefused, match="1000 字"):
        give_opinion(asked, text="长" * 1001, by=officer, at=planner.now)


def test_no_opinion_is_an_answer_and_an_opinion_takes_its_place(planner: Planner) -> None:
    consultation = planner.ask(planner.written())
    asked, officer = asked_of(consultation, FINANCE), planner.officer(FINANCE)
    answer_without_opinion(asked, by=officer, at=planner.now)
    assert answer_without_opinion(asked, by=officer, at=planner.now).answer == ConsultedUnit.Answer.NO_OPINION
    opinion = speak(planner, consultation)
    asked.refresh_from_db()
    assert asked.answer == ConsultedUnit.Answer.OPINIONS
    with pytest.raises(PlanRefused, match="请先撤回意见"):
        answer_without_opinion(asked, by=officer, at=planner.now)
    take_back_opinion(opinion, by=officer, at=planner.now)
    asked.refresh_from_db()
    assert (asked.answer, asked.answered_at) == (ConsultedUnit.Answer.WAITING, None)
    with pytest.raises(StaleForm):
        take_back_opinion(opinion, by=officer, at=planner.now)
    told = list(events_about(consultation.plan).values_list("action", flat=True))
    assert told.count("programme.opinion_taken_back") == 1


def test_a_unit_sees_its_own_opinions_and_those_of_others_once_the_plan_is_issued(planner: Planner) -> None:
    plan = planner.written()
    consultation = planner.ask(plan, FINANCE, SCIENCE)
    mine, theirs = speak(planner, consultation, FINANCE, "我们的"), speak(planner, consultation, SCIENCE, "他们的")
    officer, today = planner.officer(FINANCE), planner.now.date()
    assert list(opinions_visible_to(officer, on=today)) == [mine]
    assert set(opinions_visible_to(planner.office, on=today)) == {mine, theirs}
    assert set(opinions_visible_to(planner.leader, on=today)) == {mine, theirs}
    assert not opinions_visible_to(planner.officer("区教育局"), on=today).exists()
    Plan.objects.filter(pk=plan.pk).update(
        state=Plan.State.ISSUED,
        number="文号",
        sha256="0",
        issued_on=today,
        issued_content={},
        approved_on=today,
        approved_by=planner.leader,
    )
    assert set(opinions_visible_to(officer, on=today)) == {mine, theirs}
    assert set(opinions_visible_to(planner.officer("区教育局"), on=today)) == {mine, theirs}
    assert not opinions_visible_to(None, on=today).exists()


def test_a_draft_is_seen_by_units_only_once_they_are_asked(planner: Planner) -> None:
    plan = planner.written()
    asked, other, today = planner.officer(FINANCE), planner.officer(SCIENCE), planner.now.date()
    assert not plans_visible_to(asked, on=today).exists()
    consultation = planner.ask(plan)
    assert list(plans_visible_to(asked, on=today)) == [plan]
    assert list(rounds_visible_to(asked, on=today)) == [consultation]
    assert not plans_visible_to(other, on=today).exists()
    assert not rounds_visible_to(other, on=today).exists()


@pytest.mark.parametrize(("days", "late"), [(0, 0), (1, 1)])
def test_the_last_day_is_in_time_and_the_next_is_late(days: int, late: int, planner: Planner) -> None:
    consultation = planner.ask(planner.written())
    day = consultation.due_on + timedelta(days=days)
    assert round_counts(consultation, on=day) == {"asked": 1, "answered": 0, "late": late}
    assert asked_of(consultation, FINANCE).is_late_on(day) is bool(late)


def test_a_round_ends_early_only_when_everybody_has_answered(planner: Planner) -> None:
    plan = planner.written()
    consultation = planner.ask(plan, FINANCE, SCIENCE)
    speak(planner, consultation)
    with pytest.raises(PlanRefused, match="期限未到"):
        close_round(consultation, by=planner.office, at=planner.now)
    after = planner.now + (consultation.due_on - planner.now.date()) + timedelta(days=1)
    close_round(consultation, by=planner.office, at=after)
    assert asked_of(consultation, SCIENCE).answer == ConsultedUnit.Answer.SILENT
    assert planner.fresh(plan).state == Plan.State.COLLATING
    event = events_about(consultation).filter(action="programme.plan_round_closed").get()
    assert event.changes["逾期未反馈"][1] == [SCIENCE]


def test_after_the_end_nobody_answers_and_nobody_ends_it_again(planner: Planner) -> None:
    consultation = planner.ask(planner.written())
    answer_without_opinion(asked_of(consultation, FINANCE), by=planner.officer(FINANCE), at=planner.now)
    close_round(consultation, by=planner.office, at=planner.now)
    with pytest.raises(PlanRefused, match="已经截止"):
        speak(planner, consultation)
    with pytest.raises(StaleForm):
        close_round(consultation, by=planner.office, at=planner.now)


def test_more_time_needs_a_reason_and_a_later_day(planner: Planner) -> None:
    consultation = planner.ask(planner.written())
    later = add_working_days(consultation.due_on, 3)
    with pytest.raises(PlanRefused, match="须晚于原期限"):
        extend_round(consultation, due_on=consultation.due_on, reason="假期", by=planner.office, at=planner.now)
    with pytest.raises(PlanRefused, match="延期原因"):
        extend_round(consultation, due_on=later, reason=" ", by=planner.office, at=planner.now)
    assert extend_round(consultation, due_on=later, reason="假期", by=planner.office, at=planner.now).due_on == later


@pytest.mark.parametrize("result", [Opinion.Result.PARTLY, Opinion.Result.REJECTED])
def test_what_is_not_taken_up_whole_needs_its_reason(result: str, planner: Planner) -> None:
    opinion = speak(planner, planner.ask(planner.written()))
    with pytest.raises(PlanRefused, match="请写明理由"):
        decide_opinion(opinion, result=result, reason=" ", revision=1, by=planner.office, at=planner.now)
    decided = decide_opinion(opinion, result=result, reason="超出权限", revision=1, by=planner.office, at=planner.now)
    assert (decided.result, decided.reason, decided.decided_by) == (result, "超出权限", planner.office)
    with pytest.raises(IntegrityError), transaction.atomic():
        Opinion.objects.filter(pk=opinion.pk).update(reason="")


def test_an_opinion_is_decided_by_one_officer_at_a_time(planner: Planner) -> None:
    opinion = speak(planner, planner.ask(planner.written()))
    decide_opinion(opinion, result="adopted", reason="", revision=1, by=planner.office, at=planner.now)
    with pytest.raises(StaleForm, match="刚刚已由他人处理"):
        decide_opinion(opinion, result="rejected", reason="不同意", revision=1, by=planner.office, at=planner.now)
    with pytest.raises(PlanRefused, match="请选择"):
        decide_opinion(opinion, result="pending", reason="", revision=2, by=planner.office, at=planner.now)


def test_a_section_that_was_spoken_about_stays_and_an_item_is_dropped(planner: Planner) -> None:
    plan = planner.written()
    consultation = planner.ask(plan)
    asked, officer = asked_of(consultation, FINANCE), planner.officer(FINANCE)
    section, item = plan.sections.get(position=1), plan.items.get()
    give_opinion(asked, text="改", section=section, by=officer, at=planner.now)
    give_opinion(asked, text="删", item=item, by=officer, at=planner.now)
    close_round(consultation, by=planner.office, at=planner.now)
    with pytest.raises(PlanRefused, match="不能删除"):
        remove_section(section, by=planner.office, at=planner.now)
    remove_item(item, by=planner.office, at=planner.now)
    item.refresh_from_db()
    assert item.state == "dropped"
