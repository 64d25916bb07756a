"""What to ask next: only what can still change an answer, and first what settles most."""

from __future__ import annotations

from chuangju.rules.ask import next_questions
from tests.rules.small import DAY, policy_of

ONE = policy_of("staff >= 3", "trained")
TWO = policy_of("staff >= 5", more="amount: rent\n")
THREE = policy_of("form == 'company'", "first_time")


def test_what_settles_most_comes_first() -> None:
    assert next_questions([ONE, TWO, THREE], {}, on=DAY) == ["staff", "trained", "form", "first_time"]


def test_what_cannot_change_an_answer_any_more_is_not_asked_for() -> None:
    assert next_questions([ONE, TWO, THREE], {"staff": 1, "form": "individual"}, on=DAY) == []
    assert next_questions([ONE, THREE], {"staff": 9, "form": "individual"}, on=DAY) == ["trained"]


def test_an_open_amount_matters_less_than_whether_there_is_any() -> None:
    assert next_questions([TWO, ONE], {"staff": 9}, on=DAY) == ["trained", "rent"]
    assert next_questions([TWO, ONE], {"staff": 9, "rent": 1, "trained": False}, on=DAY) == []
