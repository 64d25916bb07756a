"""From saying that one acts for a firm to the clerk's decision, page by page."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from chuangju.kernel.models import User
from chuangju.units.models import Unit
from chuangju.ventures.models import Claim, Party
from chuangju.ventures.parties import PartyFacts, add_party
from tests.kernel.files import picture, upload
from tests.ventures import numbers


@pytest.fixture
def phone(founder: User) -> Client:
    """The founder, signed in."""
    client = Client()
    client.force_login(founder)
    return client


@pytest.fixture
def desk(clerk: User) -> Client:
    """The clerk, signed in."""
    client = Client()
    client.force_login(clerk)
    return client


def _form(place: int, town: Unit, **more: Any) -> dict[str, Any]:
    said = {"credit_code": numbers.credit_code(place), "name": "我的公司", "town": town.code, "way": "document"}
    return {**said, "capacity": "legal_representative", "papers": [upload("执照.jpg", picture())], **more}


def test_a_claim_goes_from_phone_to_desk_and_back(phone: Client, desk: Client, firm: Party, town: Unit) -> None:
    assert "还没有申请代表企业" in phone.get(reverse("ventures:own_ventures")).content.decode()
    answer = phone.post(reverse("ventures:claim_make"), _form(1, town), follow=True)
    assert "已提交，工作人员核实后会告知您" in answer.content.decode()
    assert firm.name not in answer.content.decode()
    claim = Claim.objects.get()
    page = phone.get(reverse("ventures:own_claim", args=[claim.pk])).content.decode()
    assert "执照.jpg" in page
    assert firm.name not in page
    assert "我的公司" in desk.get(reverse("ventures:claim_list")).content.decode()
    page = desk.get(reverse("ventures:claim_detail", args=[claim.pk])).content.decode()
    assert "名称不一致" in page
    assert firm.name in page
    assert desk.post(reverse("ventures:claim_confirm", args=[claim.pk])).status_code == 302
    page = phone.get(reverse("ventures:own_ventures")).content.decode()
    assert firm.name in page
    assert phone.get(reverse("ventures:own_party", args=[firm.pk])).status_code == 200
    again = desk.post(reverse("ventures:claim_confirm", args=[claim.pk]), follow=True)
    assert "已由他人处理" in again.content.decode()
    assert "没有待核实的申请" in desk.get(reverse("ventures:claim_list")).content.decode()
    assert "我的公司" in desk.get(reverse("ventures:claim_list"), {"show": "all"}).content.decode()


def test_a_known_and_an_unknown_code_are_answered_alike(phone: Client, firm: Party, town: Unit) -> None:
    pages: list[str] = []
    for place in (1, 2):
        phone.post(reverse("ventures:claim_make"), _form(place, town))
        claim = Claim.objects.latest("made_at")
        page = phone.get(reverse("ventures:own_claim", args=[claim.pk])).content.decode()
        pages.append(re.sub(r'[0-9a-f-]{36}|value="[^"]+"|nonce="[^"]+"|<time.*?</time>', "", page))
        assert phone.get(reverse("ventures:own_party", args=[claim.party_id])).status_code == 404
    assert firm.name not in pages[0]
    assert pages[0] == pages[1]


def test_what_is_missing_is_said_beside_its_field(phone: Client, town: Unit) -> None:
    answer = phone.post(reverse("ventures:claim_make"), _form(1, town, capacity="agent", papers=[], credit_code="123"))
    page = answer.content.decode()
    assert answer.status_code == 422
    for text in ("受托代理人请按授权委托书填写", "请上传证明材料", "我的公司"):
        assert text in page
    answer = phone.post(reverse("ventures:claim_make"), _form(1, town, credit_code="123"))
    assert "应为 18 位" in answer.content.decode()
    assert not Claim.objects.exists()


def test_a_hostile_paper_is_refused_on_the_form(phone: Client, town: Unit) -> None:
    bad = upload("执照.jpg", b"MZ\x90\x00")
    answer = phone.post(reverse("ventures:claim_make"), _form(1, town, papers=[bad]))
    assert answer.status_code == 422
    assert not Claim.objects.exists()


def test_the_same_form_sent_twice_makes_one_claim(phone: Client, town: Unit) -> None:
    for _copy in range(2):
        form = _form(1, town, papers=[], way="counter", idempotency_key="k-1")
        assert phone.post(reverse("ventures:claim_make"), form).status_code == 302
    assert Claim.objects.count() == 1


def test_a_refusal_reaches_the_founder_with_its_reason(phone: Client, desk: Client, town: Unit) -> None:
    phone.post(reverse("ventures:claim_make"), _form(5, town))
    claim = Claim.objects.get()
    address = reverse("ventures:claim_refuse", args=[claim.pk])
    assert desk.get(address).status_code == 200
    assert desk.post(address, {"reason": ""}).status_code == 422
    assert desk.post(address, {"reason": "照片不清楚"}).status_code == 302
    assert "照片不清楚" in phone.get(reverse("ventures:own_claim", args=[claim.pk])).content.decode()


def test_a_founder_withdraws_and_a_clerk_ends(phone: Client, desk: Client, town: Unit) -> None:
    for place, confirmed in ((5, False), (6, True)):
        phone.post(reverse("ventures:claim_make"), _form(place, town))
        claim = Claim.objects.latest("made_at")
        if confirmed:
            desk.post(reverse("ventures:claim_confirm", args=[claim.pk]))
            address = reverse("ventures:claim_end", args=[claim.pk])
            assert desk.get(address).status_code == 200
            assert desk.post(address, {"reason": "已离职"}).status_code == 302
        else:
            address = reverse("ventures:claim_withdraw", args=[claim.pk])
            assert phone.get(address).status_code == 200
            assert phone.post(address).status_code == 302
    assert sorted(Claim.objects.values_list("state", flat=True)) == [Claim.State.ENDED, Claim.State.WITHDRAWN]


def test_claimant_and_clerk_talk_on_the_claim(phone: Client, desk: Client, town: Unit, clerk: User) -> None:
    phone.post(reverse("ventures:claim_make"), _form(5, town))
    claim = Claim.objects.get()
    thread = reverse("units:thread", args=["ventures.claim", claim.pk])
    assert desk.post(thread, {"text": "请补一张清楚的执照照片"}).status_code == 302
    assert "请补一张清楚的执照照片" in phone.get(reverse("ventures:own_claim", args=[claim.pk])).content.decode()
    led = desk.get(reverse("ventures:own_claim", args=[claim.pk]))
    assert led.headers["Location"] == reverse("ventures:claim_detail", args=[claim.pk])


def test_another_founders_claim_does_not_exist(phone: Client, stranger: User, town: Unit) -> None:
    phone.post(reverse("ventures:claim_make"), _form(5, town))
    claim = Claim.objects.get()
    other = Client()
    other.force_login(stranger)
    for name in ("own_claim", "claim_withdraw"):
        assert other.get(reverse(f"ventures:{name}", args=[claim.pk])).status_code == 404


def test_ones_own_entry_is_shown_with_its_numbers_masked(
    phone: Client, founder: User, clerk: User, now: datetime
) -> None:
    facts = PartyFacts(Party.Kind.PERSON, "林某", id_number=numbers.id_number(4))
    own = add_party(facts, account=founder, by=clerk, at=now)
    page = phone.get(reverse("ventures:own_party", args=[own.pk])).content.decode()
    assert "310***********" in page
    assert numbers.id_number(4) not in page
    assert "查看完整号码" not in page
