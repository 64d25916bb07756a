"""Fields for many facts at once: series written short, ticks, and empty fields that say nothing."""

from __future__ import annotations

import pytest

from chuangju.policies.fact_forms import form_keys, inputs_of, read_form


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("100", [100] * 48),
        ("100×36,80*12", [100] * 36 + [80] * 12),
        ("100, 90、80", [100, 90, 80]),
    ],
)
def test_a_series_is_written_short(typed: str, value: list[int]) -> None:
    read = read_form(["founder_insured_base_percents"], {"founder_insured_base_percents": [typed]})
    assert read.problems == {}
    assert read.given["founder_insured_base_percents"] == value


def test_a_series_of_money_is_typed_in_yuan_and_shown_as_typed() -> None:
    read = read_form(["tax_paid_years"], {"tax_paid_years": ["120000.50,1,0"]})
    assert read.given["tax_paid_years"] == [12_000_050, 100, 0]
    (field,) = inputs_of(["founder_insured_base_percents"], {"founder_insured_base_percents": [100] * 36 + [80] * 12})
    assert field.value == "100×36,80×12"


def test_what_is_left_empty_is_unknown_and_what_is_wrong_is_told() -> None:
    read = read_form(
        ["vat_payer", "turnover_month", "staff_quarters"], {"turnover_month": ["much"], "staff_quarters": ["x"]}
    )
    assert read.given["vat_payer"] is None
    assert set(read.problems) == {"turnover_month", "staff_quarters"}


def test_no_tick_in_a_form_that_asked_is_none_of_them() -> None:
    assert read_form(["founder_groups"], {"founder_groups": ["none"]}).given == {"founder_groups": []}
    assert read_form(["founder_groups"], {}).given == {"founder_groups": None}


def test_records_and_free_text_are_not_asked_like_this() -> None:
    keys = form_keys(["employees", "incubator", "town", "vat_payer"], first=["vat_payer"])
    assert keys == ["vat_payer", "town"]
