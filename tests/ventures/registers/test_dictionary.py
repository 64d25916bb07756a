"""The dictionary of facts: complete, in both languages, with bounds that no sum can overflow."""

from __future__ import annotations

import pytest

from chuangju.rules.facts import Fact
from chuangju.rules.kinds import INT64, Kind
from chuangju.ventures.registers import all_codes, dictionary, section_of_division
from chuangju.ventures.registers.columns import EXPECTED, dictionary_version, dtype_of, schema

FACTS = dictionary().facts
EVERY = [(key, fact) for key, fact in FACTS.items()] + [
    (f"{key}.{name}", field) for key, fact in FACTS.items() for name, field in fact.fields.items()
]


@pytest.mark.parametrize(("key", "fact"), EVERY, ids=[key for key, _fact in EVERY])
def test_a_fact_says_everything_in_both_languages(key: str, fact: Fact) -> None:
    for words in (fact.name, fact.question, fact.source):
        assert words.zh
        assert words.en
        assert words.zh != words.en
    assert bool(fact.help.zh) == bool(fact.help.en)
    assert fact.owner
    assert fact.sensitivity in {"public", "internal", "personal"}
    assert fact.question.zh.endswith(("？", "。"))


def test_what_strangers_may_see_is_what_the_business_register_publishes() -> None:
    assert {key for key, fact in FACTS.items() if fact.is_public} == {
        "id", "name", "town", "registered_on", "closed_on", "entity_type", "status", "industry", "industry_division",
        "industry_section", "size_class",
    }  # fmt: skip
    assert all(fact.sensitivity == "personal" for key, fact in FACTS.items() if key.startswith("founder_"))


def test_the_usual_columns_are_all_in_the_dictionary() -> None:
    assert set(EXPECTED) <= set(FACTS)
    assert {"residence", "groups", "hired_on", "contract_months", "insured_from", "insured_months"} <= set(
        FACTS["employees"].fields
    )
    assert set(FACTS["leases"].fields) == {"district", "from", "to", "monthly_rent", "area", "independent"}
    assert set(FACTS["grants"].fields) == {"policy", "level", "paid_on", "amount"}
    assert set(FACTS["loans"].fields) == {"principal", "rate", "from", "to", "repaid_on", "overdue"}


def test_sums_over_the_longest_lists_stay_within_64_bits() -> None:
    for key, fact in FACTS.items():
        for name, field in fact.fields.items():
            if field.kind in {Kind.MONEY, Kind.INT, Kind.RATE}:
                assert field.high * fact.max_items < INT64, f"{key}.{name}"
        if fact.kind is Kind.MONEY:
            assert fact.high * 10_000 < INT64, key


def test_towns_are_the_fourteen_of_the_district_and_divisions_ninety_seven() -> None:
    assert len(dictionary().lists["town"].codes) == 14
    assert len(section_of_division()) == 97
    assert len(set(section_of_division().values())) == 20


def test_industry_codes_are_known_at_every_level() -> None:
    codes = dictionary().lists["industry"].codes
    assert all(code in codes for code in ("I", "65", "651", "6510"))
    assert all(code not in codes for code in ("98", "9810", "65100", "U", "6", ""))
    assert codes["6510"].zh == codes["65"].zh
    everything = all_codes(dictionary().lists["industry"])
    assert len(everything) == len(set(everything)) == 20 + 97 * 111
    assert all(code in codes for code in everything)
    assert len(codes) == 117


def test_every_fact_has_a_type_of_its_own_in_a_frame() -> None:
    assert set(schema()) == set(FACTS)
    assert str(dtype_of(FACTS["turnover_year"])) == "Int64"
    assert len(dictionary_version()) == 16
