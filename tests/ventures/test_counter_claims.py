"""Somebody without an account at the counter: the clerk enters person and claim, and the mobile opens the account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from chuangju.kernel.mobiles import set_mobile, user_with_mobile
from chuangju.kernel.models import AuditEvent, Message, User
from chuangju.units.access import roles_of
from chuangju.units.accounts import AccountRefused
from chuangju.units.models import Unit
from chuangju.ventures.access import acting_parties
from chuangju.ventures.claims import ClaimFacts, ClaimRefused
from chuangju.ventures.counter_claims import CounterPerson, enter_claim
from chuangju.ventures.models import Claim, Party
from tests.kernel.files import picture, upload
from tests.ventures import numbers

MOBILE = "13812345678"
pytestmark = pytest.mark.django_db


def facts(town: Unit, place: int = 1, **given: Any) -> ClaimFacts:
    said = {"credit_code": numbers.credit_code(place), "name": "上海试样科技有限公司", "town": town}
    return ClaimFacts(**{**said, "capacity": Claim.Capacity.LEGAL_REPRESENTATIVE, "way": Claim.Way.COUNTER, **given})


def somebody(**given: Any) -> CounterPerson:
    return CounterPerson(**{"name": "林 小舟", "mobile": MOBILE, "has_consented": True, **given})


def test_the_person_has_an_account_and_acts_for_the_firm(clerk: User, firm: Party, town: Unit, now: datetime) -> None:
    files = [upload("执照.jpg", picture())]
    claim = enter_claim(somebody(), facts(town), files=files, by=clerk, at=now)
    user = user_with_mobile(MOBILE)
    assert user is not None
    assert (user.name, user.has_usable_password()) == ("林 小舟", False)
    assert roles_of(user, now.date()) == {"entrepreneur"}
    assert (claim.user, claim.state, claim.way, claim.decided_by) == (user, "confirmed", "counter", clerk)
    assert list(acting_parties(user, now.date())) == [firm]
    assert claim.attachments.count() == 1
    told = AuditEvent.objects.filter(action__in=["units.founder_registered", "ventures.claim_made"])
    assert {event.actor for event in told} == {clerk}
    assert set(Message.objects.filter(user=user).values_list("template", flat=True)) == {
        "units.welcome",
        "ventures.claim_confirmed",
    }


def test_whoever_has_an_account_by_this_mobile_keeps_it(
    clerk: User, founder: User, firm: Party, town: Unit, now: datetime
) -> None:
    set_mobile(founder, mobile=MOBILE, by=None, at=now)
    claim = enter_claim(somebody(name=founder.name), facts(town), by=clerk, at=now)
    assert claim.user == founder
    with pytest.raises(ClaimRefused, match="此人对该企业已有"):
        enter_claim(somebody(name=founder.name), facts(town), by=clerk, at=now)


def test_what_cannot_be_entered_leaves_nothing(
    clerk: User, town_clerk: User, liaison: User, other_town: Unit, town: Unit, now: datetime
) -> None:
    set_mobile(liaison, mobile="13900000000", by=None, at=now)
    set_mobile(clerk, mobile="13900000001", by=None, at=now)
    before = User.objects.count()
    for person, sentence in (
        (somebody(has_consented=False), "同意"),
        (somebody(name=" "), "姓名"),
        (somebody(mobile="13900000000", name=liaison.name), "其他账号"),
        (somebody(mobile="13900000001", name=clerk.name), "自己"),
    ):
        with pytest.raises(AccountRefused, match=sentence):
            enter_claim(person, facts(town), by=clerk, at=now)
    with pytest.raises(ClaimRefused, match="权限"):
        enter_claim(somebody(), facts(town), by=liaison, at=now)
    with pytest.raises(ClaimRefused, match="权限"):
        enter_claim(somebody(), facts(other_town, place=2), by=town_clerk, at=now)
    assert (User.objects.count(), Claim.objects.count(), Party.objects.count()) == (before, 0, 0)


def test_the_page_asks_for_person_and_firm_and_says_how_to_sign_in(
    client: Client, clerk: User, firm: Party, town: Unit
) -> None:
    client.force_login(clerk)
    address = reverse("ventures:claim_counter")
    assert address in client.get(reverse("ventures:claim_list")).content.decode()
    form = {"person": "林小舟", "mobile": MOBILE, "has_consented": "on", "credit_code": numbers.credit_code(1)}
    form |= {"name": firm.name, "town": town.code, "capacity": "legal_representative"}
    refused = client.post(address, {**form, "mobile": "12"})
    assert (refused.status_code, 'value="林小舟"' in refused.content.decode()) == (422, True)
    agent = client.post(address, {**form, "capacity": "agent"})
    assert "按授权委托书填写" in agent.content.decode()
    done = client.post(address, {**form, "papers": [upload("执照.jpg", picture())]}, follow=True)
    assert "林小舟可以代表上海试样科技有限公司" in done.content.decode()
    assert Claim.objects.get().state == Claim.State.CONFIRMED
