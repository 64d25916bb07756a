"""Somebody is put forward, confirms, and only then applies; a policy file says that it asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangju.applications.drafts import begin_application
from chuangju.applications.models import Application, ApplicationRole, Nomination, RequiredDocument, Step
from chuangju.applications.nomination_rules import NominationRefused, nomination_rule
from chuangju.applications.nominations import (
    Forward,
    answer_nomination,
    nominate,
    nominations_visible_to,
    withdraw_nomination,
)
from chuangju.applications.step_kinds import planned_steps
from chuangju.applications.submissions import submit_application
from chuangju.kernel.audit import events_about
from chuangju.kernel.mobiles import set_mobile
from chuangju.kernel.models import Message, User
from chuangju.kernel.refusals import StaleForm
from chuangju.policies.current import current_catalogue, forget_catalogue
from chuangju.policies.draft_reading import read_draft
from chuangju.policies.procedure_checks import procedure_faults
from chuangju.units.models import Role
from chuangju.ventures.models import Claim, Party
from tests.applications import desk
from tests.applications.nominating import POLICY, TEXT, make_association, publish_policy, put_forward, speaker
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data", "clock", "policy")]


@pytest.fixture
def policy(reference_data: None, clock: datetime, now: datetime) -> Iterator[None]:
    """A policy that asks for nominations, published by two people of the office."""
    publish_policy(now)
    yield
    forget_catalogue()


@pytest.fixture
def founder() -> User:
    return make_user("founder", Role.ENTREPRENEUR)


@pytest.fixture
def firm(founder: User) -> Party:
    return desk.make_firm(1, founder=founder, name="上海苇渡科技有限公司")


@pytest.fixture
def association(now: datetime) -> Party:
    """An association for which `speaker` acts."""
    return make_association()


def test_without_a_confirmed_nomination_nobody_applies(
    association: Party, firm: Party, founder: User, now: datetime
) -> None:
    with pytest.raises(NominationRefused, match="须由社团、有关单位推荐"):
        begin_application(POLICY, firm, by=founder, at=now)
    made = put_forward(association, firm, at=now)
    assert put_forward(association, firm, at=now) == made, "asked twice it is one"
    assert Message.objects.filter(user=founder, template="applications.nominated").exists()
    with pytest.raises(NominationRefused):
        begin_application(POLICY, firm, by=founder, at=now)
    with pytest.raises(NominationRefused, match="只能由被推荐的人"):
        answer_nomination(made, agrees=True, by=speaker(), at=now)
    answer_nomination(made, agrees=True, by=founder, at=now)
    with pytest.raises(StaleForm):
        answer_nomination(made, agrees=False, by=founder, at=now)
    draft = begin_application(POLICY, firm, by=founder, at=now, answers={"status": "active"})
    made.refresh_from_db()
    assert made.application == draft
    role = draft.roles.get(kind=ApplicationRole.Kind.NOMINATOR)
    assert (role.party, role.user, role.consent) == (association, None, ApplicationRole.Consent.GIVEN)
    draft.documents.update(state=RequiredDocument.State.GIVEN)
    case = submit_application(draft, pledge=True, insists=True, by=founder, at=now)
    assert case.state == Application.State.SUBMITTED
    assert [step.kind for step in case.steps.order_by("position")] == [
        Step.Kind.ACCEPT, Step.Kind.VERIFY, Step.Kind.APPROVE,
    ]  # fmt: skip
    assert events_about(made).count() == 2


def test_a_unit_nominates_a_person_by_mobile_and_an_unknown_number_is_not_told(firm: Party, now: datetime) -> None:
    clerk, founder = desk.clerk_of("rsj"), make_user("founder", Role.ENTREPRENEUR)
    set_mobile(founder, mobile="13800000001", by=None, at=now)
    unit = desk.unit_of("rsj")
    assert nominate(Forward(POLICY, "好", mobile="13900000009", unit=unit), by=clerk, at=now) is None
    made = nominate(Forward(POLICY, "好", mobile="13800000001", unit=unit), by=clerk, at=now)
    assert made is not None
    assert made.person == founder
    answer_nomination(made, agrees=True, by=founder, at=now)
    draft = begin_application(POLICY, firm, by=founder, at=now)
    assert draft.nominations.get() == made
    assert not draft.roles.filter(kind=ApplicationRole.Kind.NOMINATOR).exists()


def test_nobody_nominates_in_the_name_of_others_or_themselves(association: Party, firm: Party, now: datetime) -> None:
    code = str(firm.credit_code)
    founder, unit = make_user("founder", Role.ENTREPRENEUR), desk.unit_of("rsj")
    for forward, by in (
        (Forward(POLICY, "好", credit_code=code, party=association), founder),
        (Forward(POLICY, "好", credit_code=code, party=firm), founder),
        (Forward(POLICY, "好", credit_code=code, unit=unit), desk.clerk_of("310112101")),
        (Forward(POLICY, "好", credit_code=code), speaker()),
        (Forward(POLICY, "", credit_code=code, party=association), speaker()),
        (Forward(POLICY, "好", credit_code="91310000", party=association), speaker()),
        (Forward(POLICY, "好", credit_code=str(association.credit_code), party=association), speaker()),
        (Forward("rent_subsidy", "好", credit_code=code, party=association), speaker()),
        (Forward(POLICY, "好", party=association), speaker()),
    ):
        with pytest.raises(NominationRefused):
            nominate(forward, by=by, at=now)
    assert Nomination.objects.count() == 0


def test_it_is_taken_back_before_the_answer_and_declined_by_the_nominee(
    association: Party, firm: Party, founder: User, now: datetime
) -> None:
    made = put_forward(association, firm, at=now)
    with pytest.raises(NominationRefused):
        withdraw_nomination(made, by=founder, at=now)
    withdraw_nomination(made, by=speaker(), at=now)
    on = now.date()
    assert nominations_visible_to(founder, on).count() == 0
    again = put_forward(association, firm, at=now)
    assert again != made
    answer_nomination(again, agrees=False, by=founder, at=now)
    assert Message.objects.filter(template="applications.nomination_answered").count() == 1
    with pytest.raises(NominationRefused):
        begin_application(POLICY, firm, by=founder, at=now)
    assert nominations_visible_to(make_user("stranger", Role.ENTREPRENEUR), on).count() == 0


def test_the_file_says_who_nominates_and_the_step_is_none_of_the_case() -> None:
    policy = current_catalogue().latest(POLICY)
    assert policy is not None
    rule = nomination_rule(policy)
    assert rule is not None
    assert rule.by == ("association", "unit")
    assert all(step.word != "nominate" for step in planned_steps(policy))
    assert procedure_faults(policy, on=policy.effective_from) == ()


def test_a_nominator_that_the_product_does_not_know_is_a_fault(now: datetime) -> None:
    reading = read_draft(TEXT.replace("[association, unit]", "[neighbour]"), current_catalogue(), on=now.date())
    assert "association" in "".join(fault.sentence("zh") for fault in reading.faults)


def test_the_pages_lead_from_the_form_to_the_application(
    association: Party, firm: Party, founder: User, now: datetime
) -> None:
    own, other = Client(), Client()
    own.force_login(speaker())
    other.force_login(founder)
    start = reverse("applications:apply_start", args=(POLICY,))
    assert "须经推荐" in other.get(start).content.decode()
    assert "须由社团、有关单位推荐" in other.post(start, {"subject": firm.pk}).content.decode()
    form = reverse("applications:nominate")
    typed = {"policy": POLICY, "nominator": f"party-{association.pk}", "reason": "带动就业"}
    assert own.post(form, typed).status_code == 422
    assert own.post(form, {**typed, "credit_code": firm.credit_code}).status_code == 302
    made = Nomination.objects.get()
    page = reverse("applications:nomination", args=(made.pk,))
    assert "确认并申请" in other.get(page).content.decode()
    assert "撤回推荐" in own.get(page).content.decode()
    done = other.post(page, {"answer": "yes"})
    assert done["Location"] == start
    assert other.post(start, {"subject": firm.pk}).status_code == 302
    case = Application.objects.get(policy_id=POLICY)
    assert "创业联谊会" in other.get(reverse("applications:my_case", args=(case.pk,))).content.decode()
    assert own.get(reverse("applications:my_case", args=(case.pk,))).status_code == 404
    Application.objects.filter(pk=case.pk).update(state="submitted", number="310112-20260615-00001", submitted_at=now)
    clerk = Client()
    clerk.force_login(desk.clerk_of("rsj"))
    assert "创业联谊会" in clerk.get(f"/cases/{case.pk}/").content.decode()
    assert clerk.get(page).status_code == 404


@pytest.mark.database("sqlite")
def test_the_list_asks_the_same_queries_for_few_and_for_many_nominations(
    association: Party, founder: User, now: datetime
) -> None:
    client = Client()
    client.force_login(speaker())
    asked = []
    for places in (range(10, 13), range(13, 30)):
        for place in places:
            put_forward(association, desk.make_firm(place, founder=founder), at=now)
        client.get(reverse("applications:nominations"))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("applications:nominations")).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1], "nominations"
    assert Claim.objects.count() > 3


def test_the_three_administrators_are_not_led_to_nominations(client: Client) -> None:
    current_catalogue()
    led = set[str]()
    for role in (Role.ENTREPRENEUR, Role.CLERK, Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR):
        client.force_login(make_user(f"somebody-{role}", role))
        if reverse("applications:nominations") in client.get("/account/").content.decode():
            led.add(role)
    assert led == {Role.ENTREPRENEUR, Role.CLERK}
