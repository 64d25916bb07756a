"""Facts of parties: recorded with their source, chosen by what counts, disputed, and read as rules take them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from chuangju.kernel.models import AuditEvent, User
from chuangju.units.models import Unit
from chuangju.ventures.facts import (
    FactRefused,
    dispute_fact,
    facts_of,
    known_facts,
    public_facts_of,
    record_fact,
    settle_dispute,
)
from chuangju.ventures.memberships import MembershipRefused, is_on_list, join_list, leave_list, lists_of
from chuangju.ventures.models import Fact, ListMembership, Party
from chuangju.ventures.parties import PartyFacts, add_party
from chuangju.ventures.relations import add_relation
from tests.ventures import numbers

ON = date(2026, 3, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def firm(town: Unit, clerk: User, now: datetime) -> Party:
    """A firm that a clerk has entered."""
    facts = PartyFacts(
        kind=Party.Kind.FIRM,
        name="甲公司",
        credit_code=numbers.credit_code(1),
        town=town,
        registered_on=date(2024, 5, 2),
    )
    return add_party(facts, source=Party.Source.REGISTER, by=clerk, at=now)


@pytest.fixture
def person(clerk: User, now: datetime) -> Party:
    """A person whose day of birth stands in the number."""
    facts = PartyFacts(kind=Party.Kind.PERSON, name="张三", id_number=numbers.id_number(1))
    return add_party(facts, source=Party.Source.REGISTER, by=clerk, at=now)


def _record(party: Party, key: str, value: object, at: datetime, **more: object) -> Fact:
    return record_fact(party, key, value, source="人社", by=None, at=at, **more)  # type: ignore[arg-type]


def test_the_entry_itself_gives_what_the_register_knows(firm: Party) -> None:
    assert facts_of(firm, on=ON) == {
        "id": firm.credit_code,
        "name": "甲公司",
        "town": "310112101",
        "registered_on": date(2024, 5, 2),
        "entity_type": "company",
        "status": "active",
    }


def test_recorded_values_are_typed_as_the_dictionary_says(firm: Party, now: datetime) -> None:
    _record(firm, "monthly_rent", "3000元", now)
    _record(firm, "registered_on", "2024-05-03", now)
    _record(firm, "employees", [{"residence": "city", "hired_on": "2024-06-01", "insured_months": 7}], now)
    facts = facts_of(firm, on=ON)
    assert facts["monthly_rent"] == 300_000
    assert facts["registered_on"] == date(2024, 5, 3)
    assert facts["employees"][0]["hired_on"] == date(2024, 6, 1)
    assert facts["employees"][0]["groups"] is None


def test_what_was_checked_counts_before_what_is_said_and_later_before_earlier(firm: Party, now: datetime) -> None:
    _record(firm, "staff_count", 3, now, is_certified=True, valid_from=date(2025, 1, 1))
    _record(firm, "staff_count", 9, now, valid_from=date(2026, 1, 1))
    assert facts_of(firm, on=ON)["staff_count"] == 3
    _record(firm, "staff_count", 4, now, is_certified=True, valid_from=date(2026, 1, 1))
    assert facts_of(firm, on=ON)["staff_count"] == 4
    assert facts_of(firm, on=date(2025, 6, 1))["staff_count"] == 3


def test_a_value_counts_only_in_its_time(firm: Party, now: datetime) -> None:
    _record(firm, "staff_count", 3, now, valid_from=date(2025, 1, 1), valid_to=date(2025, 12, 31))
    assert "staff_count" not in facts_of(firm, on=ON)
    assert facts_of(firm, on=date(2025, 12, 31))["staff_count"] == 3


def test_a_disputed_value_is_unknown_until_it_is_settled(firm: Party, clerk: User, now: datetime) -> None:
    fact = _record(firm, "staff_count", 3, now)
    dispute_fact(fact, reason="实际为 5 人", by=clerk, at=now)
    assert "staff_count" not in facts_of(firm, on=ON)
    assert known_facts(firm, on=ON)["staff_count"].is_disputed
    with pytest.raises(FactRefused):
        dispute_fact(fact, reason="再次", by=clerk, at=now)
    settle_dispute(fact, reason="经核实无误", by=clerk, at=now)
    assert facts_of(firm, on=ON)["staff_count"] == 3
    for refused in (
        lambda: settle_dispute(fact, reason="x", by=clerk, at=now),
        lambda: dispute_fact(fact, reason=" ", by=clerk, at=now),
        lambda: settle_dispute(fact, reason=" ", by=clerk, at=now),
    ):
        with pytest.raises(FactRefused):
            refused()


def test_a_firm_knows_what_is_known_of_its_founder(firm: Party, person: Party, clerk: User, now: datetime) -> None:
    add_relation(
        person, firm, kind="legal_representative", starts_on=None, ends_on=None, source="register", by=clerk, at=now
    )
    _record(person, "founder_first_venture", True, now)
    _record(person, "founder_grants", [{"policy": "first_startup_grant", "amount": 800_000}], now)
    _record(person, "staff_count", 99, now)
    facts = facts_of(firm, on=ON)
    assert facts["founder_first_venture"] is True
    assert facts["founder_grants"][0]["policy"] == "first_startup_grant"
    assert facts["founder_born_on"].year > 1900
    assert "staff_count" not in facts
    assert facts_of(person, on=ON)["founder_born_on"] == facts["founder_born_on"]
    _record(firm, "founder_first_venture", False, now)
    assert facts_of(firm, on=ON)["founder_first_venture"] is False


def test_two_founders_are_nobody_in_particular(firm: Party, person: Party, clerk: User, now: datetime) -> None:
    other = add_party(
        PartyFacts(kind=Party.Kind.PERSON, name="李四", id_number=numbers.id_number(2)),
        source="register",
        by=clerk,
        at=now,
    )
    for one in (person, other):
        add_relation(one, firm, kind="founder", starts_on=None, ends_on=None, source="register", by=clerk, at=now)
    assert "founder_born_on" not in facts_of(firm, on=ON)


def test_a_stranger_sees_only_what_the_register_publishes(firm: Party, now: datetime) -> None:
    _record(firm, "turnover_year", 5, now)
    _record(firm, "industry", "6510", now)
    assert set(public_facts_of(firm, on=ON)) == {
        "id",
        "name",
        "town",
        "registered_on",
        "entity_type",
        "status",
        "industry",
    }


@pytest.mark.parametrize(
    ("key", "value"),
    [("moon", 1), ("staff_count", "many"), ("staff_count", -1), ("town", "310199001"), ("registered_on", "2024-02-31")],
)
def test_what_is_no_value_of_the_dictionary_is_refused(firm: Party, now: datetime, key: str, value: object) -> None:
    with pytest.raises(FactRefused) as refused:
        _record(firm, key, value, now)
    assert refused.value.sentence
    with translation.override("en"), pytest.raises(FactRefused) as refused:
        _record(firm, key, value, now)
    assert refused.value.sentence


def test_source_and_term_are_asked_for(firm: Party, now: datetime) -> None:
    with pytest.raises(FactRefused):
        record_fact(firm, "staff_count", 1, source=" ", by=None, at=now)
    with pytest.raises(FactRefused):
        _record(firm, "staff_count", 1, now, valid_from=date(2026, 1, 1), valid_to=date(2025, 1, 1))


def test_the_log_says_that_there_is_a_value_and_never_which(firm: Party, now: datetime) -> None:
    _record(firm, "founder_born_on", "1990-01-01", now)
    event = AuditEvent.objects.get(action="ventures.fact_recorded")
    assert "founder_born_on" in str(event.changes)
    assert "1990" not in str(event.changes)


def test_a_value_the_dictionary_no_longer_takes_is_unknown(firm: Party, now: datetime) -> None:
    _record(firm, "staff_count", 3, now)
    Fact.objects.create(party=firm, key="gone_from_dictionary", value="1", source="x", recorded_at=now)
    broken = _record(firm, "turnover_year", 3, now)
    broken.value = "not json"
    broken.save()
    facts = facts_of(firm, on=ON)
    assert facts["staff_count"] == 3
    assert {"gone_from_dictionary", "turnover_year"}.isdisjoint(facts)


def test_facts_of_an_entry_that_was_the_same_body_count_with_it(firm: Party, clerk: User, now: datetime) -> None:
    twice = add_party(
        PartyFacts(kind=Party.Kind.FIRM, name="甲公司", credit_code=numbers.credit_code(2)),
        source="register",
        by=clerk,
        at=now,
    )
    Party.objects.filter(pk=twice.pk).update(merged_into=firm)
    _record(twice, "staff_count", 8, now)
    assert facts_of(firm, on=ON)["staff_count"] == 8


def test_entries_of_one_body_know_the_same_in_both_directions(
    firm: Party, person: Party, clerk: User, now: datetime
) -> None:
    code = numbers.credit_code(2)
    facts = PartyFacts(kind=Party.Kind.FIRM, name="甲公司（旧）", credit_code=code, town=firm.town)
    other = add_party(facts, source=Party.Source.REGISTER, by=clerk, at=now)
    add_relation(person, other, kind="founder", by=clerk, at=now)
    record_fact(firm, "monthly_rent", 500_000, source="租约", is_certified=True, by=clerk, at=now)
    Party.objects.filter(pk=other.pk).update(merged_into=firm)
    other.refresh_from_db()
    assert facts_of(other, on=ON)["monthly_rent"] == 500_000
    assert "founder_born_on" in facts_of(firm, on=ON)


def test_teams_have_no_status_of_a_register(clerk: User, now: datetime) -> None:
    team = add_party(PartyFacts(kind=Party.Kind.TEAM, name="某团队"), source="register", by=clerk, at=now)
    assert facts_of(team, on=ON) == {"name": "某团队"}


def test_a_party_stands_on_a_list_from_a_day_to_a_day(firm: Party, clerk: User, now: datetime) -> None:
    entry = join_list("recognised_incubators", firm, starts_on=date(2025, 1, 1), source="认定文件", by=clerk, at=now)
    assert (
        join_list("recognised_incubators", firm, starts_on=date(2025, 1, 1), source="认定文件", by=clerk, at=now)
        == entry
    )
    assert is_on_list("recognised_incubators", firm, on=ON)
    assert lists_of(firm, on=ON) == ["recognised_incubators"]
    assert not is_on_list("recognised_incubators", firm, on=date(2024, 12, 31))
    with pytest.raises(MembershipRefused):
        join_list(
            "recognised_incubators",
            firm,
            starts_on=date(2025, 6, 1),
            ends_on=date(2026, 1, 1),
            source="x",
            by=clerk,
            at=now,
        )
    leave_list(entry, ends_on=date(2025, 12, 31), reason="到期", by=clerk, at=now)
    assert not is_on_list("recognised_incubators", firm, on=ON)
    with pytest.raises(MembershipRefused):
        leave_list(entry, ends_on=date(2026, 1, 31), reason="再次", by=clerk, at=now)
    join_list("recognised_incubators", firm, starts_on=date(2026, 1, 1), source="再认定", by=clerk, at=now)
    assert ListMembership.objects.count() == 2


def test_a_list_has_no_term_backwards(firm: Party, clerk: User, now: datetime) -> None:
    with pytest.raises(MembershipRefused):
        join_list("x", firm, starts_on=date(2025, 1, 2), ends_on=date(2025, 1, 1), source="x", by=clerk, at=now)
    entry = join_list("x", firm, starts_on=date(2025, 1, 2), source="x", by=clerk, at=now)
    with pytest.raises(MembershipRefused):
        leave_list(entry, ends_on=date(2025, 1, 1), reason="x", by=clerk, at=now)


def test_the_database_holds_it_too(firm: Party, now: datetime, make_user: Callable[..., User]) -> None:
    for bad in (
        {"key": "", "value": "1", "source": "x"},
        {"key": "a", "value": "1", "source": "x", "valid_from": date(2026, 1, 2), "valid_to": date(2026, 1, 1)},
        {"key": "a", "value": "1", "source": "x", "is_disputed": True},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Fact.objects.create(party=firm, recorded_at=now, **bad)
    assert str(_record(firm, "staff_count", 1, now)) == "甲公司 - staff_count"
