"""A party is told apart by its numbers; what is wrong is said field by field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from chuangju.kernel.models import AuditEvent, User
from chuangju.kernel.refusals import StaleForm
from chuangju.units.models import Role, Unit
from chuangju.ventures.access import parties_visible_to
from chuangju.ventures.models import Party
from chuangju.ventures.parties import (
    PartyFacts,
    PartyRefused,
    add_party,
    change_party,
    find_by_code,
    parties_with_id_number,
)
from tests.ventures import numbers

FIRM = Party.Kind.FIRM


def test_a_party_is_entered_audited_and_found_by_its_code_however_written(firm: Party) -> None:
    assert firm.is_checked
    assert firm.source == Party.Source.REGISTER
    code = numbers.credit_code(1)
    assert find_by_code(f" {code[:4].lower()} {code[4:]}") == firm
    assert find_by_code("") is None
    assert AuditEvent.objects.filter(action="ventures.party_added", object_id=str(firm.pk)).count() == 1


def test_a_person_is_found_by_the_exact_number_only_and_the_log_holds_masks(person: Party) -> None:
    number = numbers.id_number(1)
    assert parties_with_id_number(number.lower()).get() == person
    assert not parties_with_id_number(number[:-1]).exists()
    event = AuditEvent.objects.get(action="ventures.party_added", object_id=str(person.pk))
    assert number not in str(event.changes)
    assert "13812341234" not in str(event.changes)
    assert event.changes["id_number"][1].startswith(f"310***********{number[-4:]} #")


@pytest.mark.parametrize(
    ("facts", "field", "sentence"),
    [
        (PartyFacts(FIRM, " "), "name", "请填写名称"),
        (PartyFacts(FIRM, "长" * 201), "name", "200"),
        (PartyFacts("ship", "船"), "kind", "主体类型"),
        (PartyFacts(FIRM, "甲"), "credit_code", "请填写统一社会信用代码"),
        (PartyFacts(FIRM, "甲", credit_code="123"), "credit_code", "3 位"),
        (PartyFacts(FIRM, "甲", credit_code=numbers.credit_code(2, kind="92")), "kind", "个体工商户"),
        (PartyFacts(Party.Kind.PERSON, "甲", credit_code=numbers.credit_code(2)), "credit_code", "个人和团队没有"),
        (PartyFacts(Party.Kind.TEAM, "甲", id_number=numbers.id_number(3)), "id_number", "只登记个人"),
        (PartyFacts(Party.Kind.PERSON, "甲", id_number="12345678901234567X"), "id_number", "出生日期"),
        (PartyFacts(Party.Kind.PERSON, "甲", mobile="123"), "mobile", "11 位"),
        (PartyFacts(Party.Kind.TEAM, "甲", address="长" * 301), "address", "300"),
        (PartyFacts(Party.Kind.TEAM, "甲", status="asleep"), "status", "登记状态"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    facts: PartyFacts, field: str, sentence: str, clerk: User, now: datetime
) -> None:
    with pytest.raises(PartyRefused) as refused:
        add_party(facts, by=clerk, at=now)
    assert sentence in refused.value.by_field[field]
    assert not Party.objects.exists()


def test_a_day_to_come_is_refused(clerk: User, now: datetime) -> None:
    facts = PartyFacts(Party.Kind.TEAM, "甲", registered_on=now.date() + timedelta(days=1))
    with pytest.raises(PartyRefused, match="不能晚于今天"):
        add_party(facts, by=clerk, at=now)


def test_no_number_belongs_to_two(firm: Party, person: Party, clerk: User, now: datetime) -> None:
    with pytest.raises(PartyRefused) as refused:
        add_party(PartyFacts(FIRM, "乙", credit_code=numbers.credit_code(1)), by=clerk, at=now)
    assert "已登记" in refused.value.by_field["credit_code"]
    with pytest.raises(PartyRefused) as refused:
        add_party(PartyFacts(Party.Kind.PERSON, "乙", id_number=numbers.id_number(1)), by=clerk, at=now)
    assert "已登记" in refused.value.by_field["id_number"]


def test_the_database_itself_refuses_what_makes_no_sense(firm: Party, person: Party, now: datetime) -> None:
    for fields in (
        {"kind": FIRM, "credit_code": firm.credit_code},
        {"kind": FIRM, "credit_code": ""},
        {"kind": Party.Kind.PERSON, "credit_code": numbers.credit_code(9)},
        {"kind": Party.Kind.PERSON, "id_kind": Party.IdKind.RESIDENT, "id_number": numbers.id_number(1)},
        {"kind": Party.Kind.PERSON, "id_number": numbers.id_number(5)},
        {"kind": FIRM, "id_kind": Party.IdKind.RESIDENT, "id_number": numbers.id_number(6)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Party.objects.create(name="丙", source=Party.Source.REGISTER, created_at=now, **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Party.objects.filter(pk=firm.pk).update(merged_into=firm.pk)


def test_a_correction_keeps_the_former_name_and_needs_the_newest_form(firm: Party, clerk: User, now: datetime) -> None:
    facts = PartyFacts(FIRM, "上海新名科技有限公司", credit_code=numbers.credit_code(1), town=firm.town)
    change_party(firm, facts, revision=1, by=clerk, at=now)
    assert (firm.name, firm.revision) == ("上海新名科技有限公司", 2)
    former = firm.former_names.get()
    assert (former.name, former.until) == ("上海试样科技有限公司", now.date())
    with pytest.raises(StaleForm):
        change_party(firm, facts, revision=1, by=clerk, at=now)
    back = PartyFacts(FIRM, "上海试样科技有限公司", credit_code=numbers.credit_code(1), town=firm.town)
    change_party(firm, back, revision=2, by=clerk, at=now)
    assert list(firm.former_names.values_list("name", flat=True)) == ["上海新名科技有限公司"]


def test_a_correction_that_changes_nothing_leaves_no_trace(firm: Party, clerk: User, now: datetime) -> None:
    count = AuditEvent.objects.count()
    facts = PartyFacts(FIRM, firm.name, credit_code=numbers.credit_code(1), town=firm.town)
    change_party(firm, facts, revision=1, by=clerk, at=now)
    assert (AuditEvent.objects.count(), firm.revision) == (count, 1)


def test_a_clerk_of_a_town_keeps_its_own_parties_alone(
    firm: Party, town_clerk: User, town: Unit, other_town: Unit, now: datetime
) -> None:
    own = PartyFacts(FIRM, "甲", credit_code=numbers.credit_code(2), town=town)
    add_party(own, by=town_clerk, at=now)
    with pytest.raises(PartyRefused, match="本街镇"):
        add_party(PartyFacts(FIRM, "乙", credit_code=numbers.credit_code(3), town=other_town), by=town_clerk, at=now)
    moved = PartyFacts(FIRM, firm.name, credit_code=numbers.credit_code(1), town=other_town)
    with pytest.raises(PartyRefused, match="本街镇"):
        change_party(firm, moved, revision=1, by=town_clerk, at=now)
    assert Party.objects.get(pk=firm.pk).town == town


def test_who_keeps_no_parties_enters_none(firm: Party, make_user: Callable[..., User], now: datetime) -> None:
    leader = make_user("leader", Role.LEADER)
    facts = PartyFacts(FIRM, "甲", credit_code=numbers.credit_code(2))
    with pytest.raises(PartyRefused, match="权限"):
        add_party(facts, by=leader, at=now)
    with pytest.raises(PartyRefused, match="权限"):
        change_party(firm, facts, revision=1, by=leader, at=now)


def test_who_sees_which_parties(
    firm: Party,
    person: Party,
    clerk: User,
    town_clerk: User,
    other_town: Unit,
    founder: User,
    make_user: Callable[..., User],
    now: datetime,
) -> None:
    elsewhere = add_party(PartyFacts(FIRM, "乙", credit_code=numbers.credit_code(2), town=other_town), by=clerk, at=now)
    add_party(PartyFacts(Party.Kind.TEAM, "无属地团队"), by=clerk, at=now)
    assert parties_visible_to(clerk).count() == 4
    assert set(parties_visible_to(town_clerk)) == {firm, person}
    assert set(parties_visible_to(make_user("liaison", Role.LIAISON_OFFICER, unit=other_town))) == {elsewhere}
    assert parties_visible_to(make_user("leader", Role.LEADER)).count() == 4
    for outside in (founder, None, make_user("sysadmin", Role.SYSTEM_ADMINISTRATOR), make_user("a", Role.AUDITOR)):
        assert not parties_visible_to(outside).exists()
    Party.objects.filter(pk=person.pk).update(account=founder)
    assert list(parties_visible_to(founder)) == [person]
