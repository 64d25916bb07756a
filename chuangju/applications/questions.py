"""还要问什么 - only what the policy speaks of, nobody has told, and can still change the answer; one topic on a screen."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from chuangju.applications.answers import answers_of, facts_of_application, is_settled
from chuangju.applications.evaluation import Evaluation, evaluate, facts_asked_by
from chuangju.applications.models import Application
from chuangju.policies.check_answers import Answers
from chuangju.policies.check_questions import Question, question_book, questions_for
from chuangju.policies.check_reading import say
from chuangju.rules.ask import rank_missing
from chuangju.rules.facts import Fact
from chuangju.rules.given import clean_value
from chuangju.rules.kinds import Fault, Kind
from chuangju.rules.saying_values import say_value
from chuangju.rules.showing import show_value
from chuangju.ventures.facts import known_facts
from chuangju.ventures.registers import dictionary

_KINDS = {
    Kind.BOOL: "yes_no",
    Kind.DATE: "date",
    Kind.MONEY: "amount",
    Kind.INT: "number",
    Kind.RATE: "rate",
    Kind.CODES: "several",
    Kind.INTS: "series",
}
_SHOWN_ROWS = 4


@dataclass(frozen=True)
class Topic:
    """One thing that is known of the case, for the review page: its words, where it comes from, and who can change it."""

    key: str
    name: str
    text: str
    source: str
    said: str
    on: str
    is_certified: bool
    is_disputed: bool
    question: str


def question_of(key: str) -> Question | None:
    """The question of a key: written down, or the fact's own; also of facts that the check asks elsewhere."""
    found = question_book().question(key)
    if found is not None:
        return found
    fact = dictionary().facts.get(key)
    if fact is None or any(key in one.facts for one in question_book().questions):
        return None
    kind = "choice" if fact.kind is Kind.TEXT and fact.codes is not None else _KINDS.get(fact.kind)
    return Question(key, kind, (key,), fact.question, fact.help, fact.name) if kind else None


def fields_asked(application: Application, *, on: date, evaluation: Evaluation | None = None) -> list[Question]:
    """The questions still to be asked, those that settle most first; what was skipped is not asked again."""
    found = evaluation or evaluate(application, on=on)
    skipped = {key for key, entry in answers_of(application).items() if entry.get("source") == "skipped"}
    wanted = [key for key in rank_missing([found.explanation]) if key not in skipped]
    wanted += [key for key in found.policy.form if key not in found.facts and key not in skipped]
    return _questions(wanted)


def topics_asked(application: Application, evaluation: Evaluation, *, on: date) -> list[Question]:
    """Every question that this policy can ask of this applicant, answered or not: the way through the form."""
    known = known_facts(application.subject, on=on)
    told = answers_of(application)
    keys = [
        key for key in facts_asked_by(evaluation.policy, on) if key in told or key in evaluation.explanation.missing
    ]
    keys += [key for key in evaluation.policy.form if not is_settled(known.get(key))]
    return _questions(sorted(dict.fromkeys(keys)))


def _questions(keys: list[str]) -> list[Question]:
    listed = questions_for(keys)
    seen = {fact for one in listed for fact in one.facts}
    others = [question_of(key) for key in keys if key not in seen]
    return list(dict.fromkeys([*listed, *(one for one in others if one is not None)]))


def as_answers(application: Application, *, on: date) -> Answers:
    """What is known of the case in the form in which a question is drawn."""
    facts, sources = facts_of_application(application, on=on)
    given = {key: show_value(value) for key, value in facts.items()}
    said = {key: str(source.get("said") or "") for key, source in sources.items()}
    return Answers(given=given, sources={key: text for key, text in said.items() if text})


def kept_facts(question: Question, application: Application, *, on: date) -> set[str]:
    """The facts of a question that the register settles: its answer to them does not count."""
    known = known_facts(application.subject, on=on)
    told = answers_of(application)
    return {key for key in question.facts if is_settled(known.get(key)) and not told.get(key, {}).get("disputes")}


def known_topics(evaluation: Evaluation) -> list[Topic]:
    """What the case rests on, fact by fact, in the order of the policy."""
    facts = dictionary().facts
    order = list(dict.fromkeys(key for one in evaluation.conditions for key in one.program.facts))
    keys = [key for key in order if key in evaluation.facts]
    keys += sorted(key for key in evaluation.facts if key not in order)
    return [_topic(key, facts[key], evaluation) for key in keys]


def _topic(key: str, fact: Fact, evaluation: Evaluation) -> Topic:
    source = evaluation.sources.get(key, {})
    question = question_of(key) or question_book().for_fact(key)
    return Topic(
        key=key,
        name=say(fact.name),
        text=value_text(evaluation.facts[key], fact),
        source=str(source.get("source", "")),
        said=str(source.get("said", "")),
        on=str(source.get("on", "")),
        is_certified=bool(source.get("is_certified")),
        is_disputed=bool(source.get("is_disputed")),
        question=question.key if question is not None else "",
    )


def value_text(value: Any, fact: Fact) -> str:
    """A value in words; of records each with what it holds, the first few."""
    if fact.kind is Kind.RECORDS and isinstance(value, tuple | list):
        counted = Counter(_row_text(row, fact) for row in value)
        rows = [text if count == 1 else f"{text} × {count}" for text, count in counted.items()]
        more = f" …（{len(value)}）" if len(rows) > _SHOWN_ROWS else ""
        return "；".join(rows[:_SHOWN_ROWS]) + more if rows else _("没有")
    try:
        return say(say_value(clean_value(show_value(value), fact), fact.kind, fact))
    except Fault:
        return str(value)


def _row_text(row: Any, fact: Fact) -> str:
    parts = []
    for name, known in fact.fields.items():
        value = row.get(name) if isinstance(row, dict) else None
        if value is None or value in ((), []):
            continue
        parts.append(f"{say(known.name)} {value_text(value, known)}")
    return "，".join(parts)
