"""名录入库 - an enterprise of the register becomes a party at the moment something is to be done for it, once.

The register is the source, so whoever runs the work needs no right to keep parties; what cannot be read is refused in a
sentence. The lock of parties holds two runs apart, and the credit code is one party's alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.units.models import Unit
from chuangju.ventures.models import Party
from chuangju.ventures.parties import PARTIES_LOCK, PartyFacts, PartyRefused, check_facts, find_by_code

_KINDS = {
    "individual_business": Party.Kind.INDIVIDUAL_BUSINESS,
    "cooperative": Party.Kind.COOPERATIVE,
    "social_organisation": Party.Kind.SOCIAL_ORGANISATION,
}


def facts_from_register(code: str, name: str, row: Mapping[str, Any]) -> PartyFacts:
    """What a row of the register says of a party."""
    registered_on = row.get("registered_on")
    return PartyFacts(
        kind=kind_in_register(row),
        name=name,
        credit_code=code,
        town=Unit.objects.filter(code=str(row.get("town") or ""), kind=Unit.Kind.TOWN).first(),
        registered_on=registered_on if isinstance(registered_on, date) else None,
    )


def kind_in_register(row: Mapping[str, Any]) -> str:
    """The kind of party that a row stands for; a firm unless it says otherwise."""
    return _KINDS.get(str(row.get("entity_type") or ""), Party.Kind.FIRM)


@transaction.atomic
def enter_from_register(
    code: str, name: str, row: Mapping[str, Any], *, said: str, by: User | None, at: datetime
) -> Party:
    """The party of a row, entered where it is not there yet; twice is once. Raises PartyRefused."""
    take_locks(PARTIES_LOCK)
    known = find_by_code(code)
    if known is not None:
        return known.merged_into or known
    checked = check_facts(facts_from_register(code, name, row), on=timezone.localdate(at))
    if checked.faults:
        raise PartyRefused(next(iter(checked.faults.values())), by_field=checked.faults)
    party = Party(
        **checked.values,
        source=Party.Source.REGISTER,
        is_checked=True,
        is_demo=bool(by and by.is_demo),
        created_by=by,
        created_at=at,
    )
    party.save(force_insert=True)
    reason = _("来自企业名录 %(said)s") % {"said": said}
    record_event("ventures.party_added", party, by=by, at=at, after=snapshot(party), reason=reason[:500])
    return party
