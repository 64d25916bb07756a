"""填报数据 - what the applicant told beside what the register knows, and both together as the facts that rules work with.

What the register holds as checked goes before what somebody types; what it holds unchecked, or disputed, does not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from chuangju.applications.models import Application
from chuangju.kernel.refusals import Refused
from chuangju.policies.check_answers import with_insured_months
from chuangju.policies.check_reading import say
from chuangju.rules.given import Facts, clean_facts, clean_value
from chuangju.rules.kinds import Fault, Value
from chuangju.rules.showing import show_value
from chuangju.ventures.facts import Known, known_facts
from chuangju.ventures.registers import dictionary

REGISTER, APPLICANT, CLERK, CHECK, EARLIER = "register", "applicant", "clerk", "check", "earlier"
SOURCES = (REGISTER, APPLICANT, CLERK, CHECK, EARLIER)
Entries = dict[str, dict[str, Any]]


class AnswerRefused(Refused):
    """The value cannot be taken; the sentence names the field."""


def answers_of(application: Application) -> Entries:
    """What was told, by fact: {"value", "source", "said", "on"}; "skipped" where somebody did not know."""
    found = json.loads(application.answers) if application.answers else {}
    return {key: entry for key, entry in found.items() if isinstance(entry, dict)}


def keep_entries(application: Application, entries: Mapping[str, Mapping[str, Any]]) -> None:
    """Put the entries into the record, unsaved."""
    application.answers = json.dumps(entries, ensure_ascii=False, sort_keys=True) if entries else ""


def clean_entries(given: Mapping[str, Any], *, source: str, said: str, on: date) -> Entries:
    """Values as JSON has them, checked against the dictionary, each with where it comes from. Raises AnswerRefused."""
    facts, found = dictionary().facts, Entries()
    for key, value in given.items():
        fact = facts.get(key)
        if fact is None or source not in SOURCES:
            raise AnswerRefused(key)
        try:
            plain = show_value(clean_value(value, fact))
        except Fault as fault:
            raise AnswerRefused(f"{say(fact.name)}：{say(fault.words)}") from fault
        found[key] = {"value": plain, "source": source, "said": said, "on": on.isoformat()}
    return found


def facts_of_application(application: Application, *, on: date) -> tuple[Facts, dict[str, dict[str, Any]]]:
    """The facts of a case on a day, and for each {"source", "said", "on", "is_certified", "is_disputed"}."""
    return join_facts(known_facts(application.subject, on=on), answers_of(application), on=on)


def join_facts(
    known: Mapping[str, Known], entries: Mapping[str, Mapping[str, Any]], *, on: date
) -> tuple[Facts, dict[str, dict[str, Any]]]:
    """What is known of the subject with what was told laid over it where nothing checked stands."""
    facts: dict[str, Value] = {}
    sources: dict[str, dict[str, Any]] = {}
    for key, one in known.items():
        sources[key] = _register_source(one, on)
        if one.value is not None and not entries.get(key, {}).get("disputes"):
            facts[key] = one.value
    told = {key: entry for key, entry in entries.items() if _counts(known.get(key), entry)}
    values, _problems = clean_facts({key: entry["value"] for key, entry in told.items()}, dictionary())
    for key, value in values.items():
        entry = told[key]
        facts[key] = value
        sources[key] = {
            "source": entry.get("source", APPLICANT),
            "said": entry.get("said", ""),
            "on": entry.get("on", ""),
            "is_certified": entry.get("source") == REGISTER and not entry.get("disputes"),
            "is_disputed": bool(entry.get("disputes")),
        }
    return with_insured_months(dict(facts), on), sources


def is_settled(known: Known | None) -> bool:
    """Whether the register has a checked value that nobody disputes, so that it is not asked for."""
    return known is not None and known.value is not None and known.is_certified


def _counts(known: Known | None, entry: Mapping[str, Any]) -> bool:
    """Whether an answer is one, and stands against what the register says."""
    if entry.get("value") is None:
        return False
    return not is_settled(known) or bool(entry.get("disputes"))


def _register_source(one: Known, on: date) -> dict[str, Any]:
    day = (one.fact.valid_from or one.fact.recorded_at.date()) if one.fact is not None else on
    return {
        "source": REGISTER,
        "said": one.source,
        "on": day.isoformat(),
        "is_certified": one.is_certified,
        "is_disputed": one.is_disputed,
    }
