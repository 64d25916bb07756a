"""Two entries of one body become one by pointing, and two again by pointing no more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from chuangju.kernel.models import AuditEvent, User
from chuangju.ventures.mergers import MergerRefused, merge_party, part_party
from chuangju.ventures.models import Party
from chuangju.ventures.parties import PartyFacts, add_party, find_by_code
from tests.ventures import numbers


@pytest.fixture
def make_firm(clerk: User, now: datetime) -> Callable[[int], Party]:
    def add(place: int) -> Party:
        facts = PartyFacts(Party.Kind.FIRM, f"企业{place}", credit_code=numbers.credit_code(place))
        return add_party(facts, by=clerk, at=now)

    return add


def test_a_merger_keeps_both_numbers_and_is_taken_back_without_loss(
    make_firm: Callable[[int], Party], clerk: User, now: datetime
) -> None:
    first, second = make_firm(2), make_firm(3)
    merge_party(second, into=first, reason="换照后重复登记", by=clerk, at=now)
    assert set(Party.objects.standing()) == {first}
    assert find_by_code(numbers.credit_code(3)) == second
    assert second.merged_into == first
    event = AuditEvent.objects.get(action="ventures.party_merged")
    assert (event.reason, event.about_id) == ("换照后重复登记", str(first.pk))
    part_party(second, reason="不是同一企业", by=clerk, at=now)
    assert set(Party.objects.standing()) == {first, second}
    assert AuditEvent.objects.filter(action="ventures.party_parted").count() == 1


def test_what_cannot_be_one_stays_two(
    make_firm: Callable[[int], Party],
    person: Party,
    clerk: User,
    founder: User,
    make_user: Callable[..., User],
    now: datetime,
) -> None:
    first, second, third = make_firm(2), make_firm(3), make_firm(4)

    def refused(gone: Party, stays: Party, sentence: str, reason: str = "重复") -> None:
        with pytest.raises(MergerRefused, match=sentence):
            merge_party(gone, into=stays, reason=reason, by=clerk, at=now)

    refused(first, first, "自身")
    refused(first, person, "类型不同")
    refused(first, second, "依据", reason=" ")
    merge_party(second, into=first, reason="重复", by=clerk, at=now)
    refused(second, third, "已并入其他主体")
    refused(third, second, "已并入其他主体")
    refused(first, third, "已有其他主体并入它")
    other = add_party(PartyFacts(Party.Kind.PERSON, "王小明"), by=clerk, at=now)
    Party.objects.filter(pk=person.pk).update(account=founder)
    Party.objects.filter(pk=other.pk).update(account=make_user("somebody"))
    refused(person, other, "本人账号")


def test_parting_needs_a_merger_and_a_reason(make_firm: Callable[[int], Party], clerk: User, now: datetime) -> None:
    first, second = make_firm(2), make_firm(3)
    with pytest.raises(MergerRefused, match="没有并入"):
        part_party(second, reason="x", by=clerk, at=now)
    merge_party(second, into=first, reason="重复", by=clerk, at=now)
    with pytest.raises(MergerRefused, match="原因"):
        part_party(second, reason="", by=clerk, at=now)


def test_a_town_merges_nothing(make_firm: Callable[[int], Party], clerk: User, town_clerk: User, now: datetime) -> None:
    first, second = make_firm(2), make_firm(3)
    with pytest.raises(MergerRefused, match="权限"):
        merge_party(second, into=first, reason="重复", by=town_clerk, at=now)
    merge_party(second, into=first, reason="重复", by=clerk, at=now)
    with pytest.raises(MergerRefused, match="权限"):
        part_party(second, reason="x", by=town_clerk, at=now)
