"""Two officers push the same list at the same moment: an enterprise is entered once and offered once - unless the lock is off."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from chuangju.applications import offer_runs, offers
from chuangju.applications.models import Application, OfferRun
from chuangju.applications.offer_runs import offer_to_all
from chuangju.applications.offers import plan_offers
from chuangju.kernel.locks import LockBusy
from chuangju.kernel.models import User
from chuangju.policies.current import current_catalogue
from chuangju.rules.policy import Policy
from chuangju.rules.showing import show_value
from chuangju.ventures import register_parties
from chuangju.ventures.models import Party
from tests.kernel.racing import errors_of, let_sqlite_begin_deferred, race
from tests.people import make_user
from tests.ventures.numbers import credit_code

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("reference_data")]
OFFICERS, FIRMS = 4, 3
Rows = list[tuple[str, str, dict[str, Any]]]


@pytest.fixture
def policy(now: datetime) -> Policy:
    """A benefit that is offered."""
    found = current_catalogue().version_for("competition_prize_organisation", now.date())
    assert found is not None
    return found


@pytest.fixture
def rows(policy: Policy) -> Rows:
    """Enterprises that only the register knows."""
    example = next(one for one in policy.examples if one.verdict == "eligible")
    facts = {key: show_value(value) for key, value in example.given.items()}
    said = {**facts, "town": "310112114", "entity_type": "company"}
    return [(credit_code(number), f"上海名录企业{number}有限公司", said) for number in range(81, 81 + FIRMS)]


def pushed_at_once(policy: Policy, rows: Rows, now: datetime) -> list[Any]:
    officers: list[User] = [make_user(f"officer-{number}", "policy_officer") for number in range(OFFICERS)]
    plan = plan_offers(policy, rows)

    def push(number: int) -> OfferRun | None:
        for _try in range(20):
            try:
                return offer_to_all(policy, plan, said=f"第 {number} 人", by=officers[number], at=now)
            except LockBusy:
                time.sleep(0.05)
        return None

    return race(push, OFFICERS)


def test_an_enterprise_is_entered_once_and_offered_once(policy: Policy, rows: Rows, now: datetime) -> None:
    outcomes = pushed_at_once(policy, rows, now)
    assert errors_of(outcomes) == []
    assert Party.objects.filter(credit_code__in=[code for code, _name, _said in rows]).count() == FIRMS
    assert Application.objects.filter(state="offered").count() == FIRMS
    runs = OfferRun.objects.all()
    assert sum(run.offers.count() for run in runs) == FIRMS
    assert sum(run.offers.count() + len(run.left_out) for run in runs) == OFFICERS * FIRMS


def test_without_the_lock_somebody_falls_over_what_the_other_entered(
    policy: Policy, rows: Rows, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(find: Callable[[str], Any]) -> Callable[[str], Any]:
        def find_slowly(code: str) -> Any:
            found = find(code)
            time.sleep(0.1)
            return found

        return find_slowly

    for module in (offers, register_parties):
        monkeypatch.setattr(module, "take_locks", lambda *_keys: None)
    monkeypatch.setattr(register_parties, "find_by_code", slow(register_parties.find_by_code))
    let_sqlite_begin_deferred(monkeypatch)
    outcomes = pushed_at_once(policy, rows, now)
    twice = Party.objects.filter(credit_code__in=[code for code, _name, _said in rows]).count() > FIRMS
    # The unique number of an enterprise still stands in the way; whoever meets it falls, and with them the rest of their list.
    assert errors_of(outcomes) or twice
    assert offer_runs.offer_to_all is offer_to_all
