"""名录里的数据 - what the register knows of a business that somebody names: for a stranger only its public fields.

Whoever acts for it by a confirmed claim is filled in with everything that is known of it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from chuangju.policies.check_answers import Answers
from chuangju.policies.check_reading import say
from chuangju.rules.kinds import Words
from chuangju.units.access import Visitor
from chuangju.ventures.access import acting_parties
from chuangju.ventures.lists import search_parties
from chuangju.ventures.models import Party
from chuangju.ventures.registers import dictionary

SHORTEST, MOST_FOUND = 2, 8
REGISTER = Words("市场主体登记", "Business register")
_ENTITY_TYPES = {
    Party.Kind.FIRM: "company",
    Party.Kind.INDIVIDUAL_BUSINESS: "individual_business",
    Party.Kind.COOPERATIVE: "cooperative",
    Party.Kind.SOCIAL_ORGANISATION: "social_organisation",
}
_STANDPOINTS = {
    Party.Kind.FIRM: "company",
    Party.Kind.INDIVIDUAL_BUSINESS: "individual_business",
    Party.Kind.COOPERATIVE: "organisation",
    Party.Kind.SOCIAL_ORGANISATION: "organisation",
}


def businesses() -> QuerySet[Party]:
    """The ventures of the register, as the public business register names them: nobody's own entry, no duplicate."""
    found = Party.objects.standing().filter(kind__in=Party.VENTURES, is_checked=True)
    return found.select_related("town").order_by("name", "pk")


def find_businesses(text: str) -> list[Party]:
    """The businesses whose name or credit code this is, or part of it; nothing for too short a text."""
    plain = " ".join(text.replace("\x00", "").split())[:100]
    return list(search_parties(businesses(), plain)[:MOST_FOUND]) if len(plain) >= SHORTEST else []


def own_businesses(user: Visitor, on: date) -> list[Party]:
    """Those somebody acts for."""
    return list(acting_parties(user, on).filter(kind__in=Party.VENTURES).select_related("town").order_by("name", "pk"))


def public_facts(party: Party) -> dict[str, Any]:
    """The public register fields of a business."""
    found: dict[str, Any] = {
        "entity_type": _ENTITY_TYPES.get(Party.Kind(party.kind)),
        "status": party.status,
        "registered_on": party.registered_on.isoformat() if party.registered_on else None,
        "town": party.town.code if party.town else None,
    }
    towns = dictionary().lists["town"].codes
    if found["town"] not in towns:
        found["town"] = None
    return {key: value for key, value in found.items() if value is not None}


def answers_for(party: Party) -> Answers:
    """A check begun from a business: its public fields filled in, each with its source."""
    answers = Answers(who=_STANDPOINTS.get(Party.Kind(party.kind), ""), party=str(party.pk), party_name=party.name)
    answers.given = public_facts(party)
    answers.sources = {key: say(REGISTER) for key in answers.given}
    return answers
