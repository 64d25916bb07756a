"""数据表单 - facts asked together on one page, for the calculators and the planner: fields by kind, and their values read back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chuangju.policies.check_reading import Form, ReadAnswer, prepared, say
from chuangju.policies.check_screens import Input, Option, fact_input, series_input
from chuangju.policies.check_series import read_series, series_text
from chuangju.rules.facts import Fact
from chuangju.rules.given import clean_value
from chuangju.rules.kinds import Fault, Kind
from chuangju.rules.showing import show_value
from chuangju.ventures.registers import dictionary


def form_keys(keys: Iterable[str], *, first: Iterable[str] = ()) -> list[str]:
    """The facts of a form in order, those named first at its head; records and free text are not asked like this."""
    facts = dictionary().facts
    wanted = dict.fromkeys(key for key in keys if key in facts)
    ordered = [key for key in first if key in wanted]
    ordered += [key for key in wanted if key not in ordered]
    return [key for key in ordered if _is_asked(facts[key])]


def _is_asked(fact: Fact) -> bool:
    return fact.kind is not Kind.RECORDS and not (fact.kind is Kind.TEXT and fact.codes is None)


def inputs_of(
    keys: Iterable[str],
    given: Mapping[str, Any],
    *,
    form: Form | None = None,
    problems: Mapping[str, str] | None = None,
) -> list[Input]:
    """The fields with what was typed, else with what is known."""
    facts = dictionary().facts
    return [_input(facts[key], given.get(key), form, problems or {}) for key in keys]


def _input(fact: Fact, value: Any, form: Form | None, problems: Mapping[str, str]) -> Input:
    typed = form[fact.key][0] if form is not None and form.get(fact.key) else None
    if fact.kind is Kind.INTS:
        text = typed if typed is not None else series_text(value, fact)
        return series_input(fact.key, fact, text, problems)
    if fact.kind is Kind.CODES:
        chosen = set(form.get(fact.key, ())) if form is not None else set(value or ())
        codes = fact.codes.codes if fact.codes is not None else {}
        options = tuple(Option(code, say(words), code in chosen) for code, words in codes.items())
        return Input(fact.key, say(fact.name), "ticks", "", options=options, problem=problems.get(fact.key, ""))
    return fact_input(fact.key, fact, typed, value, problems)


def read_form(keys: Iterable[str], form: Form) -> ReadAnswer:
    """The values typed; what was left empty is unknown."""
    facts, found = dictionary().facts, ReadAnswer()
    for key in keys:
        fact = facts[key]
        values = [one.replace("\x00", "").strip() for one in form.get(key, ())]
        texts = [one for one in values if one]
        if fact.kind is Kind.CODES:
            # The hidden field tells a form without a tick from one that did not ask.
            value: Any = [one for one in texts if one != "none"] if values else None
        elif not texts:
            value = None
        elif fact.kind is Kind.INTS:
            value = read_series(texts[0], fact)
        else:
            value = prepared(texts[0], fact)
        try:
            found.given[key] = show_value(clean_value(value, fact))
        except Fault as fault:
            found.problems[key] = say(fault.words)
    return found
