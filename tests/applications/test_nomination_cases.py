"""A confirmed nomination is taken back: drafts wait for another one, cases under review are not granted, decided ones stay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from chuangju.applications.bulk_approvals import look_at_approvals
from chuangju.applications.decisions import DecisionRefused, approve_decision, propose_decision
from chuangju.applications.drafts import begin_application
from chuangju.applications.intake import accept_application
from chuangju.applications.models import Application, Decision, Nomination, RequiredDocument
from chuangju.applications.nomination_cases import nomination_behind
from chuangju.applications.nomination_rules import NominationRefused
from chuangju.applications.nominations import (
    Forward,
    answer_nomination,
    nominate,
    nominations_visible_to,
    withdraw_nomination,
)
from chuangju.applications.steps import complete_step
from chuangju.applications.submissions import submit_application
from chuangju.kernel.audit import events_about
from chuangju.kernel.models import Message, User
from chuangju.policies.current import forget_catalogue
from chuangju.units.models import Role
from chuangju.ventures.models import Party
from tests.applications import deciding, desk
from tests.applications.nominating import POLICY, make_association, publish_policy, put_forward, speaker
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data", "clock")]


@pytest.fixture
def founder() -> User:
    return make_user("founder", Role.ENTREPRENEUR)


@pytest.fixture
def firm(founder: User) -> Party:
    return desk.make_firm(1, founder=founder, name="上海苇渡科技有限公司")


@pytest.fixture
def confirmed(reference_data: None, clock: datetime, firm: Party, founder: User, now: datetime) -> Iterator[Nomination]:
    """Put forward by the association, confirmed by the founder."""
    publish_policy(now)
    made = put_forward(make_association(), firm, at=now)
    yield answer_nomination(made, agrees=True, by=founder, at=now)
    forget_catalogue()


def draft_of(firm: Party, founder: User, *, at: datetime) -> Application:
    draft = begin_application(POLICY, firm, by=founder, at=at, answers={"status": "active"})
    draft.documents.update(state=RequiredDocument.State.GIVEN)
    return draft


def handed_in(firm: Party, founder: User, *, at: datetime) -> Application:
    return submit_application(draft_of(firm, founder, at=at), pledge=True, by=founder, at=at)


def at_approval(firm: Party, founder: User, *, at: datetime) -> Application:
    case = handed_in(firm, founder, at=at)
    accept_application(case, by=deciding.proposer(), at=at)
    complete_step(desk.step_of(case, "verify"), "passed", by=deciding.proposer(), at=at)
    case.refresh_from_db()
    return case


def take_back(nomination: Nomination, *, at: datetime, reason: str = "材料不实") -> Nomination:
    nomination.refresh_from_db()
    return withdraw_nomination(nomination, reason=reason, by=speaker(), at=at)


def another(firm: Party, founder: User, *, at: datetime) -> Nomination:
    """By a unit, confirmed."""
    forward = Forward(POLICY, "好", credit_code=str(firm.credit_code), unit=desk.unit_of("rsj"))
    made = nominate(forward, by=desk.clerk_of("rsj"), at=at)
    assert made is not None
    return answer_nomination(made, agrees=True, by=founder, at=at)


def test_a_confirmed_nomination_is_taken_back_with_a_reason_that_the_nominee_reads(
    confirmed: Nomination, firm: Party, founder: User, now: datetime
) -> None:
    for reason in ("", "  ", "长" * 1001):
        with pytest.raises(NominationRefused, match="撤回的理由"):
            take_back(confirmed, at=now, reason=reason)
    with pytest.raises(NominationRefused, match="只能由推荐的一方"):
        withdraw_nomination(confirmed, reason="不要", by=founder, at=now)
    taken = take_back(confirmed, at=now)
    assert (taken.state, taken.withdrawn_by, taken.answered_by) == ("withdrawn", speaker(), founder)
    event = events_about(taken).get(action="applications.nomination_withdrawn")
    assert event.reason == "材料不实"
    told = Message.objects.filter(template="applications.nomination_withdrawn")
    assert {one.user for one in told} == {founder}
    assert "材料不实" in str(told.first().body)  # type: ignore[union-attr] - there is one
    assert taken in nominations_visible_to(founder, now.date()), "who had confirmed sees that it is gone"
    with pytest.raises(NominationRefused, match="须由社团"):
        begin_application(POLICY, firm, by=founder, at=now)


def test_a_draft_waits_for_another_nomination(confirmed: Nomination, firm: Party, founder: User, now: datetime) -> None:
    draft = draft_of(firm, founder, at=now)
    take_back(confirmed, at=now)
    with pytest.raises(NominationRefused):
        submit_application(draft, pledge=True, by=founder, at=now)
    made = another(firm, founder, at=now)
    assert nomination_behind(draft) == made, "the draft goes on with the new one"
    assert submit_application(draft, pledge=True, by=founder, at=now).state == Application.State.SUBMITTED


def test_a_case_under_review_goes_on_but_is_not_granted(
    confirmed: Nomination, firm: Party, founder: User, now: datetime
) -> None:
    case = at_approval(firm, founder, at=now)
    proposal = propose_decision(case, Decision.Outcome.GRANTED, by=deciding.proposer(), at=now)
    take_back(confirmed, at=now)
    assert Message.objects.filter(template="applications.nomination_gone", user=deciding.proposer()).exists()
    case.refresh_from_db()
    assert case.state == Application.State.IN_REVIEW
    step = desk.step_of(case, "approve")
    (line,) = look_at_approvals([step], by=desk.approver_of("rsj"), at=now)
    assert line.obstacle == "推荐已撤回"
    with pytest.raises(DecisionRefused, match="推荐方已撤回"):
        approve_decision(proposal, by=desk.approver_of("rsj"), at=now)
    another(firm, founder, at=now)
    assert approve_decision(proposal, by=desk.approver_of("rsj"), at=now).approved_at is not None
    with pytest.raises(NominationRefused, match="已经审定"):
        withdraw_nomination(Nomination.objects.get(unit__isnull=False), reason="不", by=desk.clerk_of("rsj"), at=now)


def test_the_page_asks_for_the_reason_and_shows_it_to_everybody_concerned(
    confirmed: Nomination, firm: Party, founder: User, now: datetime
) -> None:
    case = handed_in(firm, founder, at=now)
    own, other, clerk = Client(), Client(), Client()
    own.force_login(speaker())
    other.force_login(founder)
    clerk.force_login(desk.clerk_of("rsj"))
    page = reverse("applications:nomination", args=(confirmed.pk,))
    away = reverse("applications:nomination_withdrawal", args=(confirmed.pk,))
    assert away in own.get(page).content.decode()
    assert away not in other.get(page).content.decode()
    assert other.get(away).status_code == 404
    assert "不会自动结束" in own.get(away).content.decode()
    assert own.post(away, {"reason": ""}).status_code == 422
    assert own.post(away, {"reason": "材料不实"})["Location"] == page
    for client, address in (
        (own, page),
        (other, page),
        (other, reverse("applications:my_case", args=(case.pk,))),
        (clerk, f"/cases/{case.pk}/"),
    ):
        assert "材料不实" in client.get(address).content.decode(), address
    assert own.get(away)["Location"] == page, "once"
