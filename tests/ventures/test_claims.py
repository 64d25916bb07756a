"""Whoever says that they act for a firm learns nothing of it until a clerk has confirmed it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from chuangju.kernel.duties import run_due_duties
from chuangju.kernel.file_checks import AttachmentRefused
from chuangju.kernel.models import AuditEvent, Message, User
from chuangju.units.models import Role, Unit
from chuangju.ventures.access import (
    acting_parties,
    can_verify_claim,
    own_parties_visible_to,
    parties_visible_to,
)
from chuangju.ventures.claims import (
    COUNTER_WAIT,
    MOST_OPEN_CLAIMS,
    ClaimFacts,
    ClaimRefused,
    confirm_claim,
    end_claim,
    lapse_claims,
    make_claim,
    refuse_claim,
    withdraw_claim,
)
from chuangju.ventures.codes import CodeRefused
from chuangju.ventures.models import Claim, Party
from tests.kernel.files import picture
from tests.kernel.racing import race
from tests.ventures import numbers

COUNTER, DOCUMENT = Claim.Way.COUNTER, Claim.Way.DOCUMENT
LEGAL, AGENT, EMPLOYEE = Claim.Capacity.LEGAL_REPRESENTATIVE, Claim.Capacity.AGENT, Claim.Capacity.EMPLOYEE


def _facts(place: int = 1, **more: Any) -> ClaimFacts:
    said = {
        "credit_code": numbers.credit_code(place),
        "name": "上海试样科技有限公司",
        "capacity": LEGAL,
        "way": COUNTER,
    }
    return ClaimFacts(**{**said, **more})


@pytest.fixture
def claim(firm: Party, founder: User, town: Unit, now: datetime) -> Claim:
    return make_claim(_facts(town=town), by=founder, at=now)


def test_a_claim_to_a_known_and_to_an_unknown_firm_look_the_same_to_whoever_makes_them(
    firm: Party, founder: User, town: Unit, now: datetime
) -> None:
    known = make_claim(_facts(1, name="随便写的名字", town=town), by=founder, at=now)
    unknown = make_claim(_facts(2, name="随便写的名字", town=town), by=founder, at=now)
    for claim in (known, unknown):
        assert (claim.state, claim.given_name) == (Claim.State.PENDING, "随便写的名字")
    assert known.party == firm
    assert unknown.party.source == Party.Source.SELF_DECLARED
    assert not unknown.party.is_checked
    assert not parties_visible_to(founder).exists()
    assert not acting_parties(founder, now.date()).exists()


def test_a_confirmed_claim_lets_somebody_act_and_tells_them(
    claim: Claim, firm: Party, founder: User, clerk: User, now: datetime
) -> None:
    confirm_claim(claim, by=clerk, at=now)
    assert claim.state == Claim.State.CONFIRMED
    assert list(acting_parties(founder, now.date())) == [firm]
    assert list(own_parties_visible_to(founder, now.date())) == [firm]
    message = Message.objects.get(user=founder)
    assert "可以代表" in message.subject
    assert AuditEvent.objects.filter(action="ventures.claim_confirmed", about_id=str(firm.pk)).count() == 1


def test_confirming_checks_a_firm_that_its_own_people_told_of(founder: User, clerk: User, now: datetime) -> None:
    claim = make_claim(_facts(7, name="自己填的公司"), by=founder, at=now)
    confirm_claim(claim, by=clerk, at=now)
    claim.party.refresh_from_db()
    assert claim.party.is_checked
    assert AuditEvent.objects.filter(action="ventures.party_checked").count() == 1


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (_facts(name=" "), "请填写企业名称"),
        (_facts(capacity="king"), "请选择身份"),
        (_facts(way="pigeon"), "请选择身份"),
        (_facts(way=DOCUMENT), "请上传"),
        (_facts(capacity=AGENT), "起止日期"),
        (_facts(capacity=AGENT, starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 14)), "不能早于今天"),
        (_facts(capacity=AGENT, starts_on=date(2026, 7, 2), ends_on=date(2026, 7, 1)), "不能早于今天"),
        (_facts(capacity=AGENT, starts_on=date(2026, 1, 1), ends_on=date(2036, 1, 1)), "最长三年"),
    ],
)
def test_what_cannot_be_checked_is_refused_at_once(
    firm: Party, founder: User, facts: ClaimFacts, sentence: str, now: datetime
) -> None:
    with pytest.raises(ClaimRefused, match=sentence):
        make_claim(facts, by=founder, at=now)
    assert not Claim.objects.exists()


def test_a_code_with_a_wrong_check_digit_is_refused(founder: User, now: datetime) -> None:
    with pytest.raises(CodeRefused, match="18 位"):
        make_claim(_facts(credit_code="123"), by=founder, at=now)


def test_a_hostile_paper_is_refused_and_leaves_no_claim(firm: Party, founder: User, now: datetime) -> None:
    hostile = SimpleUploadedFile("授权.png", b"MZ\x90 not a picture")
    with pytest.raises(AttachmentRefused):
        make_claim(_facts(way=DOCUMENT), files=[hostile], by=founder, at=now)
    assert not Claim.objects.exists()


def test_saying_it_twice_is_refused_and_the_database_holds_it_too(claim: Claim, founder: User, now: datetime) -> None:
    with pytest.raises(ClaimRefused, match="不必重复"):
        make_claim(_facts(), by=founder, at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(user=founder, party=claim.party, given_name="x", capacity=LEGAL, way=COUNTER, made_at=now)


def test_trying_many_codes_comes_to_an_end(founder: User, now: datetime) -> None:
    for place in range(MOST_OPEN_CLAIMS):
        make_claim(_facts(100 + place), by=founder, at=now)
    with pytest.raises(ClaimRefused, match="10 份"):
        make_claim(_facts(200), by=founder, at=now)


def test_a_refusal_needs_a_reason_and_frees_the_way_for_a_new_claim(
    claim: Claim, founder: User, clerk: User, now: datetime
) -> None:
    with pytest.raises(ClaimRefused, match="原因"):
        refuse_claim(claim, reason="  ", by=clerk, at=now)
    refuse_claim(claim, reason="执照照片不清楚", by=clerk, at=now)
    assert (claim.state, claim.reason) == (Claim.State.REFUSED, "执照照片不清楚")
    assert "执照照片不清楚" in Message.objects.get(user=founder).body
    assert make_claim(_facts(), by=founder, at=now).is_open


def test_a_decision_is_made_once(
    claim: Claim, clerk: User, make_user: Callable[..., User], unit: Unit, now: datetime
) -> None:
    second = make_user("second-clerk", Role.CLERK, unit=unit)
    confirm_claim(claim, by=clerk, at=now)
    with pytest.raises(ClaimRefused, match="已由他人处理"):
        refuse_claim(claim, reason="不符", by=second, at=now)
    with pytest.raises(ClaimRefused, match="已由他人处理"):
        confirm_claim(claim, by=second, at=now)


def test_nobody_decides_on_their_own_claim_or_outside_their_town(
    firm: Party, clerk: User, founder: User, make_user: Callable[..., User], other_town: Unit, now: datetime
) -> None:
    own = make_claim(_facts(), by=clerk, at=now)
    with pytest.raises(ClaimRefused, match="权限"):
        confirm_claim(own, by=clerk, at=now)
    elsewhere = make_user("elsewhere", Role.CLERK, unit=other_town)
    theirs = make_claim(_facts(), by=founder, at=now)
    for user in (elsewhere, founder, make_user("office", Role.PROGRAMME_OFFICE)):
        assert not can_verify_claim(user, theirs, now.date())
        with pytest.raises(ClaimRefused, match="权限"):
            refuse_claim(theirs, reason="不符", by=user, at=now)


def test_the_term_of_a_paper_that_ran_out_before_the_decision_is_not_confirmed(
    firm: Party, founder: User, clerk: User, now: datetime
) -> None:
    claim = make_claim(
        _facts(capacity=AGENT, starts_on=now.date(), ends_on=now.date() + timedelta(days=1)), by=founder, at=now
    )
    with pytest.raises(ClaimRefused, match="期限已过"):
        confirm_claim(claim, by=clerk, at=now + timedelta(days=3))


def test_one_withdraws_only_ones_own_and_only_while_it_lives(
    claim: Claim, founder: User, clerk: User, now: datetime
) -> None:
    with pytest.raises(ClaimRefused, match="本人"):
        withdraw_claim(claim, by=clerk, at=now)
    confirm_claim(claim, by=clerk, at=now)
    withdraw_claim(claim, by=founder, at=now)
    assert not acting_parties(founder, now.date()).exists()
    with pytest.raises(ClaimRefused, match="已经结束"):
        withdraw_claim(claim, by=founder, at=now)


def test_a_clerk_ends_a_claim_for_a_reason(claim: Claim, founder: User, clerk: User, now: datetime) -> None:
    with pytest.raises(ClaimRefused, match="只有已确认的"):
        end_claim(claim, reason="已离职", by=clerk, at=now)
    confirm_claim(claim, by=clerk, at=now)
    with pytest.raises(ClaimRefused, match="原因"):
        end_claim(claim, reason="", by=clerk, at=now)
    with pytest.raises(ClaimRefused, match="权限"):
        end_claim(claim, reason="已离职", by=founder, at=now)
    end_claim(claim, reason="已离职", by=clerk, at=now)
    assert claim.state == Claim.State.ENDED
    assert not acting_parties(founder, now.date()).exists()


def test_what_ran_out_lapses_by_the_daily_duty_and_once(firm: Party, founder: User, clerk: User, now: datetime) -> None:
    term: dict[str, Any] = {"starts_on": now.date(), "ends_on": now.date() + timedelta(days=5)}
    agent = make_claim(_facts(capacity=AGENT, **term), by=founder, at=now)
    confirm_claim(agent, by=clerk, at=now)
    waiting = make_claim(_facts(2), by=founder, at=now)
    paper = make_claim(
        _facts(3, way=DOCUMENT), files=[SimpleUploadedFile("照.png", picture("PNG"))], by=founder, at=now
    )
    assert lapse_claims(on=now.date() + timedelta(days=5), at=now + timedelta(days=5)) == 0
    later = now + COUNTER_WAIT + timedelta(days=2)
    run_due_duties(at=later)
    states = {each.pk: each.state for each in Claim.objects.all()}
    assert states == {agent.pk: Claim.State.LAPSED, waiting.pk: Claim.State.LAPSED, paper.pk: Claim.State.PENDING}
    assert lapse_claims(on=later.date(), at=later) == 0
    assert Message.objects.filter(user=founder, template="ventures.claim_lapsed").count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_many_copies_sent_at_once_one_claim_comes_about(
    transactional_db: None, make_user: Callable[..., User], now: datetime
) -> None:
    founder = make_user("racer", Role.ENTREPRENEUR)

    def send(_turn: int) -> bool:
        try:
            make_claim(_facts(9), by=founder, at=now)
        except ClaimRefused:
            return False
        return True

    made = race(send, 6)
    assert sum(made) == 1
    assert (Claim.objects.count(), Party.objects.count()) == (1, 1)
