"""单位撤销移交 - what a unit that is no more still had in hand goes to its successor: its windows, cases and steps."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from chuangju.applications.case_locks import lock_application
from chuangju.applications.models import Application, Step, Window
from chuangju.kernel.audit import record_event
from chuangju.units.closings import successor_on
from chuangju.units.models import Unit

_LIVE = (Step.State.OPEN, Step.State.WAITING)


def open_cases_of(unit: Unit) -> QuerySet[Application]:
    """Cases that a unit answers for, or has a step of, and that are not over."""
    is_open = Q(state__in=Application.OPEN_STATES) | Q(state=Application.State.GRANTED, closed_at__isnull=True)
    steps = Step.objects.filter(unit=unit, state__in=_LIVE)
    return Application.objects.filter(is_open).filter(Q(unit=unit) | Q(pk__in=steps.values("application")))


def pass_on_work(on: date, *, at: datetime) -> int:
    """What the duty does every day: nothing is left with a unit that is no more on that day; how many cases went over."""
    passed = 0
    for unit in Unit.objects.filter(abolished_on__lte=on, successor__isnull=False).order_by("pk"):
        successor = successor_on(unit, on)
        if successor is None:
            continue
        _pass_windows(unit, successor, at=at)
        for application in open_cases_of(unit).order_by("pk"):
            _pass_case(application, unit, successor, at=at)
            passed += 1
    return passed


@transaction.atomic
def _pass_windows(unit: Unit, successor: Unit, *, at: datetime) -> None:
    for window in Window.objects.select_for_update(of=("self",)).filter(unit=unit).order_by("pk"):
        window.unit = successor
        window.save(update_fields=["unit"])
        _tell(window, unit, successor, at=at)


@transaction.atomic
def _pass_case(application: Application, unit: Unit, successor: Unit, *, at: datetime) -> None:
    """Its steps are free there: whoever dealt with them may be in the successor or not."""
    fresh = lock_application(application)
    for step in fresh.steps.select_for_update(of=("self",)).filter(unit=unit, state__in=_LIVE).order_by("pk"):
        step.unit, step.assignee, step.revision = successor, None, step.revision + 1
        step.save(update_fields=["unit", "assignee", "revision"])
    if fresh.unit_id == unit.pk:
        fresh.unit, fresh.changed_at, fresh.revision = successor, at, fresh.revision + 1
        fresh.save(update_fields=["unit", "changed_at", "revision"])
    _tell(fresh, unit, successor, at=at)


def _tell(what: Application | Window, unit: Unit, successor: Unit, *, at: datetime) -> None:
    before, after = {"unit": unit.pk}, {"unit": successor.pk}
    record_event("applications.passed_on", what, by=None, at=at, before=before, after=after, about=what)
