"""Who sees and runs panels, who makes sheets, and what an assessor is shown."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from chuangju.kernel.models import User
from chuangju.scoring.models import Assessment, AssessmentQuerySet, Panel, ScoreSheet
from chuangju.units.access import Visitor, assignments_of, has_role, is_staff_member
from chuangju.units.models import Role, Unit

# Who runs panels of their unit; the programme office runs those of any.
RUNNERS = (Role.PROGRAMME_OFFICE, Role.POLICY_OFFICER, Role.CLERK, Role.APPROVER, Role.LIAISON_OFFICER)
# Who reads panels beside them: leaders all or their unit's, finance those of its unit, for the fees.
READERS = (*RUNNERS, Role.LEADER, Role.FINANCE)
SHEET_MAKERS = (Role.PROGRAMME_OFFICE, Role.POLICY_OFFICER)


def _reach_of(user: Visitor, roles: tuple[Role, ...], on: date) -> set[int] | None:
    """The units for which somebody holds one of the roles; None: for the whole district, as the office always does."""
    held = [one for one in assignments_of(user, on) if one.role in roles]
    if any(one.unit_id is None or one.role == Role.PROGRAMME_OFFICE for one in held):
        return None
    return {one.unit_id for one in held if one.unit_id is not None}


def panels_visible_to(user: Visitor, on: date | None = None) -> QuerySet[Panel]:
    """Panels for staff: the office's and leaders' all, everybody else's those of their unit."""
    reach = _reach_of(user, READERS, on or timezone.localdate())
    if reach is None:
        return Panel.objects.all()
    return Panel.objects.filter(unit__in=reach) if reach else Panel.objects.none()


def can_open_panels(user: Visitor, unit: Unit, on: date) -> bool:
    """Whether somebody runs panels of a unit."""
    reach = _reach_of(user, RUNNERS, on)
    return reach is None or unit.pk in reach


def can_run_panel(user: Visitor, panel: Panel, on: date) -> bool:
    """Whether somebody runs this panel. Whoever assesses in it does not."""
    reach = _reach_of(user, RUNNERS, on)
    if reach is not None and panel.unit_id not in reach:
        return False
    counting = (Assessment.State.ASSIGNED, Assessment.State.SUBMITTED)
    scoring = Assessment.objects.filter(panel=panel, state__in=counting)
    return isinstance(user, User) and not scoring.filter(assessor=user).exists()


def can_read_fees(user: Visitor, on: date) -> bool:
    """Whether somebody reads what assessors are paid: who runs panels, and finance."""
    return has_role(user, *RUNNERS, Role.FINANCE, on=on)


def running_units(user: Visitor, on: date) -> QuerySet[Unit]:
    """The units in whose name somebody may open a panel."""
    reach = _reach_of(user, RUNNERS, on)
    existing = Unit.objects.filter(pk__in=Unit.objects.existing_on(on).values("pk"))
    return existing if reach is None else existing.filter(pk__in=reach)


def assessments_visible_to(user: Visitor, on: date | None = None) -> QuerySet[Assessment]:
    """Assessments for staff: those of the panels they see."""
    return Assessment.objects.filter(panel__in=panels_visible_to(user, on))


def own_assessments_visible_to(user: Visitor) -> AssessmentQuerySet:
    """What fell to an assessor, once the panel has begun; not what was taken back before they began."""
    if not isinstance(user, User) or not user.is_active:
        return Assessment.objects.none()
    return Assessment.objects.filter(assessor=user).exclude(panel__state=Panel.State.DRAFT)


def sheets_visible_to(user: Visitor, on: date | None = None) -> QuerySet[ScoreSheet]:
    """Sheets: published ones for staff, drafts for whoever makes them."""
    day = on or timezone.localdate()
    if can_make_sheets(user, day):
        return ScoreSheet.objects.all()
    found = ScoreSheet.objects.filter(is_published=True)
    return found if is_staff_member(user, day) else found.none()


def can_make_sheets(user: Visitor, on: date) -> bool:
    """Whether somebody makes and publishes sheets."""
    return has_role(user, *SHEET_MAKERS, on=on)


def assessors_on(on: date) -> QuerySet[User]:
    """Everybody who may be asked to assess: whoever holds the role on the day."""
    return (
        User.objects.filter(
            Q(assignments__ends_on__isnull=True) | Q(assignments__ends_on__gte=on),
            is_active=True,
            assignments__role=Role.ASSESSOR,
            assignments__starts_on__lte=on,
        )
        .distinct()
        .order_by("name", "pk")
    )
