"""What the lists of the desk show is what the cases say, and whichever way cases are looked for, the same are found."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from bench import made_cases
from chuangju.applications.access import desk_applications_visible_to, hides_cases, leads_many, sealed_windows
from chuangju.applications.desk_words import step_label, step_place
from chuangju.applications.models import Application, Step, Window
from chuangju.applications.workbench_lines import case_lines, step_lines
from chuangju.kernel.models import User
from tests.applications import desk
from tests.people import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cases(now: datetime, reference_data: None, clock: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty cases in every state."""
    monkeypatch.setattr(made_cases, "PARTIES", 20)
    monkeypatch.setattr(made_cases, "OPEN_SHARE", 0.6)
    made_cases.make_cases(60, at=now, seed=3)


def test_a_line_says_what_its_step_says() -> None:
    steps = {step.pk: step for step in Step.objects.filter(state="open")}
    lines = step_lines(list(steps))
    assert len(lines) == len(steps) > 10
    for line in lines:
        step = steps[line.pk]
        case = step.application
        marks = case.flags.filter(ended_at__isnull=True).order_by("began_at", "pk")
        assert [mark.kind for mark in line.flags] == [mark.kind for mark in marks]
        assert (line.shown_label, line.shown_place) == (step_label(step), step_place(step))
        assert (line.case, line.number, line.title, line.subject) == (
            case.pk,
            case.number,
            case.title,
            case.subject.name,
        )
        assert line.shown_town == (case.town.shown_name if case.town else None)
        assert (line.due_on, line.assignee) == (step.due_on, step.assignee.name if step.assignee else None)
    assert any(line.flags for line in lines)


def test_a_line_says_what_its_case_says() -> None:
    found = {case.pk: case for case in Application.objects.all()}
    for line in case_lines(list(found)):
        case = found[line.pk]
        assert (line.number, line.state, line.submitted_at) == (case.number, case.state, case.submitted_at)
        assert (line.subject, line.shown_town) == (case.subject.name, case.town.shown_name if case.town else None)


@pytest.mark.parametrize("who", ["clerk-rsj", "clerk-310112114", "finance-czj", "clerk-kw", "leader"])
def test_looking_case_by_case_finds_the_same_cases(who: str, now: datetime) -> None:
    role, _dash, code = who.partition("-")
    user: User = make_user(who, role, unit=desk.unit_of(code)) if code else make_user(who, role)
    gathered = set(desk_applications_visible_to(user, now.date()).values_list("pk"))
    assert gathered == set(desk_applications_visible_to(user, now.date(), one_by_one=True).values_list("pk"))
    assert bool(gathered) == (code != "kw")
    assert not leads_many(user, now.date())


def test_a_window_at_hand_hides_its_cases_as_the_sealed_ones_do(now: datetime) -> None:
    day = now.date()
    window = Window.objects.earliest("pk")
    for is_sealed in (True, False):
        for state in Window.State.values:
            for closes_on in (None, day, day - timedelta(days=1), day + timedelta(days=1)):
                assert_alike(window, day, is_sealed=is_sealed, state=state, closes_on=closes_on)


def assert_alike(window: Window, day: date, *, is_sealed: bool, state: str, closes_on: date | None) -> None:
    """Both say the same of a window in this state."""
    Window.objects.filter(pk=window.pk).update(is_sealed=is_sealed, state=state, closes_on=closes_on)
    window.refresh_from_db()
    assert hides_cases(window, day) == sealed_windows(day).filter(pk=window.pk).exists()
