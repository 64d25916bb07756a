"""Records of policies: who opens and corrects them, what they are called, and how they are given up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from chuangju.kernel.audit import events_about
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm
from chuangju.policies.making import MakingRefused, RecordFacts, abandon_record, change_record, open_record
from chuangju.policies.models import PolicyRecord
from chuangju.units.models import Unit
from tests.conftest import NOW
from tests.policies.life import entered, issued, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(make_user: Callable[..., User], unit: Unit) -> User:
    return make_user("policy", "policy_officer", unit=unit)


def _facts(unit: Unit, **more: object) -> RecordFacts:
    return replace(RecordFacts(policy_id="rent_help", title="租金办法", unit=unit), **more)  # type: ignore[arg-type]


def test_a_policy_officer_opens_a_record_for_the_own_unit_and_the_log_keeps_it(keeper: User, unit: Unit) -> None:
    record = open_record(_facts(unit, title="  租金   办法 "), by=keeper, at=NOW)
    assert (record.title, record.state, record.stage, record.key) == ("租金 办法", "making", "draft", "rent_help")
    assert [event.action for event in events_about(record)] == ["policies.record_opened"]
    assert not record.holds_on(NOW.date())


def test_others_open_none_and_the_office_opens_any(
    keeper: User, office: User, liaison: User, leader: User, other_unit: Unit, unit: Unit
) -> None:
    for by, place in ((keeper, other_unit), (liaison, unit), (leader, unit)):
        with pytest.raises(MakingRefused, match="只能为本单位"):
            open_record(_facts(place), by=by, at=NOW)
    assert open_record(_facts(other_unit), by=office, at=NOW).unit == other_unit


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"policy_id": "租金"}, "政策编号由小写字母"),
        ({"policy_id": "9rent"}, "政策编号由小写字母"),
        ({"title": "  "}, "请填写政策名称"),
        ({"title": "长" * 201}, "不能超过 200 字"),
    ],
)
def test_what_cannot_be_a_record_is_refused(keeper: User, unit: Unit, change: dict[str, str], said: str) -> None:
    with pytest.raises(MakingRefused, match=said):
        open_record(_facts(unit, **change), by=keeper, at=NOW)
    assert not PolicyRecord.objects.exists()


def test_one_policy_has_one_record_in_making_and_one_for_each_version(keeper: User, unit: Unit) -> None:
    opened(keeper, unit)
    with pytest.raises(MakingRefused, match="正在制定的档案"):
        opened(keeper, unit)
    entered("other", version="2024")
    with pytest.raises(MakingRefused, match="这个版本已有档案"):
        opened(keeper, unit, "other", version="2024")
    with pytest.raises(IntegrityError), transaction.atomic():
        entered("other", version="2024")


def test_only_an_issued_policy_can_be_replaced(keeper: User, unit: Unit) -> None:
    old = opened(keeper, unit, "old")
    with pytest.raises(MakingRefused, match="只能替代已印发"):
        opened(keeper, unit, replaces=old)


def test_a_record_is_corrected_by_its_keeper_with_the_change_in_the_log(
    keeper: User, liaison: User, unit: Unit, other_unit: Unit
) -> None:
    record = opened(keeper, unit)
    facts = _facts(unit, title="新名称", issuer="区政府")
    changed = change_record(record, facts, revision=1, by=keeper, at=NOW)
    assert (changed.title, changed.issuer, changed.revision) == ("新名称", "区政府", 2)
    event = events_about(record).order_by("-sequence")[0]
    assert event.action == "policies.record_changed"
    with pytest.raises(StaleForm):
        change_record(record, facts, revision=1, by=keeper, at=NOW)
    with pytest.raises(MakingRefused, match="没有任何改动"):
        change_record(record, facts, revision=2, by=keeper, at=NOW)
    with pytest.raises(MakingRefused, match="只有责任单位"):
        change_record(record, facts, revision=2, by=liaison, at=NOW)
    with pytest.raises(MakingRefused, match="转给其他单位"):
        change_record(record, replace(facts, unit=other_unit), revision=2, by=keeper, at=NOW)


def test_id_and_version_of_the_catalogue_stay_and_the_level_once_issued(keeper: User, unit: Unit) -> None:
    shipped = entered("shipped", unit=unit)
    with pytest.raises(MakingRefused, match="已有政策文件"):
        change_record(shipped, _facts(unit, version="2024"), revision=1, by=keeper, at=NOW)
    same = _facts(unit, policy_id="shipped", version="2024")
    assert change_record(shipped, same, revision=1, by=keeper, at=NOW).title == "租金办法"
    done = issued(keeper, unit)
    facts = _facts(unit, version=done.version, level="city")
    with pytest.raises(MakingRefused, match="不能再改层级"):
        change_record(done, facts, revision=done.revision, by=keeper, at=NOW)


def test_the_making_is_given_up_with_a_reason(keeper: User, liaison: User, unit: Unit) -> None:
    record = opened(keeper, unit)
    with pytest.raises(MakingRefused, match="请写明原因"):
        abandon_record(record, reason=" ", by=keeper, at=NOW)
    with pytest.raises(MakingRefused, match="只有责任单位"):
        abandon_record(record, reason="不做了", by=liaison, at=NOW)
    gone = abandon_record(record, reason="并入另一项政策", by=keeper, at=NOW)
    assert gone.state == PolicyRecord.State.ABANDONED
    assert events_about(record).order_by("-sequence")[0].reason == "并入另一项政策"
    with pytest.raises(MakingRefused, match="终止制定"):
        abandon_record(record, reason="再一次", by=keeper, at=NOW)
    assert opened(keeper, unit).pk != record.pk


def test_a_shipped_record_without_a_unit_is_kept_by_the_office_alone(keeper: User, office: User, unit: Unit) -> None:
    record = entered("shipped", unit_printed="市某局")
    assert record.shown_unit == "市某局"
    facts = _facts(unit, policy_id="shipped", version="2024")
    with pytest.raises(MakingRefused, match="只有责任单位"):
        change_record(record, facts, revision=1, by=keeper, at=NOW)
    assert change_record(record, facts, revision=1, by=office, at=NOW).unit == unit
