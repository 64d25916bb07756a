"""A venture looks for money, banks and funds answer, and it ends with an outcome."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from chuangju.applications.financing import FinancingRefused, answer_need, close_need, post_need, working_days_between
from chuangju.applications.models import FinancingAnswer, FinancingNeed
from chuangju.kernel.models import Message, User
from chuangju.units.models import Role
from chuangju.ventures.models import Party
from tests.applications.desk import clerk_of, make_firm
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

NOW = datetime(2025, 6, 6, 10).astimezone()
LATER = datetime(2025, 6, 11, 10).astimezone()
Kind, State = FinancingAnswer.Kind, FinancingNeed.State


@pytest.fixture
def boss() -> User:
    """Who acts for the firm."""
    return make_user("boss", Role.ENTREPRENEUR)


@pytest.fixture
def firm(boss: User) -> Party:
    """A firm that looks for money."""
    return make_firm(1, founder=boss)


@pytest.fixture
def bank() -> User:
    """An officer of a bank."""
    return make_user("bank", Role.BANK_OFFICER)


def _told(**changes: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "kind": FinancingNeed.Kind.LOAN,
        "amount": 200_000_000,
        "months": 12,
        "purpose": "采购检测设备",
        "contact": "林小舟 19900000001",
        "open_until": date(2025, 7, 6),
    }
    return {**told, **changes}


def _answer(**changes: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"institution": "演示银行", "kind": Kind.OFFERED, "text": "", "amount": 100, "rate": 345}
    return {**told, **changes}


@pytest.fixture
def need(firm: Party, boss: User) -> FinancingNeed:
    """Two million yuan for a year."""
    return post_need(firm, **_told(), by=boss, at=NOW)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"amount": 0}, "大于零的金额"),
        ({"purpose": " "}, "请写明用途"),
        ({"months": 361}, "1 至 360"),
        ({"open_until": date(2025, 6, 5)}, "今天之后"),
        ({"open_until": date(2026, 6, 5)}, "半年以内"),
    ],
)
def test_a_need_says_how_much_for_what_and_until_when(
    firm: Party, boss: User, change: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(FinancingRefused, match=sentence):
        post_need(firm, **_told(**change), by=boss, at=NOW)


def test_only_who_acts_for_a_firm_posts_and_only_one_open_need_of_a_kind(need: FinancingNeed, boss: User) -> None:
    with pytest.raises(FinancingRefused, match="自己代表的企业"):
        post_need(need.party, **_told(), by=make_user("other", Role.ENTREPRENEUR), at=NOW)
    with pytest.raises(FinancingRefused, match="已在征集中"):
        post_need(need.party, **_told(), by=boss, at=NOW)
    assert post_need(need.party, **_told(kind="equity"), by=boss, at=NOW).state == State.OPEN


def test_an_answer_tells_the_venture_and_how_many_working_days_it_took(need: FinancingNeed, bank: User) -> None:
    answer = answer_need(need, **_answer(amount=150_000_000), by=bank, at=LATER)
    # Friday to Wednesday.
    assert answer.days == 3
    message = Message.objects.get(user=need.posted_by)
    assert "演示银行" in str(message.subject)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": Kind.DECLINED}, "不参与的原因"),
        ({"amount": None}, "可提供的金额"),
        ({"rate": 0}, "大于零"),
        ({"institution": " "}, "机构名称"),
    ],
)
def test_an_answer_is_complete(need: FinancingNeed, bank: User, change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(FinancingRefused, match=sentence):
        answer_need(need, **_answer(**change), by=bank, at=LATER)


def test_nobody_but_a_bank_answers_and_nobody_after_the_last_day(need: FinancingNeed, bank: User, boss: User) -> None:
    with pytest.raises(FinancingRefused, match="只有银行"):
        answer_need(need, **_answer(), by=boss, at=LATER)
    with pytest.raises(FinancingRefused, match="停止征集"):
        answer_need(need, **_answer(), by=bank, at=datetime(2025, 7, 7, 9).astimezone())


def test_it_ends_with_an_outcome_once(need: FinancingNeed, boss: User, bank: User) -> None:
    told = {"state": State.FUNDED, "funded_amount": None, "outcome": "演示银行放款"}
    with pytest.raises(FinancingRefused, match="实际落实的金额"):
        close_need(need, **told, by=boss, at=LATER)
    with pytest.raises(FinancingRefused, match="只有发布的企业和经办人"):
        close_need(need, **{**told, "funded_amount": 100}, by=bank, at=LATER)
    closed = close_need(need, **{**told, "funded_amount": 150_000_000}, by=clerk_of("kw"), at=LATER)
    assert (closed.state, closed.funded_amount) == (State.FUNDED, 150_000_000)
    with pytest.raises(FinancingRefused, match="已经结束"):
        close_need(need, **{**told, "funded_amount": 1}, by=boss, at=LATER)


def test_weekends_are_no_working_days() -> None:
    assert working_days_between(date(2025, 6, 6), date(2025, 6, 9)) == 1
    assert working_days_between(date(2025, 6, 6), date(2025, 6, 6)) == 0


def test_each_side_sees_what_is_its_own(need: FinancingNeed, bank: User, boss: User, client: Client) -> None:
    answer_need(need, **_answer(institution="甲银行"), by=bank, at=LATER)
    answer_need(need, **_answer(institution="乙基金"), by=make_user("fund", Role.BANK_OFFICER), at=LATER)
    address = f"/my/financing/{need.pk}/"
    client.force_login(boss)
    text = client.get(address).content.decode()
    assert "甲银行" in text
    assert "乙基金" in text
    client.force_login(bank)
    text = client.get(address).content.decode()
    assert "甲银行" in text
    assert "乙基金" not in text
    client.force_login(make_user("other", Role.ENTREPRENEUR))
    assert client.get(address).status_code == 404
    client.force_login(clerk_of("kw"))
    assert "2,000,000 元" not in client.get("/financing/").content.decode()
    assert "200 万元" in client.get("/financing/").content.decode()
