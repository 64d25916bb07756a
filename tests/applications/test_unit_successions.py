"""A unit is not closed over open cases: without a successor it is refused, with one they go over on the day."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from chuangju.applications.models import Application, Step, Window
from chuangju.applications.unit_successions import pass_on_work
from chuangju.kernel.models import AuditEvent
from chuangju.units.models import Role
from chuangju.units.registry import UnitRefused, abolish_unit
from tests.applications import desk
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


@pytest.fixture
def case(now: datetime) -> Application:
    """Handed in, and being looked at by the unit that answers for it."""
    founder = make_user("founder", Role.ENTREPRENEUR)
    application = desk.hand_in(desk.make_firm(1, founder=founder), by=founder, at=now)
    desk.to_review(application, at=now)
    return Application.objects.get(pk=application.pk)


def test_without_a_successor_a_unit_with_open_cases_is_not_closed(case: Application, now: datetime) -> None:
    assert case.unit is not None
    with pytest.raises(UnitRefused, match="未办结的办件 1 件"):
        abolish_unit(case.unit, on=now.date(), successor=None, by=None, at=now)
    Application.objects.update(state=Application.State.WITHDRAWN, end_reason="不办了", closed_at=now)
    abolish_unit(case.unit, on=now.date() + timedelta(days=1), successor=None, by=None, at=now)


def test_on_the_day_its_cases_steps_and_windows_go_to_the_last_successor(case: Application, now: datetime) -> None:
    old, between, last = case.unit, desk.unit_of("kw"), desk.unit_of("czj")
    assert old is not None
    Window.objects.update(unit=old)
    day = now.date() + timedelta(days=10)
    abolish_unit(old, on=day, successor=between, by=None, at=now)
    abolish_unit(between, on=day, successor=last, by=None, at=now)
    live = Step.objects.filter(application=case, state__in=("open", "waiting"), unit=old)
    keys = set(live.values_list("pk", flat=True))
    assert keys
    assert pass_on_work(day - timedelta(days=1), at=now) == 0
    assert pass_on_work(day, at=now + timedelta(days=10)) == 1
    case.refresh_from_db()
    assert (case.unit, set(Window.objects.values_list("unit", flat=True))) == (last, {last.pk})
    assert set(Step.objects.filter(pk__in=keys).values_list("unit", "assignee")) == {(last.pk, None)}
    assert AuditEvent.objects.filter(action="applications.passed_on").count() == 1 + Window.objects.count()
    assert pass_on_work(day, at=now + timedelta(days=11)) == 0
