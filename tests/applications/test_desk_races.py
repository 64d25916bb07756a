"""Two clerks at the same case in the same moment: one of them is told so - unless the lock is off."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db.models import QuerySet

from chuangju.applications import case_locks, steps
from chuangju.applications.corrections import CorrectionRefused, Wanted, request_correction
from chuangju.applications.intake import accept_application
from chuangju.applications.models import Application, Correction, Step
from chuangju.applications.steps import complete_step
from chuangju.kernel.models import AuditEvent
from chuangju.kernel.refusals import Refused, StaleForm
from tests.applications import desk
from tests.kernel.racing import errors_of, let_sqlite_begin_deferred, race
from tests.people import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("reference_data")]
RACERS = 6
TOWN = "310112114"


@pytest.fixture
def case(reference_data: None, now: datetime) -> Application:
    founder = make_user("founder", "entrepreneur")
    return desk.hand_in(desk.make_firm(1, founder=founder), by=founder, at=now)


def reviewing(step: Step, at: datetime) -> Callable[[int], Any]:
    clerks = [desk.clerk_of(TOWN), desk.clerk_of(TOWN, "second-clerk")]

    def review(number: int) -> Any:
        result = "failed" if number % 2 else "passed"
        return complete_step(step, result, opinion="已核", by=clerks[number % 2], at=at).result

    return review


def endings() -> int:
    return AuditEvent.objects.filter(action="applications.step_completed").count()


def test_two_clerks_who_end_the_same_step_end_it_once(case: Application, now: datetime) -> None:
    desk.accept(case, at=now)
    before = endings()
    outcomes = race(reviewing(desk.step_of(case, "screen"), now), RACERS)
    assert {type(error) for error in errors_of(outcomes)} == {StaleForm}
    assert len(errors_of(outcomes)) == RACERS - 1
    assert endings() == before + 1
    assert case.steps.filter(state=Step.State.OPEN).count() == 1


def _slow(read: Callable[..., Step]) -> Callable[..., Step]:
    def read_slowly(*args: Any, **options: Any) -> Step:
        found = read(*args, **options)
        time.sleep(0.1)
        return found

    return read_slowly


def test_without_the_lock_a_step_is_ended_twice_or_somebody_falls(
    case: Application, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.accept(case, at=now)
    before = endings()
    monkeypatch.setattr(case_locks, "take_locks", lambda *_keys: None)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda queryset, **_options: queryset)
    # Between reading the step and ending it lies time enough for everybody to read it.
    monkeypatch.setattr(steps, "lock_step", _slow(steps.lock_step))
    let_sqlite_begin_deferred(monkeypatch)
    outcomes = race(reviewing(desk.step_of(case, "screen"), now), RACERS)
    unclean = [error for error in errors_of(outcomes) if not isinstance(error, Refused)]
    assert unclean or endings() != before + 1


def test_a_case_is_accepted_once(case: Application, now: datetime) -> None:
    clerks = [desk.clerk_of(TOWN), desk.clerk_of(TOWN, "second-clerk")]
    outcomes = race(lambda number: accept_application(case, by=clerks[number % 2], at=now), RACERS)
    assert {type(error) for error in errors_of(outcomes)} == {StaleForm}
    assert case.clocks.filter(kind="applications.case").count() == 1


def test_two_who_ask_for_mending_at_once_send_one_list(case: Application, now: datetime) -> None:
    clerk = desk.clerk_of(TOWN)
    desk.accept(case, at=now)
    outcomes = race(lambda number: request_correction(case, [Wanted(f"第 {number} 份清单")], by=clerk, at=now), RACERS)
    assert {type(error) for error in errors_of(outcomes)} == {CorrectionRefused}
    assert Correction.objects.count() == 1
