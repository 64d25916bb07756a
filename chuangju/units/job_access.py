"""Who sees which background work: one's own jobs; all of them, and the duties, for those who keep the programme running."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from chuangju.kernel.models import DutyRun, Job, User
from chuangju.units.access import Visitor, has_role
from chuangju.units.models import Role

# Who keeps the programme running: they see every job, take it back or have it tried again.
KEEPERS = (Role.SYSTEM_ADMINISTRATOR, Role.PROGRAMME_OFFICE)
# Who reads what the programme does by itself; what verification finds concerns the auditor most.
DUTY_READERS = (*KEEPERS, Role.AUDITOR)


def jobs_visible_to(user: Visitor, on: date | None = None) -> QuerySet[Job]:
    """Every job for those who keep the programme running, one's own for everybody else; who sees a job may cancel it."""
    if has_role(user, *KEEPERS, on=on):
        return Job.objects.all()
    return own_jobs_visible_to(user)


def own_jobs_visible_to(user: Visitor) -> QuerySet[Job]:
    """The jobs that one has asked for oneself."""
    return Job.objects.filter(started_by=user) if isinstance(user, User) else Job.objects.none()


def duty_runs_visible_to(user: Visitor, on: date | None = None) -> QuerySet[DutyRun]:
    """What the programme did by itself, for those who keep it running and for the auditor."""
    return DutyRun.objects.all() if has_role(user, *DUTY_READERS, on=on) else DutyRun.objects.none()


def can_read_faults(user: Visitor, on: date | None = None) -> bool:
    """Whether the technical words of a failure are shown: to the system administrator alone."""
    return has_role(user, Role.SYSTEM_ADMINISTRATOR, on=on)
