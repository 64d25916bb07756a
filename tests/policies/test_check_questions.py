"""The questions of the check: written down soundly, gathered by facts, and in a settled order."""

from __future__ import annotations

from datetime import date

import pytest

from chuangju.policies.catalogue import shipped_catalogue
from chuangju.policies.check_questions import question_book, questions_for
from chuangju.policies.current import current_catalogue
from chuangju.rules.given import clean_facts
from chuangju.rules.program import prepare_policy
from chuangju.ventures.registers import dictionary


def test_every_fact_that_the_file_names_is_in_the_dictionary_and_takes_what_is_set() -> None:
    book, facts = question_book(), dictionary().facts
    for question in book.questions:
        assert set(question.facts) <= set(facts), question.key
        assert set(question.none_sets) <= set(facts), question.key
        assert clean_facts(question.none_sets, dictionary())[1] == [], question.key
        assert set(question.fields) <= set(question.fact.fields), question.key
        assert question.title.zh, question.key
        assert question.title.en, question.key
    for standpoint in book.standpoints:
        assert clean_facts(standpoint.facts, dictionary())[1] == [], standpoint.code
        assert standpoint.audience <= book.kinds, standpoint.code
    assert book.elsewhere <= set(facts)


def test_a_fact_is_asked_by_one_question_only() -> None:
    asked = [key for question in question_book().questions for key in question.facts]
    assert sorted(asked) == sorted(set(asked))


def test_facts_are_gathered_into_questions_and_those_with_an_order_come_first() -> None:
    questions = questions_for(["rd_expense_year", "employees", "founder_grants", "grants", "vat_due"])
    assert [one.key for one in questions] == ["received", "staff", "rd_expense_year"]


def test_a_fact_without_a_question_of_its_own_is_asked_by_its_own_words() -> None:
    question = question_book().for_fact("incubator_grade")
    assert question is not None
    assert (question.key, question.kind) == ("incubator_grade", "choice")
    assert question.title == dictionary().facts["incubator_grade"].question
    assert question_book().question("nothing") is None


@pytest.mark.django_db
def test_whatever_a_policy_in_force_asks_can_be_answered_here_in_a_calculator_or_by_the_name_of_a_business() -> None:
    """No policy stays open for want of a field to answer in."""
    book, on = question_book(), date(2026, 11, 29)
    wanted = {
        fact.partition(".")[0]
        for policy in shipped_catalogue().in_force(on)
        for fact in prepare_policy(policy, on).facts
    }
    assert len(wanted) > 100
    assert sorted(key for key in wanted - book.elsewhere if book.for_fact(key) is None) == []
    for key in ("prizes", "certificates", "trainees"):
        asked = book.for_fact(key)
        assert asked is not None
        assert set(asked.fields) <= set(dictionary().facts[key].fields)
    for question in book.questions:
        assert not question.listed or question.listed in shipped_catalogue().shared.lists


@pytest.mark.django_db
def test_every_kind_of_audience_that_policies_are_for_is_known_to_some_standpoint_or_left_to_others() -> None:
    book = question_book()
    spoken_for = frozenset[str]().union(*(one.audience for one in book.standpoints))
    tags = {tag for policy in current_catalogue().policies for tag in policy.audience}
    assert {"venture", "individual_business", "team", "planning"} <= spoken_for & tags
