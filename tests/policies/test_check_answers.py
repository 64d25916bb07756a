"""What somebody has said: kept and read back, replaced, skipped, and made into facts."""

from __future__ import annotations

from datetime import date

import pytest

from chuangju.policies.check_answers import Answers
from chuangju.policies.check_questions import Question, question_book

ON = date(2026, 6, 15)


def question(key: str) -> Question:
    found = question_book().question(key)
    assert found is not None
    return found


def company() -> Answers:
    answers = Answers()
    standpoint = question_book().standpoint("company")
    assert standpoint is not None
    answers.choose(standpoint)
    return answers


def test_answers_come_back_from_where_they_were_kept() -> None:
    answers = company()
    answers.answer(question("registered"), {"registered_on": "2025-03-17"})
    answers.skip(question("residence"))
    again = Answers.read(answers.kept())
    assert again == answers
    assert again.asked_count == 3
    assert again.facts_on(ON) == {"entity_type": "company", "status": "active", "registered_on": date(2025, 3, 17)}


@pytest.mark.parametrize("kept", [None, 7, "x", [], {"given": 3, "answered": {}, "who": 4, "sources": []}])
def test_whatever_else_a_session_holds_is_nothing_said(kept: object) -> None:
    assert Answers.read(kept).is_empty


def test_a_value_that_cannot_be_taken_any_more_is_unknown() -> None:
    answers = Answers(given={"registered_on": "never", "no_such_fact": 1, "town": "310112114"})
    assert answers.facts_on(ON) == {"town": "310112114"}


def test_another_standpoint_takes_back_what_the_former_said_and_leaves_the_rest() -> None:
    answers = company()
    answers.answer(question("residence"), {"founder_residence": "city"})
    team = question_book().standpoint("team")
    assert team is not None
    answers.choose(team)
    assert answers.given == {"founder_residence": "city", "team_registered": False}


def test_a_skipped_question_forgets_its_earlier_answer() -> None:
    answers = company()
    answers.answer(question("site"), {"leases": [], "monthly_rent": 0})
    answers.skip(question("site"))
    assert "monthly_rent" not in answers.given
    assert (answers.answered, answers.skipped) == ([], ["site"])
    answers.answer(question("site"), {"leases": [], "monthly_rent": 0})
    assert (answers.answered, answers.skipped) == (["site"], [])


def test_months_of_insurance_follow_from_the_month_since_which_somebody_is_insured() -> None:
    answers = Answers(
        given={"employees": [{"insured_from": "2026-01-01"}, {"insured_months": 3}, {"residence": "city"}]}
    )
    rows = answers.facts_on(ON)["employees"]
    assert [row["insured_months"] for row in rows] == [5, 3, None]
