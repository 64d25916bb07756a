"""数据表单 - facts asked together on one page, for the calculators and the planner: fields by kind, and their values read back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from chuangju.policies.check_reading import Form, ReadAnswer, prepared, say
from chuangju.policies.check_screens import Input, Option, fact_input
from chuangju.rules.facts import Fact
from chuangju.rules.given import clean_value
from chuangju.rules.kinds import Fault, Kind
from chuangju.rules.showing import show_value
from chuangju.ventures.registers import dictionary

_REPEATED = re.compile(r"(.+?)[x×*](\d{1,2})")


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
        text = typed if typed is not None else _series_text(value, fact)
        unit = _("元") if _is_fen(fact) else say(fact.unit)
        hint = _("各期差不多的只填一个数；不同的用逗号隔开，如 100×36,80×12")
        return Input(fact.key, say(fact.name), "text", text, unit, problem=problems.get(fact.key, ""), placeholder=hint)
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
            value = _series(texts[0], fact)
        else:
            value = prepared(texts[0], fact)
        try:
            found.given[key] = show_value(clean_value(value, fact))
        except Fault as fault:
            found.problems[key] = say(fault.words)
    return found


def _is_fen(fact: Fact) -> bool:
    return fact.unit.zh == "分"


def _series(text: str, fact: Fact) -> Any:
    """Numbers parted by commas, each once or so many times; a single number stands for every period."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    numbers: list[int] = []
    parts = [one for one in re.split(r"[,;、]", plain) if one]
    for part in parts:
        repeated = _REPEATED.fullmatch(part)
        count = int(repeated[2]) if repeated else fact.max_items if len(parts) == 1 else 1
        number = _whole(repeated[1] if repeated else part, fact)
        if number is None:
            return text
        numbers += [number] * count
    return numbers[: fact.max_items]


def _whole(text: str, fact: Fact) -> int | None:
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,2})?", text):
        return None
    if _is_fen(fact):
        whole, _point, rest = text.partition(".")
        return int(whole) * 100 + int((rest + "00")[:2])
    return int(text) if text.lstrip("-").isdecimal() else None


def _series_text(value: Any, fact: Fact) -> str:
    if not isinstance(value, list) or not value or None in value:
        return ""
    shown = [str(one // 100 if _is_fen(fact) else one) for one in value]
    runs: list[tuple[str, int]] = []
    for one in shown:
        if runs and runs[-1][0] == one:
            runs[-1] = (one, runs[-1][1] + 1)
        else:
            runs.append((one, 1))
    if len(runs) == 1 and runs[0][1] == fact.max_items:
        return runs[0][0]
    return ",".join(f"{text}×{count}" if count > 1 else text for text, count in runs)
