"""What claimant and clerk say to each other about a claim, and how the claimant found the service."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from chuangju.kernel.models import User
from chuangju.kernel.ratings import RatingRules
from chuangju.kernel.threads import ThreadRules
from chuangju.units.models import Unit
from chuangju.ventures.access import can_read_claim
from chuangju.ventures.models import Claim


def _may_talk(user: Any, claim: Claim) -> bool:
    """The claimant and whoever sees the claim on the staff side."""
    return isinstance(user, User) and can_read_claim(user, claim)


def _people(claim: Claim) -> Iterable[User]:
    """Who is told of a new message: the claimant, and the clerk who decided; before that the work list shows it."""
    return [claim.user, claim.decided_by] if claim.decided_by else [claim.user]


def _label(claim: Claim) -> str:
    return _("代表“%(name)s”的申请") % {"name": claim.given_name}


def _own_address(claim: Claim) -> str:
    return reverse("ventures:own_claim", args=(claim.pk,))


def _can_rate(user: Any, claim: Claim) -> bool:
    """The claimant, once somebody has decided."""
    return isinstance(user, User) and user.pk == claim.user_id and claim.decided_by_id is not None


def _unit_of(claim: Claim) -> Unit | None:
    """The unit of the clerk who decided."""
    if claim.decided_by is None:
        return None
    held = claim.decided_by.assignments.filter(role="clerk", unit__isnull=False).select_related("unit")
    found = held.order_by("-starts_on").first()
    return found.unit if found else None


THREAD = ThreadRules(can_read=_may_talk, can_write=_may_talk, people=_people, address=_own_address, label=_label)
RATING = RatingRules(
    can_rate=_can_rate,
    unit_of=_unit_of,
    label=_label,
    address=_own_address,
    staff_address=lambda claim: reverse("ventures:claim_detail", args=(claim.pk,)),
)
