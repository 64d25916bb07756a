"""Who starts and reads match runs and simulations."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from chuangju.policies.models import MatchRun, Simulation
from chuangju.units.access import Visitor, has_role
from chuangju.units.models import Role
from chuangju.ventures.models import RegisterSnapshot

READERS = (Role.LEADER, Role.PROGRAMME_OFFICE, Role.POLICY_OFFICER)
STARTERS = (Role.PROGRAMME_OFFICE, Role.POLICY_OFFICER)


def match_runs_visible_to(user: Visitor, *, on: date) -> QuerySet[MatchRun]:
    """Leaders, the programme office and policy officers read every run: each speaks of the whole district."""
    return MatchRun.objects.all() if has_role(user, *READERS, on=on) else MatchRun.objects.none()


def simulations_visible_to(user: Visitor, *, on: date) -> QuerySet[Simulation]:
    """The same people read what was saved of simulations."""
    return Simulation.objects.all() if has_role(user, *READERS, on=on) else Simulation.objects.none()


def registers_to_match(user: Visitor, *, on: date) -> QuerySet[RegisterSnapshot]:
    """Registers that are, or were, in force: what a run can be started over."""
    if not has_role(user, *READERS, on=on):
        return RegisterSnapshot.objects.none()
    return RegisterSnapshot.objects.filter(state__in=RegisterSnapshot.NUMBERED).order_by("-number")


def current_register() -> RegisterSnapshot | None:
    """The register in force; only its counts are shown to whoever reads drafts."""
    return RegisterSnapshot.objects.filter(state=RegisterSnapshot.State.CURRENT).first()


def can_start_runs(user: Visitor, *, on: date) -> bool:
    """Whether the user starts runs and saves simulations."""
    return has_role(user, *STARTERS, on=on)


def sees_personal_facts(user: Visitor, *, on: date) -> bool:
    """Whether values about persons are shown: to whoever decides about their policies."""
    return has_role(user, Role.POLICY_OFFICER, on=on)
