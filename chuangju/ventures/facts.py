"""数据项 - what is known of a party, by the keys that rules speak of: recorded with its source, disputed, read on a day."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.audit import record_event
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.rules.facts import Fact as KnownFact
from chuangju.rules.given import clean_value
from chuangju.rules.kinds import Fault, Value
from chuangju.ventures.codes import birth_date_of
from chuangju.ventures.models import Fact, Party, PartyRelation
from chuangju.ventures.registers import dictionary

_LONGEST_SOURCE = 100
# What a kind of party is in the register's words; people and teams are no entity.
_ENTITY_TYPES = {
    Party.Kind.FIRM: "company",
    Party.Kind.INDIVIDUAL_BUSINESS: "individual_business",
    Party.Kind.COOPERATIVE: "cooperative",
    Party.Kind.SOCIAL_ORGANISATION: "social_organisation",
    Party.Kind.ASSOCIATION: "social_organisation",
}
# Whose facts count as the founder's: whoever founded it, else whoever represents it.
_FOUNDERS = (PartyRelation.Kind.FOUNDER, PartyRelation.Kind.LEGAL_REPRESENTATIVE)
_OF_PEOPLE = frozenset({"founder", "person"})
_RECORDS_OF_PEOPLE = frozenset({"founder_grants", "certificates"})


class FactRefused(Refused):
    """The value cannot be recorded or disputed; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one key: the value (None while it is disputed), where it comes from, and whether it was checked."""

    value: Value
    source: str
    is_certified: bool
    is_disputed: bool = False
    fact: Fact | None = None


@transaction.atomic
def record_fact(  # noqa: PLR0913 - a fact is all of this, each by name
    party: Party,
    key: str,
    value: Any,
    *,
    source: str,
    is_certified: bool = False,
    valid_from: date | None = None,
    valid_to: date | None = None,
    by: User | None,
    at: datetime,
) -> Fact:
    """Write down a value of a party as the dictionary types it; what was known before stays for the record.

    Whoever calls it has decided that they may. Raises FactRefused.
    """
    known = dictionary().facts.get(key)
    if known is None:
        raise FactRefused(_("没有“%(key)s”这个数据项") % {"key": key})
    if not source.strip():
        raise FactRefused(_("请写明来源"))
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        raise FactRefused(_("截止日期不能早于起始日期"))
    fact = Fact.objects.create(
        party=party,
        key=key,
        value=json.dumps(_as_json(_cleaned(value, known)), ensure_ascii=False),
        source=source.strip()[:_LONGEST_SOURCE],
        is_certified=is_certified,
        valid_from=valid_from,
        valid_to=valid_to,
        recorded_by=by,
        recorded_at=at,
    )
    # The value may be personal: the log says that there is one, and the record holds it encrypted.
    after = {"key": key, "source": fact.source, "is_certified": is_certified, "from": valid_from, "to": valid_to}
    record_event("ventures.fact_recorded", fact, by=by, at=at, after=after, about=party)
    return fact


@transaction.atomic
def dispute_fact(fact: Fact, *, reason: str, by: User, at: datetime) -> None:
    """Say that a value is wrong: until that is settled it counts as unknown. Raises FactRefused."""
    if not reason.strip():
        raise FactRefused(_("请写明异议的理由"))
    fresh = Fact.objects.select_for_update().get(pk=fact.pk)
    if fresh.is_disputed:
        raise FactRefused(_("这一数据项已有异议，正在核实"))
    _set_dispute(fresh, is_disputed=True, reason=reason.strip()[:200])
    record_event(
        "ventures.fact_disputed", fresh, by=by, at=at, after={"is_disputed": True}, about=fresh.party, reason=reason
    )


@transaction.atomic
def settle_dispute(fact: Fact, *, reason: str, by: User, at: datetime) -> None:
    """The value stands after all; a wrong one is mended by recording the right one first. Raises FactRefused."""
    if not reason.strip():
        raise FactRefused(_("请写明核实的结果"))
    fresh = Fact.objects.select_for_update().get(pk=fact.pk)
    if not fresh.is_disputed:
        raise FactRefused(_("这一数据项没有异议"))
    _set_dispute(fresh, is_disputed=False, reason="")
    record_event(
        "ventures.fact_settled", fresh, by=by, at=at, after={"is_disputed": False}, about=fresh.party, reason=reason
    )


def facts_of(party: Party, *, on: date) -> dict[str, Value]:
    """All that is known of a party on a day, as rules take it: its own entry, its facts, and those of its founder."""
    return {key: known.value for key, known in known_facts(party, on=on).items() if known.value is not None}


def public_facts_of(party: Party, *, on: date) -> dict[str, Value]:
    """The part of it that a stranger may see: what the business register publishes."""
    facts = dictionary().facts
    return {key: value for key, value in facts_of(party, on=on).items() if facts[key].is_public}


def known_facts(party: Party, *, on: date) -> dict[str, Known]:
    """The same with where each value comes from; a disputed one is there without its value."""
    found = _entry_facts(party)
    founder = None if party.is_person else _founder_of(party, on)
    if founder is not None:
        found |= _person_facts(founder)
    behind = [] if founder is None else [founder.pk]
    # Entries that turned out to be the same body count with it.
    same = Q(party=party.body_id) | Q(party__merged_into=party.body_id)
    rows = list(Fact.objects.valid_on(on).filter(same | Q(party__in=behind)))
    own = _chosen(row for row in rows if row.party_id not in behind)
    others = _chosen(row for row in rows if row.party_id in behind and _is_of_people(row.key))
    # What was recorded of the firm itself is nearer than what is known of its founder.
    for row in (*others, *own):
        found[row.key] = Known(
            None if row.is_disputed else _from_json(row), row.source, row.is_certified, row.is_disputed, row
        )
    return found


def _chosen(rows: Iterable[Fact]) -> list[Fact]:
    """Of the values of one key the one that counts: checked before declared, then the later one."""
    best: dict[str, Fact] = {}
    for row in rows:
        if row.key not in dictionary().facts:
            continue
        rival = best.get(row.key)
        if rival is None or _weight(row) > _weight(rival):
            best[row.key] = row
    return list(best.values())


def _weight(row: Fact) -> tuple[bool, date, datetime, int]:
    return row.is_certified, row.valid_from or date.min, row.recorded_at, row.pk


def _entry_facts(party: Party) -> dict[str, Known]:
    """What the party's own entry says."""
    source, certified = str(party.get_source_display()), party.is_checked
    given: dict[str, Value] = {"name": party.name}
    if party.is_person:
        return _person_facts(party)
    given |= {
        "id": party.credit_code,
        "registered_on": party.registered_on,
        "entity_type": _ENTITY_TYPES.get(Party.Kind(party.kind)),
    }
    if party.kind != Party.Kind.TEAM:
        given["status"] = str(party.status)
    if party.town is not None and party.town.code in dictionary().lists["town"].codes:
        given["town"] = party.town.code
    return {key: Known(value, source, certified) for key, value in given.items() if value is not None}


def _person_facts(person: Party) -> dict[str, Known]:
    born = birth_date_of(person.id_number) if person.id_number else None
    source, certified = str(person.get_source_display()), person.is_checked
    return {} if born is None else {"founder_born_on": Known(born, source, certified)}


def _founder_of(party: Party, on: date) -> Party | None:
    """The person behind a firm on a day: its only founder, else its legal representative."""
    same = Q(to_party=party.body_id) | Q(to_party__merged_into=party.body_id)
    relations = PartyRelation.objects.filter(same, kind__in=_FOUNDERS, from_party__kind=Party.Kind.PERSON).holding_on(
        on
    )
    people: dict[str, dict[object, Party]] = {}
    for relation in relations.select_related("from_party"):
        people.setdefault(relation.kind, {})[relation.from_party.body_id] = relation.from_party
    for kind in _FOUNDERS:
        if len(people.get(kind, {})) == 1:
            return next(iter(people[kind].values()))
    return None


def _is_of_people(key: str) -> bool:
    fact = dictionary().facts.get(key)
    return fact is not None and (fact.group in _OF_PEOPLE or key in _RECORDS_OF_PEOPLE)


def _cleaned(value: Any, known: KnownFact) -> Value:
    try:
        return clean_value(value, known)
    except Fault as fault:
        words = {"zh": fault.words.zh, "en": fault.words.en, "name_zh": known.name.zh, "name_en": known.name.en}
        in_english = (get_language() or "").startswith("en")
        sentence = "%(name_en)s: %(en)s" if in_english else "%(name_zh)s：%(zh)s"
        raise FactRefused(sentence % words) from fault


def _as_json(value: Value) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_as_json(each) for each in value]
    if isinstance(value, dict):
        return {key: _as_json(each) for key, each in value.items()}
    return value


def _from_json(row: Fact) -> Value:
    """The value as rules take it; None where the dictionary has changed so that it is none any more."""
    try:
        return clean_value(json.loads(row.value), dictionary().facts[row.key])
    except (Fault, ValueError):
        return None


def _set_dispute(fact: Fact, *, is_disputed: bool, reason: str) -> None:
    fact.is_disputed, fact.dispute_reason = is_disputed, reason
    fact.save(update_fields=["is_disputed", "dispute_reason"])
