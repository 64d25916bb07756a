"""Who keeps application rounds and selection lists: policy officers prepare, clerks help, approvers approve, leaders read."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from chuangju.applications.access import desk_units, reads_whole_desk
from chuangju.applications.models import Application, DecisionBatch, Window
from chuangju.kernel.models import User
from chuangju.units.access import Visitor
from chuangju.units.models import Role, Unit

KEEPERS = (Role.POLICY_OFFICER,)
# Who makes ready what is decided for a whole round.
PREPARERS = (Role.POLICY_OFFICER, Role.CLERK)
READERS = (Role.LEADER, Role.PROGRAMME_OFFICE, Role.POLICY_OFFICER, Role.CLERK, Role.APPROVER, Role.FINANCE)


def windows_visible_to(user: Visitor, on: date) -> QuerySet[Window]:
    """Rounds: all for leaders and the office, everybody else's those of their unit or of no unit in particular."""
    if reads_whole_desk(user, on):
        return Window.objects.all()
    units = desk_units(user, on)
    return Window.objects.filter(Q(unit__in=units) | Q(unit__isnull=True)) if units else Window.objects.none()


def batches_visible_to(user: Visitor, on: date) -> QuerySet[DecisionBatch]:
    """Selection lists: those of the rounds that one sees."""
    return DecisionBatch.objects.filter(window__in=windows_visible_to(user, on).values("pk")).select_related("window")


def can_keep_window(user: Visitor, window: Window, on: date) -> bool:
    """Whether somebody prepares, opens and closes this round: policy officers of its unit."""
    return window.unit_id is not None and window.unit_id in desk_units(user, on, *KEEPERS)


def can_prepare_batch(user: Visitor, window: Window, on: date) -> bool:
    """Whether somebody draws up, orders and freezes the list: policy officers and clerks of its unit who did not apply."""
    if not isinstance(user, User) or window.unit_id not in desk_units(user, on, *PREPARERS):
        return False
    return not applied_in(user, window)


def can_approve_batch(user: Visitor, batch: DecisionBatch, on: date) -> bool:
    """Whether somebody approves the list: an approver of its unit who neither drew it up nor applied."""
    if not isinstance(user, User) or batch.window.unit_id not in desk_units(user, on, Role.APPROVER):
        return False
    return batch.proposed_by_id != user.pk and not applied_in(user, batch.window)


def applied_in(user: User, window: Window) -> bool:
    """Whether somebody handed a case of this round in, or is its subject."""
    own = Q(submitter=user) & ~Q(channel=Application.Channel.COUNTER)
    return window.applications.filter(own | Q(subject__account=user)).exists()


def keeping_units(user: Visitor, on: date) -> QuerySet[Unit]:
    """The units for which somebody opens rounds."""
    return Unit.objects.filter(pk__in=desk_units(user, on, *KEEPERS))
