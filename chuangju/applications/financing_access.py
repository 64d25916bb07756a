"""Who sees what ventures look for: banks and funds what is open, the district's staff everything, ventures their own."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from chuangju.applications.models import FinancingNeed
from chuangju.kernel.models import User
from chuangju.units.access import Visitor, has_role
from chuangju.units.models import Role
from chuangju.ventures.access import own_entries_visible_to

STAFF = (Role.LEADER, Role.PROGRAMME_OFFICE, Role.POLICY_OFFICER, Role.CLERK, Role.APPROVER, Role.FINANCE)
READERS = (*STAFF, Role.BANK_OFFICER)


def needs_visible_to(user: Visitor, on: date) -> QuerySet[FinancingNeed]:
    """Needs: all for the district's staff; for a bank what is open and what it answered; for others their own."""
    if has_role(user, *STAFF, on=on):
        return FinancingNeed.objects.all()
    own = Q(party__in=own_entries_visible_to(user, on).values("pk"))
    if isinstance(user, User) and has_role(user, Role.BANK_OFFICER, on=on):
        own |= Q(state=FinancingNeed.State.OPEN) | Q(answers__answered_by=user)
    return FinancingNeed.objects.filter(own).distinct()


def own_needs_visible_to(user: Visitor, on: date) -> QuerySet[FinancingNeed]:
    """The needs of the parties one is or acts for."""
    return FinancingNeed.objects.filter(party__in=own_entries_visible_to(user, on).values("pk"))


def acts_for_need(user: Visitor, need: FinancingNeed, on: date) -> bool:
    """Whether somebody acts for the venture that looks for money."""
    return isinstance(user, User) and own_entries_visible_to(user, on).filter(pk=need.party_id).exists()


def can_answer_needs(user: Visitor, on: date) -> bool:
    """Whether somebody answers for a bank, a guarantor or a fund."""
    return has_role(user, Role.BANK_OFFICER, on=on)


def can_close_need(user: Visitor, need: FinancingNeed, on: date) -> bool:
    """Whether somebody says what came of it: the venture itself, or a clerk on its word."""
    return acts_for_need(user, need, on) or has_role(user, Role.CLERK, on=on)
