"""接口的回答 - policies and facts as JSON, for the API; keys as in formats that others rely on."""

from __future__ import annotations

from datetime import date
from typing import Any

from chuangju.policies.policy_history import history_of
from chuangju.rules.catalogue import Catalogue
from chuangju.rules.facts import Fact
from chuangju.rules.kinds import NUMBERS, Kind
from chuangju.rules.parameters import Parameter
from chuangju.rules.policy import Policy
from chuangju.rules.program import prepare_policy
from chuangju.rules.sentences import tell
from chuangju.rules.showing import show_value
from chuangju.ventures.registers import all_codes, dictionary

_MOST_CODES = 200


def policy_entry(policy: Policy) -> dict[str, Any]:
    """A policy in the list."""
    source = policy.source
    return {
        "id": policy.id,
        "version": policy.version,
        "title": policy.title.as_json(),
        "summary": policy.summary.as_json(),
        "rows": list(policy.rows),
        "unit": policy.unit,
        "level": policy.level,
        "subject": policy.subject,
        "audience": list(policy.audience),
        "benefit": policy.benefit,
        "channel": policy.channel,
        "confidence": policy.confidence,
        "effective_from": policy.effective_from.isoformat(),
        "effective_to": policy.effective_to.isoformat() if policy.effective_to else None,
        "source": {
            "issuer": source.issuer,
            "document": source.document,
            "number": source.number,
            "url": source.url,
            "note": source.note.as_json(),
        },
    }


def policy_detail(policy: Policy, catalogue: Catalogue, *, on: date) -> dict[str, Any]:
    """One version in full: conditions in words, figures with their days, papers, steps, relations, versions, the file's text."""
    program = prepare_policy(policy, on)
    return {
        **policy_entry(policy),
        "conditions": [
            {
                "id": one.id,
                "label": one.condition.label.as_json(),
                "sentence": tell(one.bound).as_json(),
                "law": one.condition.law,
                "facts": list(one.facts),
            }
            for one in program.conditions
        ],
        "amount": tell(program.amount_bound).as_json() if program.amount_bound is not None else None,
        "amount_unit": policy.amount_unit,
        "amount_note": policy.amount_note.as_json(),
        "parameters": {key: _parameter(one) for key, one in policy.parameters.items()},
        "facts": list(program.facts),
        "documents": [one.as_json() for one in policy.documents],
        "process": [dict(one) for one in policy.process],
        "excludes": list(policy.stacking.excludes),
        "stacks_with": list(policy.stacking.stacks_with),
        "tops_up": policy.stacking.tops_up or None,
        "versions": [one.version for one in catalogue.versions(policy.id)],
        "history": [
            {"day": one.day.isoformat(), "version": one.policy.version, "changes": len(one.changes)}
            for one in history_of(policy.id, catalogue)
        ],
        "sha256": policy.sha256,
        "text": policy.text,
    }


def _parameter(parameter: Parameter) -> list[dict[str, Any]]:
    return [
        {
            "since": one.since.isoformat(),
            "value": show_value(one.value),
            "bands": [{"upto": band.upto, "value": show_value(band.value)} for band in one.bands],
            "type": parameter.kind.value,
            "law": one.law,
            "confidence": one.confidence,
        }
        for one in parameter.values
    ]


def facts_listed() -> list[dict[str, Any]]:
    """The dictionary: what a request may say, of which type, within which bounds."""
    return [fact_entry(fact) for fact in dictionary().facts.values()]


def fact_entry(fact: Fact) -> dict[str, Any]:
    """One fact, with the fields of its records."""
    entry: dict[str, Any] = {
        "key": fact.key,
        "type": fact.kind.value,
        "name": fact.name.as_json(),
        "question": fact.question.as_json(),
        "help": fact.help.as_json(),
        "unit": fact.unit.as_json(),
        "group": fact.group,
        "sensitivity": fact.sensitivity,
        "owner": fact.owner,
        "source": fact.source.as_json(),
        "mendable": fact.mendable,
    }
    if fact.kind in NUMBERS | {Kind.INTS}:
        entry |= {"min": fact.low, "max": fact.high}
    if fact.kind is Kind.DATE:
        entry |= {"min": fact.first.isoformat(), "max": fact.last.isoformat()}
    if fact.kind in {Kind.INTS, Kind.CODES, Kind.RECORDS}:
        entry["max_items"] = fact.max_items
    if fact.codes is not None:
        entry["codes"] = all_codes(fact.codes)[:_MOST_CODES]
    if fact.fields:
        entry["fields"] = [fact_entry(one) for one in fact.fields.values()]
    return entry
