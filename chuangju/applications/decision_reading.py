"""读取 - what pages of decisions fetch: always from what its reader may see, with what the page shows beside it."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from chuangju.applications.access import desk_applications_visible_to, desk_units
from chuangju.applications.models import Application, Decision, PublicNotice, Standing
from chuangju.applications.notices import public_notices
from chuangju.units.access import Visitor
from chuangju.units.models import Role, Unit
from chuangju.ventures.access import own_entries_visible_to


def decisions_visible_to(user: Visitor, on: date) -> QuerySet[Decision]:
    """Decisions on the cases of one's desk, with their case and the people who took them."""
    cases = desk_applications_visible_to(user, on, one_by_one=True)
    return Decision.objects.filter(Exists(cases.filter(pk=OuterRef("application")))).select_related(
        "application__subject",
        "application__unit",
        "application__town",
        "application__window",
        "application__parent",
        "proposed_by",
        "approved_by",
        "frozen",
        "batch",
    )


def recoveries_visible_to(user: Visitor, on: date) -> QuerySet[Application]:
    """Recoveries of money that was paid by a case on one's desk: finance sees those of what it paid."""
    paid = desk_applications_visible_to(user, on, one_by_one=True).filter(pk=OuterRef("parent"))
    found = Application.objects.filter(Exists(paid), kind=Application.Kind.RECOVERY)
    return found.select_related("subject", "parent")


def notices_visible_to(_user: Visitor) -> QuerySet[PublicNotice]:
    """Public notices: everybody's."""
    return public_notices().select_related("unit")


def public_standings_visible_to(_user: Visitor) -> QuerySet[Standing]:
    """Standings whose certificate anybody may look up, whatever became of them."""
    found = Standing.objects.filter(is_public=True)
    return found.select_related("party", "decision__application__unit")


def own_standings_visible_to(user: Visitor, on: date) -> QuerySet[Standing]:
    """What one holds oneself, or those for whom one acts."""
    found = Standing.objects.filter(party__in=own_entries_visible_to(user, on).values("pk"))
    return found.select_related("party", "decision__application")


def sampling_units(user: Visitor, on: date) -> QuerySet[Unit]:
    """The units for which somebody may draw samples."""
    return Unit.objects.filter(pk__in=desk_units(user, on, Role.CLERK, Role.APPROVER)).order_by("position")


def granted_policies(units: QuerySet[Unit]) -> list[tuple[str, str]]:
    """The policies by which these units granted anything, each with its title."""
    granted = Application.objects.filter(
        unit__in=units, state=Application.State.GRANTED, kind=Application.Kind.APPLICATION
    )
    return list(dict(granted.order_by("policy_id").values_list("policy_id", "title").distinct()).items())
