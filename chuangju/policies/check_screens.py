"""问题页 - a question as its page draws it: choices, fields and rows with what was typed before, and answers as chips."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from chuangju.policies.check_answers import Answers
from chuangju.policies.check_questions import Question
from chuangju.policies.check_reading import Form, say
from chuangju.policies.check_series import is_fen, series_text
from chuangju.rules.facts import Fact
from chuangju.rules.kinds import Kind, Words
from chuangju.ventures.registers import dictionary

_MOST_CHOICES = 40
# More than so many ticks nobody reads; what is left over can be told later.
_MOST_FLAGS = 10


@dataclass(frozen=True)
class Option:
    """One choice."""

    value: str
    label: str
    is_chosen: bool = False


@dataclass(frozen=True)
class Input:
    """One field: `kind` is text, date, number, select; `problem` stands beside it."""

    name: str
    label: str
    kind: str
    value: str
    unit: str = ""
    options: tuple[Option, ...] = ()
    problem: str = ""
    placeholder: str = ""


@dataclass(frozen=True)
class Screen:
    """A question as drawn."""

    question: Question
    title: str
    help: str
    none: str
    options: tuple[Option, ...]
    inputs: tuple[Input, ...]
    rows: tuple[tuple[Input, ...], ...]
    problem: str

    @property
    def kind(self) -> str:
        """How it is drawn."""
        return self.question.kind


def screen_of(
    question: Question,
    answers: Answers,
    *,
    wanted: Iterable[str] = (),
    form: Form | None = None,
    problems: Mapping[str, str] | None = None,
    named: Sequence[tuple[str, str]] = (),
) -> Screen:
    """The question's page: with what was typed (`form`) and what is wrong with it, or with the earlier answer.

    `named` are the policies, or the members of a list, that can be chosen.
    """
    found = problems or {}
    kind, fact = question.kind, question.fact
    given = answers.given.get(question.facts[0])
    options: tuple[Option, ...] = ()
    inputs: tuple[Input, ...] = ()
    rows: tuple[tuple[Input, ...], ...] = ()
    if kind in {"choice", "several"}:
        chosen = set(given) if isinstance(given, list) else {given}
        options = tuple(Option(code, say(name), code in chosen) for code, name in _codes(fact))
    elif kind == "yes_no":
        options = (Option("yes", _("是"), given is True), Option("no", _("否"), given is False))
    elif kind == "flags":
        options = _flags(question, answers, wanted)
    elif kind == "rows":
        rows = tuple(_row(question, number, answers, form, found, named) for number in range(question.rows))
    else:
        typed = form["value"][0] if form and form.get("value") else _typed(given, fact)
        choices = named if question.listed else ()
        inputs = (_input("value", fact, typed, found, label=say(fact.name), choices=choices),)
    return Screen(
        question,
        title=say(question.title),
        help=say(question.help),
        none=say(question.none) if question.none else "",
        options=options,
        inputs=inputs,
        rows=rows,
        problem=found.get("value", ""),
    )


def _codes(fact: Fact) -> list[tuple[str, Words]]:
    return list(fact.codes.codes.items())[:_MOST_CHOICES] if fact.codes is not None else []


def _flags(question: Question, answers: Answers, wanted: Iterable[str]) -> tuple[Option, ...]:
    """Those that can still change an answer, and those answered before."""
    answered = [key for key in question.facts if key in answers.given]
    settling_most = [key for key in wanted if key in question.facts and key not in answered][:_MOST_FLAGS]
    shown = {*answered, *settling_most}
    keys = [key for key in question.facts if key in shown] or list(question.facts)[:_MOST_FLAGS]
    facts = dictionary().facts
    return tuple(Option(key, say(facts[key].name), answers.given.get(key) is True) for key in keys)


def _row(
    question: Question,
    number: int,
    answers: Answers,
    form: Form | None,
    problems: Mapping[str, str],
    policies: Sequence[tuple[str, str]],
) -> tuple[Input, ...]:
    record = dictionary().facts[question.facts[0]]
    alike = _grouped(answers.given.get(question.facts[0]) or [], is_counted=question.is_counted)
    row, count = alike[number] if number < len(alike) else ({}, 0)
    shown = []
    if question.is_counted:
        name = f"{number}-count"
        typed = _typed_in(form, name, str(count or ""))
        shown.append(Input(name, _("几人"), "number", typed, _("人"), problem=problems.get(name, "")))
    for key in question.fields:
        name, fact = f"{number}-{key}", record.fields[key]
        typed = _typed_in(form, name, _typed(row.get(key), fact))
        given: Sequence[tuple[str, str]] = policies if key == "policy" else ()
        choices = question.choices.get(key)
        if choices:
            given = [(str(value), say(words)) for value, words in choices]
        shown.append(_input(name, fact, typed, problems, label=say(fact.name), choices=given))
    return tuple(shown)


def _typed_in(form: Form | None, name: str, before: str) -> str:
    if form is None:
        return before
    return form[name][0] if form.get(name) else ""


def _grouped(rows: Sequence[Mapping[str, Any]], *, is_counted: bool) -> list[tuple[Mapping[str, Any], int]]:
    """Records as the form has them: those alike on one line, with their number."""
    found: list[tuple[Mapping[str, Any], int]] = []
    for row in rows:
        if is_counted and found and found[-1][0] == row:
            found[-1] = (row, found[-1][1] + 1)
        else:
            found.append((row, 1))
    return found


def _input(
    name: str,
    fact: Fact,
    typed: str,
    problems: Mapping[str, str],
    *,
    label: str,
    choices: Sequence[tuple[str, str]] = (),
) -> Input:
    kind, unit, options = "text", say(fact.unit), [(value, text) for value, text in choices]
    match fact.kind:
        case Kind.INTS:
            return series_input(name, fact, typed, problems)
        case Kind.DATE:
            kind = "date"
        case Kind.MONEY:
            kind, unit = "number", _("元")
        case Kind.RATE:
            kind, unit = "number", "%"
        case Kind.INT:
            kind = "number"
        case Kind.BOOL:
            options = [("yes", _("是")), ("no", _("否"))]
        case Kind.CODES:
            options = [("none", _("都不是")), *((code, say(words)) for code, words in _codes(fact))]
        case Kind.TEXT if fact.codes is not None and not options:
            options = [(code, say(words)) for code, words in _codes(fact)]
    shown = tuple(Option(value, text, value == typed) for value, text in options)
    return Input(name, label, "select" if shown else kind, typed, unit, shown, problems.get(name, ""))


def series_input(name: str, fact: Fact, typed: str, problems: Mapping[str, str]) -> Input:
    """The field of figures over several periods, with how they are written."""
    unit = _("元") if is_fen(fact) else say(fact.unit)
    hint = _("各期差不多的只填一个数；不同的用逗号隔开，如 100×36,80×12")
    return Input(name, say(fact.name), "text", typed, unit, problem=problems.get(name, ""), placeholder=hint)


def fact_input(name: str, fact: Fact, typed: str | None, value: Any, problems: Mapping[str, str]) -> Input:
    """The field of one fact: with what was typed, else with the value known."""
    return _input(name, fact, _typed(value, fact) if typed is None else typed, problems, label=say(fact.name))


def _typed(value: Any, fact: Fact) -> str:
    """A value as somebody would type it into its field."""
    if value is None:
        return ""
    match fact.kind:
        case Kind.BOOL:
            return "yes" if value else "no"
        case Kind.MONEY | Kind.RATE:
            whole, rest = divmod(int(value), 100)
            return f"{whole}.{rest:02d}" if rest else str(whole)
        case Kind.CODES:
            return str(value[0]) if value else "none"
        case Kind.INTS:
            return series_text(value, fact)
        case _:
            return str(value)
