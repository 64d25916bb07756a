"""The answer: every verdict in its group, sums that keep samples apart, own values beside conditions, the order of claiming."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from chuangju.policies.check_answers import Answers
from chuangju.policies.check_cards import Card, make_card, with_titles
from chuangju.policies.check_chips import chips_of
from chuangju.policies.check_measures import own_value
from chuangju.policies.check_questions import question_book
from chuangju.policies.check_results import Assessment, assess, next_question, open_questions, policies_for
from chuangju.policies.current import current_catalogue
from chuangju.policies.demo_checks import demo_answers
from chuangju.rules.explain import explain
from chuangju.rules.kinds import Words
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def result(now: datetime) -> Assessment:
    return assess(demo_answers(now), on=now.date())


def card_of(result: Assessment, policy_id: str) -> Card:
    return next(card for group in result.groups for card in group.cards if card.policy.id == policy_id)


def test_the_demo_founder_meets_every_kind_of_answer(result: Assessment) -> None:
    assert [group.verdict for group in result.groups] == ["eligible", "near_miss", "not_yet", "unknown", "not_eligible"]


def test_a_step_that_nobody_can_take_any_more_is_no_step(result: Assessment) -> None:
    steps = next(group for group in result.groups if group.verdict == "near_miss")
    assert all(card.explanation.is_actionable for card in steps.cards)


def test_figures_of_samples_are_not_added_to_confirmed_ones(result: Assessment) -> None:
    eligible = [card for group in result.groups if group.verdict == "eligible" for card in group.cards]
    counted = [card for card in eligible if not card.given_up_for and card.policy.benefit != "loan"]
    confirmed = sum(card.explanation.amount or 0 for card in counted if not card.is_sample)
    assert result.totals.confirmed == confirmed > 0
    assert result.totals.sample == sum(card.explanation.amount or 0 for card in counted if card.is_sample)
    assert result.totals.main == confirmed


def test_what_excludes_each_other_is_counted_once_and_told(now: datetime) -> None:
    answers = demo_answers(now)
    answers.given["employees"] *= 2
    result = assess(answers, on=now.date())
    rent, individual = card_of(result, "rent_subsidy"), card_of(result, "individual_rent_subsidy")
    assert rent.verdict == individual.verdict == "eligible"
    levels = [card.policy.level for card in result.order]
    assert levels.index("city") < levels.index("district")


def test_a_condition_shows_the_own_value_and_what_is_asked(result: Assessment) -> None:
    own = {reason.text: reason.own for reason in card_of(result, "rent_subsidy").reasons}
    assert own["再招一人并参保半年"] == "现 1 人，需 2 人"
    assert own["注册未超过三年"] == "已 10 个月"


def test_not_yet_says_from_when_and_how_much(result: Assessment) -> None:
    card = card_of(result, "first_startup_grant")
    assert card.verdict == "not_yet"
    assert card.from_day is not None
    assert card.from_day > NOW.date()
    assert card.amount is not None
    assert card.amount.figure == "8,000"


def test_the_last_day_to_claim_is_an_alarm(now: datetime) -> None:
    answers = demo_answers(now)
    answers.given["registered_on"] = date(2023, 8, 1).isoformat()
    card = card_of(assess(answers, on=now.date()), "employment_subsidy")
    assert card.alarm == "soon"
    assert card.alarm_day == date(2026, 8, 1)


def test_only_what_can_still_change_an_answer_is_asked(now: datetime) -> None:
    answers = demo_answers(now)
    keys = {question.key for question in open_questions(answers, on=now.date())}
    assert keys.isdisjoint({"registered", "staff", "site", "received", "record"})


def test_asking_ends_after_nine_questions(now: datetime) -> None:
    answers = Answers(who="company", given={"entity_type": "company", "status": "active"})
    asked = []
    while (question := next_question(answers, on=now.date())) is not None:
        asked.append(question.key)
        answers.skip(question)
    assert len(asked) == question_book().most - 1 == 8
    assert asked[0] == "registered"


def test_a_team_is_shown_what_is_for_teams_and_the_rest_stands_apart(now: datetime) -> None:
    answers = Answers(who="team", given={"team_registered": False})
    own, others = policies_for(answers, current_catalogue(), on=now.date())
    assert {"innovation_voucher_team", "guaranteed_loan_before_founding"} <= {one.id for one in own}
    assert "incubator_grade_subsidy" in {one.id for one in others}


def test_chips_say_what_was_answered_and_what_is_worth_answering(now: datetime, result: Assessment) -> None:
    chips = chips_of(demo_answers(now), result.open_questions)
    texts = [chip.text for chip in chips]
    assert {"个体工商户", "本区户籍", "月租 4,200 元", "员工 1 人", "没有领过扶持"} <= set(texts)
    assert any(chip.is_open for chip in chips)


def test_a_sentence_names_policies_by_their_titles(now: datetime) -> None:
    assert (
        with_titles("政策是 rent_subsidy、unknown_one", {"rent_subsidy": Words("房租", "Rent")})
        == "政策是 《房租》、unknown_one"
    )
    policy = current_catalogue().version_for("first_startup_grant", now.date())
    assert policy is not None
    explanation = explain(policy, {}, on=now.date())
    titles = {one.id: one.title for one in current_catalogue().policies}
    sentences = " ".join(reason.sentence for reason in make_card(explanation, titles=titles).reasons)
    assert "first_startup_grant" not in sentences


def test_whoever_has_no_licence_is_not_asked_what_a_licence_says_and_sees_what_comes_with_it(now: datetime) -> None:
    answers = Answers(who="planning", given={"team_registered": False})
    asked = {question.key for question in open_questions(answers, on=now.date())}
    assert asked.isdisjoint({"registered", "staff", "site", "size", "town"})
    later = next(group for group in assess(answers, on=now.date()).groups if group.verdict == "later")
    assert "setup_grant" in {card.policy.id for card in later.cards}


def test_an_age_is_told_in_years_of_age(now: datetime) -> None:
    answers = Answers(who="planning", given={"team_registered": False, "founder_born_on": "2000-01-01"})
    one = card_of(assess(answers, on=now.date()), "guaranteed_loan_before_founding").explanation
    assert "26 岁" in {own_value(each, one.facts, one.on) for each in one.conditions}
