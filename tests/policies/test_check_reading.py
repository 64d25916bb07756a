"""A question's form: what people type is understood, and what cannot be is said beside its field."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from chuangju.policies.check_questions import Question, question_book
from chuangju.policies.check_reading import day_of, read_answer


def question(key: str) -> Question:
    found = question_book().question(key)
    assert found is not None
    return found


def read(key: str, **form: str | Sequence[str]) -> tuple[dict[str, object], dict[str, str]]:
    lists = {name: [value] if isinstance(value, str) else list(value) for name, value in form.items()}
    found = read_answer(question(key), lists, levels={"rent_subsidy": "district"})
    return found.given, found.problems


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-03-01", "2026-03-01"),
        ("2026-3", "2026-03-01"),
        ("2026.3.9", "2026-03-09"),
        ("2026年3月9日", "2026-03-09"),
        ("2026年3月", "2026-03-01"),
        ("yesterday", "yesterday"),
    ],
)
def test_days_are_read_however_they_are_written(typed: str, day: str) -> None:
    assert day_of(typed) == day


def test_a_choice_a_day_and_ticks() -> None:
    assert read("residence", value="city") == ({"founder_residence": "city"}, {})
    assert read("registered", value="２０２５-03-17") == ({"registered_on": "2025-03-17"}, {})
    assert read("groups", value=["graduate", "veteran"]) == ({"founder_groups": ["graduate", "veteran"]}, {})


@pytest.mark.parametrize("value", ["", "somewhere", "2025-02-30"])
def test_what_cannot_be_taken_is_said_beside_the_field(value: str) -> None:
    key = "registered" if value.startswith("2025") else "residence"
    given, problems = read(key, value=value)
    assert given == {}
    assert set(problems) == {"value"}


def test_figures_over_several_periods_stand_on_one_line() -> None:
    assert read("tax_paid_years", value="100,80.5, 60") == ({"tax_paid_years": [10000, 8050, 6000]}, {})
    assert read("staff_quarters", value="12")[0] == {"staff_quarters": [12] * 8}
    assert set(read("staff_quarters", value="ten")[1]) == {"value"}


def test_prizes_and_certificates_are_told_row_by_row() -> None:
    won = {"0-level": "city", "0-winner": "yes", "0-as_team": "yes", "1-level": "district", "1-winner": "no"}
    assert read("prizes", **won) == (
        {"prizes": [{"level": "city", "winner": True, "as_team": True}, {"level": "district", "winner": False}]},
        {},
    )
    given = read("certificates", **{"0-kind": "startup", "0-issued_on": "2026-03", "0-subsidised": "no"})[0]
    assert given == {"certificates": [{"kind": "startup", "issued_on": "2026-03-01", "subsidised": False}]}
    assert read("incubator", none="1")[0] == {"incubator": "none"}
    assert read("incubator", value="incubator_03")[0] == {"incubator": "incubator_03"}


def test_none_of_it_says_what_the_file_says() -> None:
    assert read("staff", none="1") == ({"employees": []}, {})
    assert read("record", none="1")[0]["dishonest"] is False


def test_of_flags_only_those_that_were_shown_are_answered() -> None:
    given, _problems = read("record", value=["bad_credit"], shown=["bad_credit", "dishonest"])
    assert given == {"bad_credit": True, "dishonest": False}


def test_employees_alike_stand_on_one_line_with_their_number() -> None:
    given, problems = read(
        "staff",
        **{
            "0-count": "2",
            "0-residence": "district",
            "0-groups": "none",
            "0-contract_months": "12",
            "0-insured_from": "2026-01",
            "1-count": "1",
            "1-residence": "city",
        },
    )
    assert problems == {}
    alike = {"residence": "district", "groups": [], "contract_months": 12, "insured_from": "2026-01-01"}
    assert given["employees"] == [alike, alike, {"residence": "city"}]


def test_a_line_without_a_number_of_people_and_an_empty_form_are_told() -> None:
    assert set(read("staff", **{"0-residence": "city"})[1]) == {"0-count"}
    assert set(read("staff", **{"0-count": "0", "0-residence": "city"})[1]) == {"0-count"}
    assert set(read("staff")[1]) == {"0-residence"}


def test_the_rent_of_the_leases_is_the_monthly_rent() -> None:
    given, problems = read(
        "site",
        **{"0-district": "310112", "0-monthly_rent": "4,200", "0-from": "2025-03-01", "0-to": "2027-02-28"},
    )
    assert problems == {}
    assert given["monthly_rent"] == 420_000
    given, problems = read("site", **{"0-from": "2025-03-01", "0-to": "2024-02-28"})
    assert set(problems) == {"0-to"}
    assert given["monthly_rent"] is None


def test_what_the_business_was_paid_its_founder_was_paid_through_it() -> None:
    form = {"0-policy": "rent_subsidy", "0-paid_on": "2026-02-01", "0-amount": "1.5万元"}
    given, problems = read("received", **form)
    assert problems == {}
    paid = {"policy": "rent_subsidy", "paid_on": "2026-02-01", "amount": 1_500_000, "level": "district"}
    assert given["grants"] == given["founder_grants"] == [paid]
    assert "rent_months_granted" not in given
