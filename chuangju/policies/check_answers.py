"""回答 - what somebody has said so far: plain values by fact, kept in the browser's session and nowhere in an address.

`facts_on` makes of it the facts that rules work with on a day; what cannot be taken any more is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from chuangju.policies.check_questions import Question, Standpoint, question_book
from chuangju.rules.days import months_between
from chuangju.rules.given import Facts, clean_facts
from chuangju.ventures.registers import dictionary

_MOST_KEYS = 200


@dataclass
class Answers:
    """Whom somebody speaks for, the values they gave (as JSON has them), where other values come from, what was skipped."""

    who: str = ""
    given: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    answered: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    party: str = ""
    party_name: str = ""

    @classmethod
    def read(cls, kept: Any) -> Answers:
        """From a session or a saved check; whatever has another form is left out."""
        if not isinstance(kept, Mapping):
            return cls()
        answers = cls(who=_text(kept.get("who")), party=_text(kept.get("party")), party_name=_text(kept.get("name")))
        if isinstance(kept.get("given"), Mapping):
            answers.given = {str(key): value for key, value in list(kept["given"].items())[:_MOST_KEYS]}
        if isinstance(kept.get("sources"), Mapping):
            answers.sources = {str(key): _text(value) for key, value in kept["sources"].items()}
        answers.answered, answers.skipped = _texts(kept.get("answered")), _texts(kept.get("skipped"))
        return answers

    def kept(self) -> dict[str, Any]:
        """As a session keeps it."""
        return {
            "who": self.who,
            "given": self.given,
            "sources": self.sources,
            "answered": self.answered,
            "skipped": self.skipped,
            "party": self.party,
            "name": self.party_name,
        }

    @property
    def standpoint(self) -> Standpoint | None:
        """Whom they speak for."""
        return question_book().standpoint(self.who)

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been said yet."""
        return not self.who and not self.given

    @property
    def asked_count(self) -> int:
        """How many questions have been dealt with, the first one included."""
        return len(self.answered) + len(self.skipped) + bool(self.who)

    def choose(self, standpoint: Standpoint) -> None:
        """Speak for somebody; what the former standpoint said by itself goes."""
        former = self.standpoint
        for key in former.facts if former else ():
            if key not in self.sources:
                self.given.pop(key, None)
        self.who = standpoint.code
        self.given = {
            **self.given,
            **{key: value for key, value in standpoint.facts.items() if key not in self.sources},
        }

    def answer(self, question: Question, given: Mapping[str, Any]) -> None:
        """Keep the answer to a question in place of an earlier one."""
        for key in question.facts:
            self.given.pop(key, None)
            self.sources.pop(key, None)
        self.given.update(given)
        self.skipped = [key for key in self.skipped if key != question.key]
        if question.key not in self.answered:
            self.answered.append(question.key)

    def skip(self, question: Question) -> None:
        """Leave a question open; an earlier answer to it goes."""
        for key in question.facts:
            self.given.pop(key, None)
            self.sources.pop(key, None)
        self.answered = [key for key in self.answered if key != question.key]
        if question.key not in self.skipped:
            self.skipped.append(question.key)

    def facts_on(self, day: date) -> Facts:
        """The facts for the rules on a day."""
        facts, _problems = clean_facts(self.given, dictionary())
        return with_insured_months(facts, day)


def with_insured_months(facts: Facts, day: date) -> Facts:
    """Months of insurance follow from the month since which an employee has been insured without a break."""
    rows = facts.get("employees")
    if not rows:
        return facts
    counted = tuple(
        {**row, "insured_months": max(0, months_between(row["insured_from"], day))}
        if row.get("insured_from") is not None and row.get("insured_months") is None
        else row
        for row in rows
    )
    return {**facts, "employees": counted}


def _text(value: Any) -> str:
    return value[:200] if isinstance(value, str) else ""


def _texts(value: Any) -> list[str]:
    return [_text(one) for one in value[:_MOST_KEYS]] if isinstance(value, list) else []
