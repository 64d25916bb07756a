"""Relations of one party as its page shows them: what holds first, then what has been."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from chuangju.ventures.models import Party, PartyRelation


@dataclass(frozen=True)
class ShownRelation:
    """A relation seen from one of its ends."""

    relation: PartyRelation
    other: Party
    is_outgoing: bool
    holds: bool

    @property
    def share(self) -> str:
        """A shareholder's part in per cent; empty where there is none."""
        share = self.relation.share
        return "" if share is None else f"{share / 100:g}%"


def relations_of(party: Party, relations: QuerySet[PartyRelation], *, on: date) -> list[ShownRelation]:
    """The visible relations of a party and of the entries merged into it, in one query."""
    family = [party.pk, *(duplicate.pk for duplicate in party.duplicates.all())]
    rows = relations.filter(Q(from_party__in=family) | Q(to_party__in=family)).select_related("from_party", "to_party")
    shown = []
    for row in rows:
        is_outgoing = row.from_party_id in family
        other = row.to_party if is_outgoing else row.from_party
        shown.append(ShownRelation(row, other, is_outgoing, row.holds_on(on)))
    return sorted(shown, key=lambda each: (not each.holds, each.is_outgoing, each.relation.kind))
