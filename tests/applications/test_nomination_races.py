"""At the same moment one takes the nomination back and another approves: the first of them counts - unless the lock is off."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.db import OperationalError, connections

from chuangju.applications import case_locks, decisions, nominations
from chuangju.applications.decisions import approve_decision, propose_decision
from chuangju.applications.drafts import begin_application
from chuangju.applications.intake import accept_application
from chuangju.applications.models import Application, Decision, Nomination, RequiredDocument
from chuangju.applications.nomination_cases import refuse_nomination_gone
from chuangju.applications.nominations import answer_nomination, withdraw_nomination
from chuangju.applications.steps import complete_step
from chuangju.applications.submissions import submit_application
from chuangju.kernel.locks import LockBusy
from chuangju.kernel.refusals import Refused
from chuangju.policies.current import forget_catalogue
from chuangju.rules.policy import Policy
from chuangju.units.models import Role
from tests.applications import deciding, desk
from tests.applications.nominating import POLICY, make_association, publish_policy, put_forward, speaker
from tests.kernel.racing import errors_of, let_sqlite_begin_deferred, race
from tests.people import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("reference_data")]
CASES = 5
Pair = tuple[Nomination, Decision]


@pytest.fixture
def pairs(reference_data: None, now: datetime) -> Iterator[list[Pair]]:
    """Cases whose grant is proposed, each with the nomination that it came from."""
    publish_policy(now)
    association, founder = make_association(), make_user("founder", Role.ENTREPRENEUR)
    found = []
    for place in range(10, 10 + CASES):
        firm = desk.make_firm(place, founder=founder)
        made = answer_nomination(put_forward(association, firm, at=now), agrees=True, by=founder, at=now)
        draft = begin_application(POLICY, firm, by=founder, at=now, answers={"status": "active"})
        draft.documents.update(state=RequiredDocument.State.GIVEN)
        case = submit_application(draft, pledge=True, by=founder, at=now)
        accept_application(case, by=deciding.proposer(), at=now)
        complete_step(desk.step_of(case, "verify"), "passed", by=deciding.proposer(), at=now)
        made.refresh_from_db()
        found.append((made, propose_decision(case, Decision.Outcome.GRANTED, by=deciding.proposer(), at=now)))
    desk.approver_of("rsj")
    yield found
    forget_catalogue()


def acting(pairs: list[Pair], at: datetime) -> Callable[[int], str]:
    """Two to a case: the even ones take the nomination back, the odd ones approve."""
    approver, who = desk.approver_of("rsj"), speaker()

    def act(number: int) -> str:
        nomination, decision = pairs[number // 2]
        for _try in range(40):
            try:
                if number % 2:
                    approve_decision(decision, by=approver, at=at)
                else:
                    withdraw_nomination(nomination, reason="材料不实", by=who, at=at)
            except LockBusy:
                connections.close_all()
            except OperationalError as error:
                if "get a connection" not in str(error):
                    raise
            else:
                return "done"
        return "never had a turn"

    return act


def won_by_both(outcomes: list[object]) -> list[bool]:
    """Of each case, whether it was granted although its nomination is gone."""
    return [outcomes[2 * place] == outcomes[2 * place + 1] == "done" for place in range(CASES)]


def test_whoever_comes_first_counts_and_the_other_is_refused(pairs: list[Pair], now: datetime) -> None:
    outcomes = race(acting(pairs, now), 2 * CASES)
    assert outcomes.count("done") == CASES
    assert not any(won_by_both(outcomes))
    assert all(isinstance(error, Refused) for error in errors_of(outcomes))
    for nomination, decision in pairs:
        nomination.refresh_from_db()
        decision.refresh_from_db()
        is_gone = nomination.state == Nomination.State.WITHDRAWN
        assert is_gone == (decision.state == Decision.State.PROPOSED)


def test_without_the_lock_a_case_is_granted_whose_nomination_is_gone(
    pairs: list[Pair], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_early(application: Application, policy: Policy) -> None:
        refuse_nomination_gone(application, policy)
        time.sleep(0.5)

    def read(application: Application) -> Application:
        time.sleep(0.2)
        return Application.objects.select_related("subject__town", "unit", "town", "window").get(pk=application.pk)

    monkeypatch.setattr(decisions, "refuse_nomination_gone", look_early)
    for module in (decisions, nominations):
        monkeypatch.setattr(module, "lock_application", read)
    monkeypatch.setattr(case_locks, "take_locks", lambda *_keys: None)
    let_sqlite_begin_deferred(monkeypatch)
    outcomes = race(acting(pairs, now), 2 * CASES)
    unclean = [error for error in errors_of(outcomes) if not isinstance(error, Refused)]
    assert unclean or any(won_by_both(outcomes))
