"""问题 - what "What am I entitled to" may ask: questions written down in data/check.toml, and for all other facts their own words.

Which of them are worth asking follows from the rules (`next_questions`); this file only gathers facts into questions a
person can answer in one go, and says in which order.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from chuangju.rules.facts import Fact
from chuangju.rules.kinds import Kind, Words
from chuangju.ventures.registers import dictionary

_DATA = Path(__file__).parent / "data" / "check.toml"
_LAST = 100
# Figures over years and quarters take looking up: after everything that is known by heart.
_LOOKED_UP = 120
# How a fact without a question of its own is asked; further records are not.
_KINDS = {
    Kind.BOOL: "yes_no",
    Kind.DATE: "date",
    Kind.MONEY: "amount",
    Kind.INT: "number",
    Kind.RATE: "rate",
    Kind.CODES: "several",
    Kind.INTS: "series",
}


@dataclass(frozen=True, slots=True)
class Question:
    """One screen: the facts it settles, how it is asked, and what its "none of it" says."""

    key: str
    kind: str
    facts: tuple[str, ...]
    title: Words
    help: Words
    name: Words
    order: int = _LAST
    fields: tuple[str, ...] = ()
    rows: int = 1
    is_counted: bool = False
    none: Words | None = None
    none_sets: Mapping[str, Any] = field(default_factory=dict)
    none_chip: Words | None = None
    chip: Words | None = None
    sums: Mapping[str, str] = field(default_factory=dict)
    mirrors: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, tuple[tuple[int, Words], ...]] = field(default_factory=dict)
    # A dated list of the policies whose members of the day can be chosen.
    listed: str = ""

    @property
    def fact(self) -> Fact:
        """The entry of the dictionary that it is first of all about."""
        return dictionary().facts[self.facts[0]]

    def __hash__(self) -> int:
        return hash(self.key)


@dataclass(frozen=True, slots=True)
class Standpoint:
    """Whom somebody speaks for: what that says by itself, and which policies are about it."""

    code: str
    name: Words
    hint: Words
    facts: Mapping[str, Any]
    audience: frozenset[str]
    # No licence yet: what only a business can tell is not asked.
    is_later: bool = False

    def can_tell(self, key: str) -> bool:
        """Whether somebody in this position can know a fact at all."""
        if not self.is_later:
            return True
        book = question_book()
        return key in book.told_without_licence or dictionary().facts[key].group in book.groups_without_licence


@dataclass(frozen=True, slots=True)
class QuestionBook:
    """Everything in data/check.toml."""

    most: int
    elsewhere: frozenset[str]
    standpoints: tuple[Standpoint, ...]
    kinds: frozenset[str]
    questions: tuple[Question, ...]
    times_a_year: Mapping[str, int]
    calculators: Mapping[str, tuple[str, ...]]
    groups_without_licence: frozenset[str]
    told_without_licence: frozenset[str]

    def standpoint(self, code: str) -> Standpoint | None:
        """The standpoint of this code."""
        return next((one for one in self.standpoints if one.code == code), None)

    def question(self, key: str) -> Question | None:
        """The question of this key; that of a fact where it is asked by its own words."""
        found = next((one for one in self.questions if one.key == key), None)
        return found or self._of_fact(key)

    def for_fact(self, key: str) -> Question | None:
        """The question that settles a fact; None where a person is not asked for it here."""
        if key in self.elsewhere:
            return None
        return next((one for one in self.questions if key in one.facts), None) or self._of_fact(key)

    def _of_fact(self, key: str) -> Question | None:
        fact = dictionary().facts.get(key)
        if fact is None or key in self.elsewhere or any(key in one.facts for one in self.questions):
            return None
        kind = "choice" if fact.kind is Kind.TEXT and fact.codes is not None else _KINDS.get(fact.kind)
        order = _LOOKED_UP if kind == "series" else _LAST
        return Question(key, kind, (key,), fact.question, fact.help, fact.name, order) if kind else None


@cache
def question_book() -> QuestionBook:
    """The questions that come with the product."""
    data = tomllib.loads(_DATA.read_text("utf-8"))
    standpoints = tuple(
        Standpoint(
            one["code"],
            _words(one["name"]),
            _words(one["hint"]),
            dict(one["facts"]),
            frozenset(one["audience"]),
            one.get("later", False),
        )
        for one in data["who"]
    )
    questions = tuple(_question(one) for one in data["question"])
    return QuestionBook(
        data["most"],
        frozenset(data["elsewhere"]),
        standpoints,
        frozenset(data["kinds"]["tags"]),
        questions,
        dict(data["times_a_year"]),
        {key: tuple(facts) for key, facts in data["calculators"].items()},
        frozenset(data["without_licence"]["groups"]),
        frozenset(data["without_licence"]["facts"]),
    )


def questions_for(facts: Iterable[str]) -> list[Question]:
    """The questions that settle these facts (best first), each once; those with an order come before the others."""
    found = [question_book().for_fact(key) for key in facts]
    unique = list(dict.fromkeys(one for one in found if one is not None))
    return sorted(unique, key=lambda one: one.order)


def _words(given: Mapping[str, str]) -> Words:
    return Words(given["zh"], given["en"])


def _question(given: Mapping[str, Any]) -> Question:
    fact = dictionary().facts[given["facts"][0]]
    choices = {
        key: tuple((one["value"], _words(one)) for one in values) for key, values in given.get("choices", {}).items()
    }
    return Question(
        key=given["key"],
        kind=given["kind"],
        facts=tuple(given["facts"]),
        title=_words(given["title"]) if "title" in given else fact.question,
        help=_words(given["help"]) if "help" in given else fact.help,
        name=_words(given["name"]) if "name" in given else fact.name,
        order=given.get("order", _LAST),
        fields=tuple(given.get("fields", ())),
        rows=given.get("rows", 1),
        is_counted=given.get("counted", False),
        none=_words(given["none"]) if "none" in given else None,
        none_sets=dict(given.get("none_sets", {})),
        none_chip=_words(given["none_chip"]) if "none_chip" in given else None,
        chip=_words(given["chip"]) if "chip" in given else None,
        sums=dict(given.get("sums", {})),
        mirrors=dict(given.get("mirrors", {})),
        choices=choices,
        listed=given.get("listed", ""),
    )
