"""What is missing is asked for once; the promised days stand still until the claimant brings it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from chuangju.kernel.clocks import ClockRefused
from chuangju.kernel.models import AuditEvent, Message, User
from chuangju.ventures.claim_clocks import read_review
from chuangju.ventures.claim_papers import MOST_PAPERS, add_papers, ask_for_papers
from chuangju.ventures.claims import ClaimFacts, ClaimRefused, confirm_claim, make_claim, withdraw_claim
from chuangju.ventures.models import Claim, Party
from tests.kernel.files import picture
from tests.ventures import numbers


def paper(name: str = "执照.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture())


@pytest.fixture
def claim(firm: Party, founder: User, now: datetime) -> Claim:
    """A claim with its paper, made on Monday 15 June 2026."""
    facts = ClaimFacts(
        credit_code=numbers.credit_code(1),
        name=firm.name,
        capacity=Claim.Capacity.LEGAL_REPRESENTATIVE,
        way=Claim.Way.DOCUMENT,
        town=firm.town,
    )
    return make_claim(facts, files=[paper()], by=founder, at=now)


def used(claim: Claim, day: date) -> int:
    reading = read_review(Claim.objects.get(pk=claim.pk), on=day)
    assert reading is not None
    return reading.used


def test_the_promised_days_stand_still_while_papers_are_awaited(
    claim: Claim, clerk: User, founder: User, now: datetime
) -> None:
    ask_for_papers(claim, missing="授权委托书原件照片", by=clerk, at=now + timedelta(days=1))
    message = Message.objects.get(template="ventures.claim_papers_asked")
    assert (message.user, "授权委托书原件照片" in message.body) == (founder, True)
    assert used(claim, date(2026, 6, 24)) == 1
    add_papers(claim, files=[paper("委托书.jpg")], by=founder, at=now + timedelta(days=9))
    # Brought on Wednesday the 24th; Thursday is the second day that counts.
    assert used(claim, date(2026, 6, 25)) == 2
    assert claim.attachments.count() == 2
    confirm_claim(claim, by=clerk, at=now + timedelta(days=10))
    reading = read_review(claim, on=date(2026, 12, 1))
    assert reading is not None
    assert (reading.used, reading.is_stopped) == (2, True)
    assert (
        AuditEvent.objects.filter(action__in=("ventures.claim_papers_asked", "ventures.claim_papers_added")).count()
        == 2
    )


def test_asking_twice_is_refused_and_so_is_asking_for_nothing(claim: Claim, clerk: User, now: datetime) -> None:
    with pytest.raises(ClaimRefused, match="写明"):
        ask_for_papers(claim, missing=" \n ", by=clerk, at=now)
    with pytest.raises(ClaimRefused, match="写明"):
        ask_for_papers(claim, missing="缺" * 201, by=clerk, at=now)
    ask_for_papers(claim, missing="执照", by=clerk, at=now)
    with pytest.raises(ClockRefused, match="已经暂停"):
        ask_for_papers(claim, missing="委托书", by=clerk, at=now)


def test_a_claim_for_the_counter_has_no_clock(firm: Party, founder: User, clerk: User, now: datetime) -> None:
    facts = ClaimFacts(
        credit_code=numbers.credit_code(1),
        name=firm.name,
        capacity=Claim.Capacity.EMPLOYEE,
        way=Claim.Way.COUNTER,
        town=firm.town,
    )
    claim = make_claim(facts, by=founder, at=now)
    assert read_review(claim, on=now.date()) is None
    with pytest.raises(ClaimRefused, match="当面"):
        ask_for_papers(claim, missing="执照", by=clerk, at=now)


def test_only_the_claimant_adds_papers_and_only_while_it_is_open(
    claim: Claim, clerk: User, founder: User, now: datetime
) -> None:
    with pytest.raises(ClaimRefused, match="本人"):
        add_papers(claim, files=[paper()], by=clerk, at=now)
    with pytest.raises(ClaimRefused, match="选择"):
        add_papers(claim, files=[], by=founder, at=now)
    with pytest.raises(ClaimRefused, match="最多"):
        add_papers(claim, files=[paper(f"{n}.jpg") for n in range(MOST_PAPERS)], by=founder, at=now)
    withdraw_claim(claim, by=founder, at=now)
    with pytest.raises(ClaimRefused, match="已经处理"):
        add_papers(claim, files=[paper()], by=founder, at=now)


def test_clerk_asks_and_founder_brings_in_the_browser(
    claim: Claim, clerk: User, founder: User, client: Client, clock: Any
) -> None:
    client.force_login(clerk)
    page = client.get(f"/staff/claims/{claim.pk}/").content.decode()
    assert "剩 5 个工作日" in page
    answer = client.post(f"/staff/claims/{claim.pk}/papers/", {"missing": "加盖公章的委托书"}, follow=True)
    assert "已暂停：加盖公章的委托书" in answer.content.decode()
    assert client.post(f"/staff/claims/{claim.pk}/papers/", {"missing": ""}).status_code == 422
    client.force_login(founder)
    page = client.get(f"/account/ventures/claims/{claim.pk}/").content.decode()
    assert "还缺：加盖公章的委托书" in page
    assert client.post(f"/account/ventures/claims/{claim.pk}/papers/", {}).status_code == 422
    answer = client.post(f"/account/ventures/claims/{claim.pk}/papers/", {"papers": paper()}, follow=True)
    assert "已补充" in answer.content.decode()
    assert "最迟" in answer.content.decode()
