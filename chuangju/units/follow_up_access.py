"""Who sees and who closes what a low rating made work."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from chuangju.units.access import Visitor, has_role, units_of
from chuangju.units.models import FollowUp, Role


def follow_ups_visible_to(user: Visitor, on: date) -> QuerySet[FollowUp]:
    """差评整改: the office and leaders see all, a liaison officer those of the units he or she speaks for."""
    if has_role(user, Role.PROGRAMME_OFFICE, Role.LEADER, on=on):
        return FollowUp.objects.all()
    return FollowUp.objects.filter(unit__in=units_of(user, Role.LIAISON_OFFICER, on))


def can_close_follow_up(user: Visitor, follow_up: FollowUp, *, on: date) -> bool:
    """Whether the user may say that it is put right: the unit's liaison officer or the office."""
    if has_role(user, Role.PROGRAMME_OFFICE, on=on):
        return True
    return follow_up.unit_id in {unit.pk for unit in units_of(user, Role.LIAISON_OFFICER, on)}
