"""Offers tapped at the same moment: each is taken once, a body takes one of two alike - and both when the lock is off."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from chuangju.applications import offers
from chuangju.applications.decisions import DecisionRefused, approve_decision, propose_decision
from chuangju.applications.drafts import ApplicationRefused
from chuangju.applications.models import Application, Decision, Step
from chuangju.kernel.models import AuditEvent, User
from chuangju.rules.policy import Policy
from chuangju.units.models import Role
from chuangju.ventures.models import Claim
from tests.applications import desk
from tests.applications.test_offers import ACCOUNT, facts, firm, founder, offered, policy  # noqa: F401 - fixtures
from tests.kernel.racing import errors_of, let_sqlite_begin_deferred, race
from tests.people import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("reference_data")]
TAPPERS = 3


def look_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever says yes has looked for other supports for a while before anything is written."""
    look: Callable[..., Any] = offers.conflicts_of

    def slow(*args: Any, **options: Any) -> Any:
        found = look(*args, **options)
        time.sleep(0.5)
        return found

    monkeypatch.setattr(offers, "conflicts_of", slow)


def test_an_offer_tapped_by_several_at_once_is_taken_once(
    offered: Application,  # noqa: F811 - a fixture
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people: list[User] = [make_user(f"owner-{number}", "entrepreneur") for number in range(TAPPERS)]
    for person in people:
        Claim.objects.create(
            user=person, party=offered.subject, given_name=offered.subject.name, way=Claim.Way.DOCUMENT,
            capacity=Claim.Capacity.LEGAL_REPRESENTATIVE, state=Claim.State.CONFIRMED, starts_on=now.date(),
            made_at=now, decided_at=now, decided_by=people[0],
        )  # fmt: skip
    look_slowly(monkeypatch)
    outcomes = race(lambda number: offers.accept_offer(offered, ACCOUNT, by=people[number], at=now), TAPPERS)
    assert errors_of(outcomes) == []
    assert len({one.number for one in outcomes}) == 1
    taken = AuditEvent.objects.filter(action="applications.offer_accepted").count()
    assert (taken, offered.steps.filter(kind=Step.Kind.APPROVE).count(), offered.frozen.count()) == (1, 1, 1)


@pytest.fixture
def alike(
    offered: Application,  # noqa: F811 - a fixture
    policy: Policy,  # noqa: F811 - a fixture
    facts: dict[str, Any],  # noqa: F811 - a fixture
    founder: User,  # noqa: F811 - a fixture
    now: datetime,
) -> list[Application]:
    """The same support offered under two entries of the register, of which it then turns out that they are one firm."""
    again = desk.make_firm(2, founder=founder)
    second = offers.make_offer(policy, again, facts, said="名录", by=None, at=now)
    assert second is not None
    again.merged_into = offered.subject
    again.save()
    return [offered, second]


def taken_at_once(alike: list[Application], founder: User, now: datetime) -> list[Any]:  # noqa: F811 - a fixture
    return race(lambda number: offers.accept_offer(alike[number], ACCOUNT, by=founder, at=now), len(alike))


def granted(alike: list[Application], now: datetime) -> int:
    """What two people of the unit make of the cases that were taken, one after the other."""
    for case in alike:
        case.refresh_from_db()
        if case.state == Application.State.OFFERED:
            continue
        unit = case.unit
        clerk, chief = make_user("unit-clerk", Role.CLERK, unit=unit), make_user("unit-chief", Role.APPROVER, unit=unit)
        decision = propose_decision(case, Decision.Outcome.GRANTED, by=clerk, at=now)
        approve_decision(decision, by=chief, at=now)
    return Application.objects.filter(decisions__outcome=Decision.Outcome.GRANTED).count()


def test_of_two_offers_alike_a_body_takes_one(
    alike: list[Application],
    founder: User,  # noqa: F811 - a fixture
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    look_slowly(monkeypatch)
    outcomes = taken_at_once(alike, founder, now)
    assert [type(error) for error in errors_of(outcomes)] == [ApplicationRefused]
    assert "互斥" in str(errors_of(outcomes)[0])
    assert granted(alike, now) == 1


def test_without_the_lock_a_body_takes_both_and_only_the_look_before_approval_stands_in_the_way(
    alike: list[Application],
    founder: User,  # noqa: F811 - a fixture
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    look_slowly(monkeypatch)
    monkeypatch.setattr(offers, "take_locks", lambda *_keys: None)
    let_sqlite_begin_deferred(monkeypatch)
    outcomes = taken_at_once(alike, founder, now)
    if connection.vendor == "postgresql":
        assert errors_of(outcomes) == []
        assert Application.objects.filter(state=Application.State.IN_REVIEW).count() == len(alike)
        with pytest.raises(DecisionRefused, match="不能重复或同时享受"):
            granted(alike, now)
    else:
        # SQLite has one writer: whoever read before the other wrote falls.
        assert errors_of(outcomes)
