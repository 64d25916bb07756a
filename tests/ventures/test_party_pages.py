"""Pages of the register as clerks and towns meet them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from chuangju.kernel.models import AuditEvent, User
from chuangju.units.models import Role, Unit
from chuangju.ventures.mergers import merge_party
from chuangju.ventures.models import Party, PartyRelation
from chuangju.ventures.parties import PartyFacts, add_party, change_party
from tests.ventures import numbers


@pytest.fixture
def desk(client: Client, clerk: User) -> Client:
    """The clerk, signed in."""
    client.force_login(clerk)
    return client


def _send(desk: Client, name: str, /, *args: Any, **data: Any) -> Any:
    return desk.post(reverse(name, args=args), data)


def _form(**more: Any) -> dict[str, Any]:
    return {
        "kind": "firm",
        "name": "上海新样贸易有限公司",
        "credit_code": numbers.credit_code(2),
        "status": "active",
        **more,
    }


def test_the_list_finds_by_name_pinyin_former_name_and_whole_code(
    desk: Client, firm: Party, person: Party, clerk: User, now: datetime
) -> None:
    facts = PartyFacts(Party.Kind.FIRM, "上海新名科技有限公司", credit_code=numbers.credit_code(1), town=firm.town)
    change_party(firm, facts, revision=1, by=clerk, at=now)

    def found(text: str) -> bool:
        return "上海新名科技有限公司" in desk.get(reverse("ventures:party_list"), {"q": text}).content.decode()

    for text in ("新名", "试样", numbers.credit_code(1).lower(), "shanghaixinming", "shxm"):
        assert found(text), text
    for text in (numbers.credit_code(1)[:-1], "不存在", "beijing"):
        assert not found(text), text


def test_numbers_of_people_are_masked_on_every_page_and_in_every_export(desk: Client, person: Party) -> None:
    number = numbers.id_number(1)
    for address in (
        reverse("ventures:party_list"),
        reverse("ventures:party_list") + "?export=csv",
        reverse("ventures:party_detail", args=[person.pk]),
        reverse("ventures:party_change", args=[person.pk]),
    ):
        page = desk.get(address).content.decode()
        assert number not in page
        assert "13812341234" not in page
        assert "310***********" in page


def test_an_id_number_is_looked_up_by_a_form_and_never_by_an_address(desk: Client, person: Party) -> None:
    answer = _send(desk, "ventures:party_find", number=numbers.id_number(1).lower())
    assert answer.headers["Location"] == reverse("ventures:party_detail", args=[person.pk])
    for number in (numbers.id_number(2), ""):
        answer = _send(desk, "ventures:party_find", number=number)
        assert answer.headers["Location"] == reverse("ventures:party_list")
    page = desk.get(reverse("ventures:party_list"), {"q": numbers.id_number(1)})
    assert person.name not in page.content.decode()


def test_a_party_is_entered_and_what_is_wrong_stands_beside_its_field(desk: Client, firm: Party) -> None:
    answer = _send(desk, "ventures:party_add", **_form(credit_code=numbers.credit_code(1), mobile="12"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "该统一社会信用代码已登记" in page
    assert "手机号应为 11 位数字" in page
    assert "上海新样贸易有限公司" in page
    answer = _send(desk, "ventures:party_add", **_form(town=firm.town.code if firm.town else ""))
    party = Party.objects.get(credit_code=numbers.credit_code(2))
    assert answer.headers["Location"] == reverse("ventures:party_detail", args=[party.pk])
    assert party.town == firm.town


def test_a_correction_leaves_numbers_alone_that_were_not_typed(desk: Client, person: Party) -> None:
    form = {"kind": "person", "name": "王小明二", "status": "active", "revision": person.revision, "town": "310112101"}
    assert _send(desk, "ventures:party_change", person.pk, **form).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.id_number, person.mobile) == ("王小明二", numbers.id_number(1), "13812341234")
    assert _send(desk, "ventures:party_change", person.pk, **form).status_code == 409


def test_a_party_page_shows_relations_history_and_who_acts(desk: Client, firm: Party, person: Party) -> None:
    answer = _send(
        desk,
        "ventures:relation_add",
        firm.pk,
        relation="to:legal_representative",
        other=numbers.id_number(1),
        starts_on="2024-03-01",
    )
    assert answer.status_code == 302
    page = desk.get(reverse("ventures:party_detail", args=[firm.pk])).content.decode()
    for text in ("王小明", "法定代表人", "2024-03-01", "还没有人申请代表它", "登记主体"):
        assert text in page
    relation = PartyRelation.objects.get()
    assert (relation.from_party, relation.to_party) == (person, firm)
    answer = _send(desk, "ventures:relation_end", relation.pk, last_day=date(2025, 12, 31).isoformat())
    assert answer.status_code == 302
    assert "已结束" in desk.get(reverse("ventures:party_detail", args=[person.pk])).content.decode()
    assert _send(desk, "ventures:relation_remove", relation.pk, reason="登记错了").status_code == 302
    assert not PartyRelation.objects.exists()


@pytest.mark.parametrize("other", ["", "没有这家", "91310112000000000X"])
def test_an_unknown_other_side_is_said_and_nothing_typed_is_lost(desk: Client, firm: Party, other: str) -> None:
    answer = _send(desk, "ventures:relation_add", firm.pk, relation="to:employee", other=other, starts_on="2024-03-01")
    assert answer.status_code == 422
    assert "2024-03-01" in answer.content.decode()


def test_a_shareholder_is_entered_with_a_share_in_per_cent(desk: Client, firm: Party, person: Party) -> None:
    form = {"relation": "from:shareholder", "other": firm.name, "share": "33.50"}
    assert _send(desk, "ventures:relation_add", person.pk, **form).status_code == 302
    assert PartyRelation.objects.get().share == 3350
    assert "33.5%" in desk.get(reverse("ventures:party_detail", args=[firm.pk])).content.decode()


def test_a_duplicate_is_merged_out_of_the_list_and_parted_again(
    desk: Client, firm: Party, clerk: User, now: datetime
) -> None:
    twice = add_party(PartyFacts(Party.Kind.FIRM, "重复的企业", credit_code=numbers.credit_code(3)), by=clerk, at=now)
    answer = _send(desk, "ventures:party_merge", twice.pk, other="nobody", reason="重复")
    assert "没有找到对方主体" in answer.content.decode()
    answer = _send(desk, "ventures:party_merge", twice.pk, other=numbers.credit_code(1), reason="重复")
    assert answer.headers["Location"] == reverse("ventures:party_detail", args=[firm.pk])
    assert "重复的企业" in desk.get(reverse("ventures:party_detail", args=[firm.pk])).content.decode()
    assert "重复的企业" not in desk.get(reverse("ventures:party_list")).content.decode()
    for query in ({"entry": "merged"}, {"q": "重复"}):
        assert "已并入" in desk.get(reverse("ventures:party_list"), query).content.decode()
    assert _send(desk, "ventures:party_part", twice.pk, reason="不是同一企业").status_code == 302
    assert "重复的企业" in desk.get(reverse("ventures:party_list")).content.decode()


def test_a_town_meets_its_own_parties_and_404_for_others(
    client: Client, firm: Party, make_user: Callable[..., User], other_town: Unit, clerk: User, now: datetime
) -> None:
    client.force_login(make_user("elsewhere", Role.CLERK, unit=other_town))
    assert firm.name not in client.get(reverse("ventures:party_list")).content.decode()
    for name in ("party_detail", "party_change", "party_merge", "relation_add"):
        assert client.get(reverse(f"ventures:{name}", args=[firm.pk])).status_code == 404
    own = add_party(PartyFacts(Party.Kind.TEAM, "本镇团队", town=other_town), by=clerk, at=now)
    merged = add_party(PartyFacts(Party.Kind.TEAM, "另一个", town=other_town), by=clerk, at=now)
    merge_party(merged, into=own, reason="重复", by=clerk, at=now)
    page = client.get(reverse("ventures:party_detail", args=[merged.pk])).content.decode()
    assert "本主体已并入" in page
    assert reverse("ventures:party_part", args=[merged.pk]) not in page


def test_the_page_of_a_party_asks_a_constant_number_of_queries(
    desk: Client, firm: Party, clerk: User, now: datetime, django_assert_max_num_queries: Any
) -> None:
    for place in range(12):
        other = add_party(PartyFacts(Party.Kind.PERSON, f"员工{place}"), by=clerk, at=now)
        PartyRelation.objects.create(
            from_party=other, to_party=firm, kind=PartyRelation.Kind.EMPLOYEE, source="register", created_at=now
        )
    with django_assert_max_num_queries(22):
        desk.get(reverse("ventures:party_detail", args=[firm.pk]))


def test_a_number_is_seen_in_full_once_with_a_reason(desk: Client, person: Party, founder: User) -> None:
    address = reverse("units:unmask", args=["ventures-party-id_number", person.pk])
    page = desk.get(reverse("ventures:party_detail", args=[person.pk])).content.decode()
    assert address in page
    back = reverse("ventures:party_detail", args=[person.pk])
    assert desk.post(f"{address}?next={back}", {"reason": "查"}).status_code == 422
    answer = desk.post(f"{address}?next={back}", {"reason": "电话核对申请材料"}, follow=True)
    shown = answer.content.decode()
    assert numbers.id_number(1) in shown
    assert back in shown
    assert numbers.id_number(1) not in str(desk.session.items())
    assert numbers.id_number(1) not in desk.get(reverse("units:unmasked"), follow=True).content.decode()
    assert AuditEvent.objects.get(action="kernel.value_unmasked").reason == "电话核对申请材料"
    stranger = Client()
    stranger.force_login(founder)
    assert stranger.get(address).status_code == 404
    assert desk.get(reverse("units:unmask", args=["ventures-party-name", person.pk])).status_code == 404
    assert desk.get(reverse("units:unmask", args=["ventures-party-id_number", "1"])).status_code == 404
