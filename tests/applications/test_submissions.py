"""Handing in and taking back: complete, promised, numbered, frozen, once - whoever sends it how often at the same moment."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from chuangju.applications import case_locks, case_numbers, drafts
from chuangju.applications.case_clocks import read_case
from chuangju.applications.case_numbers import read_number
from chuangju.applications.drafts import ApplicationRefused, begin_application
from chuangju.applications.evaluation import explain_again, frozen_digest
from chuangju.applications.models import Application, FrozenFacts, RequiredDocument, Step
from chuangju.applications.receipts import find_receipt, receipt_code
from chuangju.applications.recoveries import open_recovery
from chuangju.applications.submissions import submit_application, withdraw_application
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.kernel.working_days import add_working_days
from chuangju.ventures.models import Party
from tests.applications import deciding, desk, selecting
from tests.applications.desk import POLICY, begin_case, make_firm
from tests.kernel.racing import errors_of, let_sqlite_begin_deferred, race
from tests.people import make_user

pytestmark = pytest.mark.usefixtures("reference_data")
COPIES, KEYS = 6, 4


@pytest.fixture
def founder(reference_data: None) -> User:
    """Somebody who acts for the firms."""
    return make_user("founder", "entrepreneur")


@pytest.fixture
def firm(founder: User) -> Party:
    """A firm that gets the sample subsidy."""
    return make_firm(1, founder=founder)


@pytest.fixture
def draft(firm: Party, founder: User, now: datetime) -> Application:
    """Everything filled in."""
    return begin_case(firm, by=founder, at=now)


@pytest.mark.django_db
class TestHandingIn:
    """One case."""

    def test_gives_number_state_snapshot_and_the_first_step(
        self, draft: Application, founder: User, now: datetime
    ) -> None:
        done = submit_application(draft, pledge=True, by=founder, at=now)
        assert done.number == f"310112-{now:%Y%m%d}-00001"
        assert done.state == Application.State.SUBMITTED
        assert done.steps.get(kind=Step.Kind.ACCEPT).state == Step.State.OPEN
        frozen = done.frozen.get()
        assert (frozen.moment, frozen.verdict, frozen.amount) == (FrozenFacts.Moment.SUBMITTED, "eligible", 3_000_000)
        assert frozen.sha256 == frozen_digest(frozen)
        assert explain_again(frozen).amount == frozen.amount

    def test_wants_the_pledge_the_papers_and_the_account(
        self, draft: Application, founder: User, now: datetime
    ) -> None:
        with pytest.raises(ApplicationRefused, match="承诺书"):
            submit_application(draft, pledge=False, by=founder, at=now)
        draft.documents.filter(name="租赁合同").update(state=RequiredDocument.State.MISSING)
        with pytest.raises(ApplicationRefused, match="租赁合同"):
            submit_application(draft, pledge=True, by=founder, at=now)
        draft.documents.update(state=RequiredDocument.State.GIVEN)
        Application.objects.filter(pk=draft.pk).update(account="")
        with pytest.raises(ApplicationRefused, match="收款账户"):
            submit_application(draft, pledge=True, by=founder, at=now)

    def test_against_the_rule_only_on_ones_own_insistence(self, firm: Party, founder: User, now: datetime) -> None:
        bare = begin_application(POLICY, firm, by=founder, at=now)
        bare.documents.update(state=RequiredDocument.State.GIVEN)
        with pytest.raises(ApplicationRefused, match="仍要提交"):
            submit_application(bare, pledge=True, by=founder, at=now)

    def test_what_excludes_it_is_told_before(
        self, draft: Application, firm: Party, founder: User, now: datetime
    ) -> None:
        other = begin_application("incubation_site_subsidy", firm, by=founder, at=now)
        Application.objects.filter(pk=other.pk).update(state="submitted", number="x", submitted_at=now)
        with pytest.raises(ApplicationRefused, match="只能享受其一"):
            submit_application(draft, pledge=True, by=founder, at=now)
        assert submit_application(draft, pledge=True, insists=True, by=founder, at=now).number

    def test_twice_is_once(self, draft: Application, founder: User, now: datetime) -> None:
        first = submit_application(draft, pledge=True, by=founder, at=now)
        again = submit_application(draft, pledge=True, by=founder, at=now)
        assert (again.number, again.frozen.count()) == (first.number, 1)

    def test_only_its_own_people_hand_it_in(self, draft: Application, now: datetime) -> None:
        with pytest.raises(ApplicationRefused, match="只有申请主体"):
            submit_application(draft, pledge=True, by=make_user("other", "entrepreneur"), at=now)

    def test_the_snapshot_cannot_be_changed_by_anybody(self, draft: Application, founder: User, now: datetime) -> None:
        done = submit_application(draft, pledge=True, by=founder, at=now)
        for statement in (
            "UPDATE applications_frozenfacts SET amount = 1",
            "DELETE FROM applications_frozenfacts",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
        assert done.frozen.get().amount == 3_000_000

    def test_a_receipt_is_found_by_its_own_code_only(self, draft: Application, founder: User, now: datetime) -> None:
        done = submit_application(draft, pledge=True, by=founder, at=now)
        assert find_receipt(str(done.number), receipt_code(done)) == done
        assert find_receipt(str(done.number), "0" * 12) is None

    def test_taken_back_nothing_of_it_goes_on(
        self, draft: Application, firm: Party, founder: User, now: datetime
    ) -> None:
        done = submit_application(draft, pledge=True, by=founder, at=now)
        ended = withdraw_application(done, reason="不需要了", by=founder, at=now)
        assert (ended.state, ended.end_reason) == (Application.State.WITHDRAWN, "不需要了")
        assert not ended.steps.filter(state__in=("open", "waiting")).exists()
        # The way is free for another one.
        assert begin_application(POLICY, firm, by=founder, at=now).pk != done.pk


def test_a_number_is_read_however_it_is_written() -> None:
    assert read_number("310112 20260615 00001") == "310112-20260615-00001"
    assert read_number("没有") == ""


def submitting(waiting: list[Application], by: User, at: datetime) -> Callable[[int], str]:
    def submit(number: int) -> str:
        done = submit_application(Application(pk=waiting[number % len(waiting)].pk), pledge=True, by=by, at=at)
        return str(done.number)

    return submit


@pytest.mark.django_db(transaction=True)
def test_many_copies_at_once_hand_in_each_case_once(founder: User, now: datetime) -> None:
    waiting = [begin_case(make_firm(place, founder=founder), by=founder, at=now) for place in range(1, KEYS + 1)]
    outcomes = race(submitting(waiting, founder, now), COPIES * KEYS)
    assert errors_of(outcomes) == []
    assert len(set(outcomes)) == KEYS
    assert FrozenFacts.objects.count() == KEYS
    assert Step.objects.filter(kind=Step.Kind.ACCEPT).count() == KEYS


@pytest.mark.django_db(transaction=True)
def test_without_the_locks_copies_do_not_all_come_through_cleanly(
    founder: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = [begin_case(make_firm(place, founder=founder), by=founder, at=now) for place in range(1, KEYS + 1)]
    found = drafts.evaluate_draft

    def slowly(*args: Any, **named: Any) -> Any:
        time.sleep(0.05)
        return found(*args, **named)

    for module in (case_locks, case_numbers):
        monkeypatch.setattr(module, "take_locks", lambda *_keys: None)
    monkeypatch.setattr("chuangju.applications.submissions.evaluate_draft", slowly)
    manager = Application.objects.all().__class__
    monkeypatch.setattr(manager, "select_for_update", lambda queryset, **_options: queryset.all())
    let_sqlite_begin_deferred(monkeypatch)
    outcomes = race(submitting(waiting, founder, now), COPIES * KEYS)
    unclean = [error for error in errors_of(outcomes) if not isinstance(error, Refused)]
    assert unclean or FrozenFacts.objects.count() != KEYS or len(set(outcomes)) != KEYS


@pytest.mark.django_db(transaction=True)
def test_many_begin_at_once_and_there_is_one_draft(firm: Party, founder: User, now: datetime) -> None:
    def begin(_number: int) -> str:
        return str(begin_application(POLICY, firm, by=founder, at=now).pk)

    outcomes = race(begin, 12)
    assert errors_of(outcomes) == []
    assert len(set(outcomes)) == 1
    assert Application.objects.count() == 1


def test_nobody_takes_back_what_the_office_began(founder: User, now: datetime) -> None:
    deciding.give_line(100_000 * deciding.YUAN, at=now)
    application = deciding.case_at_approval(desk.make_firm(8, founder=founder), founder=founder, at=now)
    after = now + timedelta(days=10)
    deciding.granted(application, at=now, later=after)
    child = open_recovery(application, reason="退租", by=desk.clerk_of("rsj"), at=after)
    with pytest.raises(ApplicationRefused, match="由承办单位立案"):
        withdraw_application(child, by=founder, at=after)


def test_whoever_moved_while_filling_in_applies_in_their_new_town(
    draft: Application, firm: Party, founder: User, now: datetime
) -> None:
    assert draft.town == desk.unit_of(deciding.TOWN)
    firm.town = desk.unit_of("310112101")
    firm.save()
    handed = submit_application(draft, pledge=True, insists=True, by=founder, at=now)
    assert handed.town == firm.town
    assert desk.step_of(handed, "accept").unit == firm.town


def test_the_days_of_a_sealed_round_count_from_its_end(founder: User, now: datetime) -> None:
    """Nobody reads a case before, so nobody is late with it."""
    window = selecting.begin_round(now, is_sealed=True)
    assert window.closes_on is not None
    case = selecting.hand_in(1, founder=founder, at=now)
    due_on = add_working_days(window.closes_on, 5)
    assert (desk.step_of(case, "accept").due_on, case.due_on) == (due_on, due_on)
    reading = read_case(case, on=window.closes_on)
    assert reading is not None
    assert (reading.used, reading.promised_on) == (0, due_on)
