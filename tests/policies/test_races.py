"""Many at the same moment, and the same person twice: one version, one run, as many checks as may be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from chuangju.kernel.models import AuditEvent, Job, User
from chuangju.kernel.refusals import Refused, StaleForm
from chuangju.policies import saved_checks
from chuangju.policies.current import forget_catalogue
from chuangju.policies.demo_checks import demo_answers
from chuangju.policies.match_retention import remove_run
from chuangju.policies.match_runs import policies_to_match, restart_run, start_run, stop_run
from chuangju.policies.models import MatchRun, PolicyDraft, PublishedPolicy, SavedCheck
from chuangju.policies.publishing import publish_draft, return_draft
from chuangju.policies.saved_checks import CheckRefused, remove_check, save_check
from chuangju.units.models import Role, Unit
from tests import people
from tests.conftest import NOW
from tests.kernel.racing import errors_of, let_sqlite_begin_deferred, race
from tests.policies.desk import TODAY, register_in_force, rent_draft, submitted

pytestmark = pytest.mark.django_db(transaction=True)
RACERS = 6


@pytest.fixture(autouse=True)
def _fresh(reference_data: None) -> None:
    forget_catalogue()


@pytest.fixture
def officer(unit: Unit) -> User:
    return people.make_user("officer", Role.POLICY_OFFICER, unit=unit)


@pytest.fixture
def approver(unit: Unit) -> User:
    return people.make_user("approver", Role.APPROVER, unit=unit)


def _decided() -> int:
    return AuditEvent.objects.filter(action__in=("policies.version_published", "policies.draft_returned")).count()


def deciding(draft: PolicyDraft, approver: User) -> Callable[[int], Any]:
    def decide(number: int) -> Any:
        if number % 2:
            return return_draft(draft, reason="再改", revision=draft.revision, by=approver, at=NOW)
        return publish_draft(draft, revision=draft.revision, by=approver, at=NOW)

    return decide


def test_a_draft_is_published_or_returned_once(officer: User, approver: User) -> None:
    draft = submitted(rent_draft(officer))
    outcomes = race(deciding(draft, approver), RACERS)
    assert all(isinstance(error, Refused) for error in errors_of(outcomes))
    draft.refresh_from_db()
    is_published = draft.state == PolicyDraft.State.PUBLISHED
    assert PublishedPolicy.objects.count() == int(is_published)
    assert _decided() == 1


def test_two_who_publish_at_once_publish_one_version(officer: User, approver: User, office: User) -> None:
    draft = submitted(rent_draft(officer))
    both = (approver, office)
    outcomes = race(lambda n: publish_draft(draft, revision=draft.revision, by=both[n % 2], at=NOW), RACERS)
    assert errors_of(outcomes) == []
    assert len({one.pk for one in outcomes}) == 1
    assert _decided() == 1


def test_a_run_that_is_asked_for_again_has_one_job(officer: User) -> None:
    register = register_in_force(40)
    chosen = [one for one in policies_to_match(TODAY) if one.id == "rent_subsidy"]
    run = start_run(register, on=TODAY, policies=chosen, title="", by=officer, at=NOW)
    stop_run(run, by=officer, at=NOW)
    outcomes = race(lambda _number: restart_run(run, by=officer, at=NOW), RACERS)
    assert errors_of(outcomes) == []
    assert Job.objects.filter(key=str(run.pk), state=Job.State.WAITING).count() == 1


def test_a_run_is_removed_once(officer: User) -> None:
    register = register_in_force(40)
    chosen = [one for one in policies_to_match(TODAY) if one.id == "rent_subsidy"]
    run = start_run(register, on=TODAY, policies=chosen, title="", by=officer, at=NOW)
    stop_run(run, by=officer, at=NOW)
    outcomes = race(lambda _number: remove_run(run, by=officer, at=NOW), RACERS)
    assert [type(error) for error in errors_of(outcomes)] == [StaleForm] * (RACERS - 1)
    assert not MatchRun.objects.exists()


def test_a_double_click_starts_one_run(officer: User) -> None:
    register = register_in_force(40)
    given = {
        "snapshot": register.pk, "on": TODAY.isoformat(), "policies": ["rent_subsidy"], "title": "双击",
        "idempotency_key": "5f0c1d2e-8a4b-4c3d-9e10-000000000001",
    }  # fmt: skip
    clients = [Client() for _each in range(RACERS)]
    for client in clients:
        client.force_login(officer)
    address = reverse("policies:match_start")
    outcomes = race(lambda number: clients[number].post(address, given).status_code, RACERS)
    assert errors_of(outcomes) == []
    assert MatchRun.objects.count() == 1
    assert set(outcomes) <= {302, 409}


@pytest.fixture
def nearly_full(entrepreneur: User, monkeypatch: pytest.MonkeyPatch) -> User:
    monkeypatch.setattr(saved_checks, "MOST_SAVED", 2)
    save_check(demo_answers(NOW), by=entrepreneur, at=NOW)
    return entrepreneur


def saving(by: User) -> Callable[[int], Any]:
    return lambda _number: save_check(demo_answers(NOW), by=by, at=NOW)


def test_of_many_saved_at_once_only_as_many_as_may_be_are_kept(nearly_full: User) -> None:
    outcomes = race(saving(nearly_full), RACERS)
    assert [type(error) for error in errors_of(outcomes)] == [CheckRefused] * (RACERS - 1)
    assert SavedCheck.objects.count() == saved_checks.MOST_SAVED
    saved = SavedCheck.objects.first()
    assert saved is not None
    assert errors_of(race(lambda _number: remove_check(saved, by=nearly_full, at=NOW), RACERS)) == []
    assert AuditEvent.objects.filter(action="policies.check_removed").count() == 1


def test_without_the_lock_more_are_kept_or_somebody_falls(nearly_full: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_checks, "take_locks", lambda *_keys: None)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda queryset, **_options: queryset)
    let_sqlite_begin_deferred(monkeypatch)
    outcomes = race(saving(nearly_full), RACERS)
    kinds = {type(error) for error in errors_of(outcomes)}
    assert kinds != {CheckRefused} or SavedCheck.objects.count() > saved_checks.MOST_SAVED
