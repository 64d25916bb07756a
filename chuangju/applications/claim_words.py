"""资金对应事项 - the names of the claims that cases make in the ledger: title and number of the case."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from chuangju.applications.case_money import PREFIX
from chuangju.applications.case_words import shown_case_title
from chuangju.applications.models import Application, Decision, Instalment

# Parts of a decision that is not in force have no row yet; no policy pays in more parts than this.
_MOST_PARTS = 24


def name_parts(keys: Sequence[str]) -> Mapping[str, str]:
    """Parts of grants: of decisions in force by their row, of approved ones by the key that follows from decision and number."""
    wanted = _by_key(keys)
    rows = Instalment.objects.filter(pk__in=wanted).select_related("entitlement__application")
    found = {wanted[row.pk]: _named(row.entitlement.application, row.number) for row in rows}
    if len(found) < len(keys):
        for decision in Decision.objects.filter(state=Decision.State.APPROVED).select_related("application"):
            for number in range(1, _MOST_PARTS + 1):
                key = f"{PREFIX}:{uuid.uuid5(decision.pk, str(number))}"
                if key in keys:
                    found[key] = _named(decision.application, number)
    return found


def name_cases(keys: Sequence[str]) -> Mapping[str, str]:
    """Money that a case holds since it was handed in."""
    wanted = _by_key(keys)
    return {wanted[case.pk]: _named(case) for case in Application.objects.filter(pk__in=wanted)}


def _by_key(keys: Iterable[str]) -> dict[UUID, str]:
    found = {}
    for key in keys:
        try:
            found[UUID(key.partition(":")[2])] = key
        except ValueError:
            continue
    return found


def _named(application: Application, part: int = 1) -> str:
    number = application.number or ""
    return f"{shown_case_title(application)} {number}".strip() + (f" · {part}" if part > 1 else "")
