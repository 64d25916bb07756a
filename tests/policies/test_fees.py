"""Fees on a day: the district's entries go before the shipped list, each with its citation, taken back with a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation

from chuangju.kernel.audit import events_about
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm
from chuangju.policies.fee_list import FeeStanding, ShippedFee, shipped_fees
from chuangju.policies.fees import FeeFacts, FeeRefused, enter_fee, fee_history, fees_by_kind, fees_on, withdraw_fee
from chuangju.policies.models import FeeEntry
from chuangju.units.models import Unit
from tests.conftest import NOW
from tests.policies.life import TODAY

pytestmark = pytest.mark.django_db
KNOWN = "enterprise_registration"


def _facts(**more: object) -> FeeFacts:
    base = FeeFacts(
        fee_id=KNOWN,
        kind="registration",
        name="企业注册登记费",
        standing="abolished",
        starts_on=date(2026, 1, 1),
        document="某通知",
        document_number="某号",
    )
    return replace(base, **more)  # type: ignore[arg-type]


@pytest.fixture
def keeper(make_user: Callable[..., User], unit: Unit) -> User:
    return make_user("policy", "policy_officer", unit=unit)


def _now(fee_id: str = KNOWN, day: date = TODAY) -> object:
    return next((fee for fee in fees_on(day, FeeEntry.objects.all()) if fee.id == fee_id), None)


def test_without_entries_the_shipped_list_stands() -> None:
    fees = fees_on(TODAY, [])
    assert [fee.id for fee in fees if fee.id == KNOWN] == [KNOWN]
    assert {fee.kind.value for fee in fees} == {fee.kind for fee in shipped_fees()}
    assert [fee.entry for fee in fees] == [0] * len(fees)
    assert fees_on(date(1990, 1, 1), []) == []
    assert [kind.value for kind, _fees in fees_by_kind(fees)] == ["registration", "licence", "administration"]


def test_an_entry_goes_before_the_list_from_its_first_to_its_last_day(keeper: User) -> None:
    enter_fee(_facts(ends_on=date(2026, 12, 31)), by=keeper, at=NOW)
    said = {day: _now(day=day) for day in (date(2025, 12, 31), TODAY, date(2027, 1, 1))}
    assert [fee.standing.value for fee in said.values()] == ["suspended", "abolished", "suspended"]  # type: ignore[attr-defined]
    assert [bool(fee.entry) for fee in said.values()] == [False, True, False]  # type: ignore[attr-defined]


def test_of_two_entries_the_later_counts_and_a_new_fee_stands_under_its_class(keeper: User) -> None:
    enter_fee(_facts(fee_id="seal", kind="licence", name="刻章", standing="charged"), by=keeper, at=NOW)
    later = _facts(fee_id="seal", kind="licence", name="刻章", standing="exempt", starts_on=date(2026, 5, 1))
    enter_fee(later, by=keeper, at=NOW)
    assert _now("seal").standing == "exempt"  # type: ignore[attr-defined]
    assert _now("seal", date(2026, 4, 30)).standing == "charged"  # type: ignore[attr-defined]
    licences = dict(fees_by_kind(fees_on(TODAY, FeeEntry.objects.all())))[FeeEntry.Kind.LICENCE]
    assert licences[-1].id == "seal"


def test_taking_an_entry_back_brings_the_former_standing(keeper: User) -> None:
    entry = enter_fee(_facts(), by=keeper, at=NOW)
    with pytest.raises(FeeRefused, match="请写明原因"):
        withdraw_fee(entry, reason=" ", by=keeper, at=NOW)
    withdraw_fee(entry, reason="文号写错", by=keeper, at=NOW)
    assert _now().standing == "suspended"  # type: ignore[attr-defined]
    with pytest.raises(StaleForm):
        withdraw_fee(entry, reason="再来", by=keeper, at=NOW)
    assert [event.action for event in events_about(entry).order_by("sequence")] == [
        "policies.fee_entered",
        "policies.fee_withdrawn",
    ]
    history = fee_history(KNOWN, FeeEntry.objects.all())
    assert [line.entry is None for line in history] == [False, True]
    assert enter_fee(_facts(), by=keeper, at=NOW).pk != entry.pk


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"fee_id": "收费"}, "收费编号由小写字母"),
        ({"name": " "}, "请填写收费名称"),
        ({"ends_on": date(2025, 1, 1)}, "结束日期不能早于"),
        ({"document": "", "document_number": " ", "url": ""}, "请写明依据"),
    ],
)
def test_what_cannot_be_entered_is_refused(keeper: User, change: dict[str, object], said: str) -> None:
    with pytest.raises(FeeRefused, match=said):
        enter_fee(_facts(**change), by=keeper, at=NOW)
    assert not FeeEntry.objects.exists()


def test_two_entries_from_one_day_and_other_people_are_refused(keeper: User, liaison: User, leader: User) -> None:
    entry = enter_fee(_facts(), by=keeper, at=NOW)
    with pytest.raises(FeeRefused, match="从这一天起已有登记"):
        enter_fee(_facts(standing="charged"), by=keeper, at=NOW)
    for by in (liaison, leader):
        with pytest.raises(FeeRefused, match="只有创建办和政策主管"):
            enter_fee(_facts(starts_on=TODAY), by=by, at=NOW)
        with pytest.raises(FeeRefused, match="只有创建办和政策主管"):
            withdraw_fee(entry, reason="不对", by=by, at=NOW)


def test_a_source_that_is_not_official_shows_itself_in_both_languages(keeper: User) -> None:
    source = {"confidence": "sample", "note": {"zh": "说明", "en": "Note"}}
    standing = FeeStanding(date(2020, 1, 1), None, "exempt", {"zh": "小微企业", "en": "Small firms"}, source)
    shipped = (ShippedFee("x", "licence", {"zh": "证费", "en": "Card"}, (standing,)),)
    (fee,) = fees_on(TODAY, [], shipped)
    assert (fee.name, fee.for_whom, fee.source_note, fee.is_official) == ("证费", "小微企业", "说明", False)
    assert (fee.sign.state, fee.sign.text) == ("good", "免征")
    with translation.override("en"):
        (fee,) = fees_on(TODAY, [], shipped)
        assert (fee.name, fee.for_whom, fee.source_note) == ("Card", "Small firms", "Note")
