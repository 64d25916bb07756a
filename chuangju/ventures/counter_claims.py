"""窗口登记 - somebody without an account comes to the counter: the clerk sees the person and the papers, and enters both.

The account is the person's own from then on: whoever signs in with this mobile finds the firm there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.models import User
from chuangju.units.founder_accounts import founder_at_counter
from chuangju.ventures.access import can_verify_claims
from chuangju.ventures.claims import ClaimFacts, ClaimRefused, confirm_claim, make_claim
from chuangju.ventures.models import Claim


@dataclass(frozen=True)
class CounterPerson:
    """Who stands at the counter, and whether they have read and agreed to how their data are kept."""

    name: str
    mobile: str
    has_consented: bool


@transaction.atomic
def enter_claim(
    person: CounterPerson, facts: ClaimFacts, *, files: Iterable[Any] = (), by: User, at: datetime
) -> Claim:
    """Enter the person and the claim, and confirm it at once: the clerk has seen both.

    Raises ClaimRefused, AccountRefused, MobileRefused, CodeRefused, AttachmentRefused; then nothing was entered.
    """
    if not can_verify_claims(by, timezone.localdate(at)):
        raise ClaimRefused(_("您没有核实该申请的权限"))
    user = founder_at_counter(name=person.name, mobile=person.mobile, has_consented=person.has_consented, by=by, at=at)
    claim = make_claim(replace(facts, way=Claim.Way.COUNTER), files=files, user=user, by=by, at=at)
    confirm_claim(claim, by=by, at=at)
    return claim
