"""Who sees a claim and its papers, and for whom somebody acts on which day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chuangju.kernel.models import User
from chuangju.units.models import Role, Unit
from chuangju.ventures.access import (
    acting_parties,
    can_read_claim,
    claims_visible_to,
)
from chuangju.ventures.claims import (
    ClaimFacts,
    confirm_claim,
    make_claim,
)
from chuangju.ventures.mergers import merge_party
from chuangju.ventures.models import Claim, Party
from chuangju.ventures.parties import PartyFacts, add_party
from tests.kernel.files import picture
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


def test_one_person_acts_for_several_firms_and_several_for_one(
    firm: Party, founder: User, clerk: User, make_user: Callable[..., User], now: datetime
) -> None:
    other = make_user("partner-in-firm", Role.ENTREPRENEUR)
    for user, place in ((founder, 1), (founder, 2), (other, 1)):
        confirm_claim(make_claim(_facts(place, name=f"企业{place}"), by=user, at=now), by=clerk, at=now)
    assert acting_parties(founder, now.date()).count() == 2
    assert list(acting_parties(other, now.date())) == [firm]


def test_an_agent_acts_from_the_first_to_the_last_day_of_the_paper(
    firm: Party, founder: User, clerk: User, now: datetime
) -> None:
    today = now.date()
    term: dict[str, Any] = {"starts_on": today, "ends_on": today + timedelta(days=30)}
    claim = make_claim(_facts(capacity=AGENT, **term), by=founder, at=now)
    confirm_claim(claim, by=clerk, at=now)
    assert acting_parties(founder, today + timedelta(days=30)).exists()
    assert not acting_parties(founder, today + timedelta(days=31)).exists()
    assert not acting_parties(founder, today - timedelta(days=1)).exists()


def test_a_merged_firm_is_acted_for_through_the_entry_that_stays(
    claim: Claim, firm: Party, founder: User, clerk: User, now: datetime
) -> None:
    confirm_claim(claim, by=clerk, at=now)
    stays = add_party(PartyFacts(Party.Kind.FIRM, "正主", credit_code=numbers.credit_code(5)), by=clerk, at=now)
    merge_party(firm, into=stays, reason="换照", by=clerk, at=now)
    assert list(acting_parties(founder, now.date())) == [stays]
    again = make_claim(_facts(1), by=clerk, at=now)
    assert again.party == stays


def test_papers_are_read_by_the_claimant_and_by_whoever_may_decide(
    firm: Party,
    founder: User,
    clerk: User,
    stranger: User,
    make_user: Callable[..., User],
    other_town: Unit,
    now: datetime,
) -> None:
    paper = SimpleUploadedFile("执照.png", picture("PNG"))
    claim = make_claim(_facts(way=DOCUMENT), files=[paper], by=founder, at=now)
    elsewhere = make_user("elsewhere", Role.CLERK, unit=other_town)
    assert can_read_claim(founder, claim)
    assert can_read_claim(clerk, claim)
    assert not can_read_claim(elsewhere, claim)
    assert not can_read_claim(stranger, claim)
    assert not can_read_claim(None, claim)


def test_a_town_sees_the_claims_to_its_firms_and_those_that_name_it(
    claim: Claim,
    founder: User,
    town_clerk: User,
    make_user: Callable[..., User],
    town: Unit,
    other_town: Unit,
    now: datetime,
) -> None:
    unplaced = make_claim(_facts(8, name="没有属地的公司", town=town), by=founder, at=now)
    Party.objects.filter(pk=unplaced.party_id).update(town=None)
    assert set(claims_visible_to(town_clerk)) == {claim, unplaced}
    assert not claims_visible_to(make_user("elsewhere", Role.CLERK, unit=other_town)).exists()
    assert set(claims_visible_to(founder)) == {claim, unplaced}
    assert not claims_visible_to(None).exists()
