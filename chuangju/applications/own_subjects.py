"""以本人或团队申请 - people and teams without a licence enter themselves, once, and are checked by the clerk with the case."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.units.models import Unit
from chuangju.ventures.models import Claim, Party
from chuangju.ventures.parties import PARTIES_LOCK, PartyFacts, add_party

LONGEST_NAME = 200
MOST_TEAMS = 5


class SubjectRefused(Refused):
    """The person or team cannot be entered like this; the sentence says why."""


@transaction.atomic
def enter_own_person(*, name: str, id_kind: str, id_number: str, town: Unit | None, by: User, at: datetime) -> Party:
    """One's own entry, made by oneself where there is none; raises SubjectRefused, PartyRefused."""
    take_locks(PARTIES_LOCK)
    own = Party.objects.filter(account=by).first()
    if own is not None:
        return own
    facts = PartyFacts(kind=Party.Kind.PERSON, name=_named(name), id_kind=id_kind, id_number=id_number, town=town)
    source = Party.Source.SELF_DECLARED
    return add_party(facts, source=source, account=by, is_checked=False, is_demo=by.is_demo, by=by, at=at)


@transaction.atomic
def enter_own_team(*, name: str, town: Unit | None, by: User, at: datetime) -> Party:
    """A team without a licence, for which whoever enters it acts; raises SubjectRefused."""
    take_locks(PARTIES_LOCK, f"ventures.claims.{by.pk}")
    words = _named(name)
    mine = Claim.objects.filter(user=by, party__kind=Party.Kind.TEAM, state=Claim.State.CONFIRMED)
    if mine.count() >= MOST_TEAMS:
        raise SubjectRefused(_("一人最多登记 %(count)d 个团队") % {"count": MOST_TEAMS})
    known = mine.filter(party__name=words).select_related("party").first()
    if known is not None:
        return known.party
    facts = PartyFacts(kind=Party.Kind.TEAM, name=words, town=town)
    party = add_party(facts, source=Party.Source.SELF_DECLARED, is_checked=False, is_demo=by.is_demo, by=by, at=at)
    claim = Claim.objects.create(
        user=by,
        party=party,
        given_name=words,
        town=town,
        capacity=Claim.Capacity.LEGAL_REPRESENTATIVE,
        way=Claim.Way.DOCUMENT,
        state=Claim.State.CONFIRMED,
        starts_on=timezone.localdate(at),
        made_at=at,
        decided_at=at,
        # A team has no register to ask: whoever enters it answers for it.
        decided_by=by,
    )
    record_event("ventures.claim_made", claim, by=by, at=at, after=snapshot(claim), about=party)
    return party


def _named(name: str) -> str:
    words = " ".join(name.replace("\x00", "").split())
    if not words or len(words) > LONGEST_NAME:
        raise SubjectRefused(_("请填写名称（不超过 200 个字）"))
    return words
