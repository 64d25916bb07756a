"""告知承诺: a promise in place of a paper is checked afterwards; one that was untrue has its consequence."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chuangju.applications.decision_rights import DecisionRefused
from chuangju.applications.decisions import propose_decision
from chuangju.applications.documents import promise_document
from chuangju.applications.drafts import begin_application
from chuangju.applications.follow_ups import FollowedUp, FollowUp, follow_up
from chuangju.applications.grown_cases import HEARING
from chuangju.applications.intake import accept_application
from chuangju.applications.lenient_terms import LenientTerms, lenient_terms
from chuangju.applications.models import Application, Decision, Obligation, PublicNotice, RequiredDocument
from chuangju.applications.notices import end_notice
from chuangju.applications.payee_accounts import give_account
from chuangju.applications.submissions import submit_application
from chuangju.kernel.models import User
from chuangju.policies.current import current_catalogue
from tests.applications import deciding, desk, lenient
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]
State, Kind = RequiredDocument.State, Obligation.Kind


@pytest.fixture
def founder() -> User:
    return make_user("founder", "entrepreneur")


@pytest.fixture
def case(founder: User, now: datetime) -> Application:
    return desk.hand_in(desk.make_firm(1, founder=founder), by=founder, at=now)


def test_a_promise_made_when_applying_is_checked_as_well(founder: User, now: datetime) -> None:
    firm = desk.make_firm(2, founder=founder)
    draft = begin_application(desk.POLICY, firm, by=founder, at=now, answers=desk.ANSWERS)
    give_account(draft, name=firm.name, number="6222000000000000", bank="演示银行", by=founder, at=now)
    draft.documents.update(state=State.GIVEN)
    promise_document(lenient.missing(draft, may_be_promised=True), by=founder, at=now)
    handed = submit_application(draft, pledge=True, insists=True, by=founder, at=now)
    accept_application(handed, by=desk.clerk_of(lenient.TOWN), at=now)
    assert Obligation.objects.filter(application=handed, kind=Kind.PROMISE, document__isnull=False).count() == 1


def test_the_desk_is_reminded_of_its_check_and_its_approvers_once_it_is_late(
    case: Application, founder: User, now: datetime
) -> None:
    chief = desk.approver_of("rsj")
    check, clerk = lenient.promised(case, now), desk.clerk_of(lenient.TOWN)
    lenient.run(check.due_on - timedelta(days=7), now)
    assert (lenient.told(clerk, "promise_due"), lenient.told(founder, "paper_due")) == (1, 0)
    for _again in range(2):
        lenient.run(check.due_on + timedelta(days=1), now)
    assert (lenient.told(clerk, "promise_late"), lenient.told(chief, "promise_late")) == (1, 1)


def test_a_promise_that_is_true_is_closed(case: Application, now: datetime) -> None:
    check = lenient.promised(case, now)
    kept = follow_up(check, FollowedUp(FollowUp.KEPT), by=desk.clerk_of(lenient.TOWN), at=now)
    assert kept.document is not None
    assert (kept.state, kept.document.state) == (Obligation.State.MET, State.CHECKED)


def test_an_untrue_promise_sends_a_case_under_review_to_refusal(
    case: Application, founder: User, now: datetime
) -> None:
    check, clerk = lenient.promised(case, now), desk.clerk_of(lenient.TOWN)
    broken = follow_up(check, FollowedUp(FollowUp.BROKEN, "场地并不存在"), by=clerk, at=now)
    assert broken.document is not None
    assert (broken.state, broken.document.state) == (Obligation.State.BROKEN, State.BROKEN)
    assert lenient.told(founder, "promise_broken") == 1
    assert case.steps.filter(kind="approve", state="open").exists()
    case.refresh_from_db()
    with pytest.raises(DecisionRefused, match="承诺经核查不实"):
        propose_decision(case, Decision.Outcome.GRANTED, by=deciding.proposer(), at=now)


def test_an_untrue_promise_takes_an_approved_decision_back(case: Application, now: datetime) -> None:
    deciding.give_line(1_000_000_00, at=now)
    check = lenient.promised(case, now)
    lenient.review(case, now)
    decision = deciding.approved(Application.objects.get(pk=case.pk), at=now)
    follow_up(check, FollowedUp(FollowUp.BROKEN, "场地并不存在"), by=desk.clerk_of(lenient.TOWN), at=now)
    decision.refresh_from_db()
    assert decision.state == Decision.State.RETURNED
    assert not PublicNotice.objects.filter(decisions=decision).exists()
    assert case.steps.filter(kind="approve", state="open").exists()


@pytest.mark.parametrize("hears", [True, False])
def test_an_untrue_promise_takes_back_what_was_granted_with_a_hearing_where_configured(
    case: Application, now: datetime, *, hears: bool
) -> None:
    deciding.give_line(1_000_000_00, at=now)
    check = lenient.promised(case, now)
    lenient.review(case, now)
    later = now + timedelta(days=lenient.DAYS)
    decision = deciding.approved(Application.objects.get(pk=case.pk), at=now)
    end_notice(PublicNotice.objects.get(decisions=decision), by=None, at=later)
    with lenient.terms(hearing=hears):
        follow_up(check, FollowedUp(FollowUp.BROKEN, "场地并不存在"), by=desk.clerk_of(lenient.TOWN), at=later)
    child = Application.objects.get(parent=case, kind=Application.Kind.RECOVERY)
    assert child.steps.filter(word=HEARING).exists() == hears
    assert child.steps.filter(state="open").count() == 1


def test_where_the_file_says_so_an_untrue_promise_is_only_written_down(case: Application, now: datetime) -> None:
    check = lenient.promised(case, now)
    with lenient.terms(broken="note"):
        follow_up(check, FollowedUp(FollowUp.BROKEN, "面积有出入"), by=desk.clerk_of(lenient.TOWN), at=now)
    assert case.steps.filter(kind="screen", state="open").exists()


def test_the_steps_of_a_file_say_what_follows_and_words_that_mean_nothing_count_as_left_open() -> None:
    policy = current_catalogue().latest(desk.POLICY)
    assert policy is not None
    usual = lenient_terms(policy)
    assert usual == LenientTerms(overdue="desk", broken="recover", hearing=True)
    said = replace(policy, process=({"step": "accept", "overdue": "end", "broken": "note", "hearing": False},))
    assert lenient_terms(said) == LenientTerms(overdue="end", broken="note", hearing=False)
    odd = replace(policy, process=({"step": "accept", "overdue": "maybe", "hearing": "no"},))
    assert lenient_terms(odd) == usual
