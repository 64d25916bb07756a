"""名录里的数据 - what the register knows of a business that somebody names: for a stranger only its public fields.

Whoever acts for it by a confirmed claim is filled in with everything that is known of it.
"""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from chuangju.kernel.models import User
from chuangju.policies.check_answers import Answers
from chuangju.policies.check_reading import say
from chuangju.rules.kinds import Words
from chuangju.rules.showing import show_value
from chuangju.units.access import Visitor
from chuangju.ventures.access import acting_parties
from chuangju.ventures.facts import Known, known_facts
from chuangju.ventures.lists import search_parties
from chuangju.ventures.models import Claim, Party
from chuangju.ventures.registers import dictionary

SHORTEST, MOST_FOUND = 2, 8
REGISTER = Words("市场主体登记", "Business register")
# What names a business is no answer to any question.
_NAMES = frozenset({"id", "name"})
_OF_PEOPLE = frozenset({"founder", "person"})
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


def _known_to(user: Visitor, party: Party, on: date) -> dict[str, Known]:
    """What of a business this person may be shown: all of it, without its people's own affairs, or what is public."""
    facts, known = dictionary().facts, known_facts(party, on=on)
    held = (
        Claim.objects.filter(user=user, party=party).holding_on(on) if isinstance(user, User) else Claim.objects.none()
    )
    capacities = set(held.values_list("capacity", flat=True))
    if not capacities:
        return {key: one for key, one in known.items() if facts[key].is_public}
    if capacities == {Claim.Capacity.EMPLOYEE}:
        return {key: one for key, one in known.items() if facts[key].group not in _OF_PEOPLE}
    return known


def answers_for(party: Party, *, by: Visitor, on: date) -> Answers:
    """A check begun from a business: what may be shown of it filled in, each with its source."""
    answers = Answers(who=_STANDPOINTS.get(Party.Kind(party.kind), ""), party=str(party.pk), party_name=party.name)
    for key, one in _known_to(by, party, on).items():
        if key in _NAMES or one.value is None:
            continue
        answers.given[key] = show_value(one.value)
        is_published = one.fact is None and dictionary().facts[key].is_public
        answers.sources[key] = say(REGISTER) if is_published else one.source
    return answers
