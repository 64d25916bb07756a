"""Made-up registers: the same from the same seed in whatever pieces, realistic in shape, and marked as made up."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from stdnum.cn import uscc

from chuangju.ventures.registers import generate
from chuangju.ventures.registers.columns import EXPECTED, schema
from chuangju.ventures.registers.generate import DEFAULT_DAY, generate_register, write_register
from chuangju.ventures.registers.reading import read_register


def test_the_same_seed_gives_the_same_register_and_another_seed_another_one() -> None:
    assert generate_register(200, seed=1).equals(generate_register(200, seed=1))
    assert not generate_register(200, seed=1).equals(generate_register(200, seed=2))


def test_a_register_is_the_beginning_of_every_larger_one() -> None:
    whole = generate_register(500, seed=3)
    assert whole[:120].equals(generate_register(120, seed=3))
    assert whole[300:500].equals(generate_register(200, seed=3, first=300))


def test_a_register_written_in_chunks_is_the_one_made_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "CHUNK", 150)
    write_register(tmp_path / "register.parquet", 400, seed=5)
    assert pl.read_parquet(tmp_path / "register.parquet").equals(generate_register(400, seed=5))
    assert pl.read_parquet_metadata(tmp_path / "register.parquet")["chuangju.synthetic"] == "true"


def test_everything_about_it_says_that_it_is_made_up(tmp_path: Path) -> None:
    write_register(tmp_path / "register.parquet", 50, seed=5)
    register = read_register(tmp_path / "register.parquet", on=DEFAULT_DAY)
    assert register.is_synthetic
    assert register.frame["name"].str.contains("（演示）").all()
    assert register.frame["id"].str.slice(8, 2).unique().to_list() == ["XX"]


def test_credit_codes_have_right_check_digits_and_no_two_are_the_same() -> None:
    codes = generate_register(2_000, seed=6)["id"]
    assert all(uscc.is_valid(code) for code in codes)
    assert codes.n_unique() == 2_000


def test_a_made_up_register_has_no_fault_on_its_own_day_and_all_usual_columns(tmp_path: Path) -> None:
    write_register(tmp_path / "register.parquet", 5_000, seed=7)
    register = read_register(tmp_path / "register.parquet", on=DEFAULT_DAY)
    assert register.log.counts() == []
    assert set(EXPECTED) <= set(register.frame.columns)
    assert register.frame.equals(generate_register(5_000, seed=7))
    assert register.frame.schema == {key: schema()[key] for key in register.frame.columns}


def test_one_to_eight_in_a_hundred_are_not_known() -> None:
    frame = generate_register(5_000, seed=8)
    sparse = {
        "closed_on", "incubated_from", "invested_on", "founder_unemployed_since", "founder_graduated_on",
        "help_registered_on", "founder_permit_since",
    }  # fmt: skip
    for key in frame.columns:
        if key in sparse:
            continue
        share = frame[key].null_count() / frame.height
        assert share <= 0.1, key
        assert share > 0.002 or key in generate._NO_GAPS or key.startswith("industry_"), key


def test_enterprises_are_spread_over_all_towns_kinds_and_ages() -> None:
    frame = generate_register(5_000, seed=9)
    assert frame["town"].n_unique() == 14
    assert set(frame["entity_type"]) == {
        "company",
        "individual_business",
        "cooperative",
        "social_organisation",
        "branch",
    }
    ages = (pl.lit(DEFAULT_DAY) - pl.col("registered_on")).dt.total_days()
    young = frame.select((ages < 3 * 365).mean()).item()
    assert 0.3 < young < 0.5
    assert (frame["employees"].list.len() == 0).any()
    assert frame["employees"].list.len().mean() > 2
    assert frame["leases"].list.len().max() == 2


def test_the_day_of_the_data_moves_all_days_with_it() -> None:
    on = date(2026, 11, 28)
    frame = generate_register(500, seed=10, on=on)
    assert frame["registered_on"].max() <= on
    assert frame["registered_on"].max() > DEFAULT_DAY


def test_a_register_can_be_made_on_a_leap_day() -> None:
    assert generate_register(50, seed=11, on=date(2024, 2, 29))["registered_on"].max() <= date(2024, 2, 29)


def test_ten_thousand_enterprises_take_about_a_second() -> None:
    generate_register(10, seed=1)
    begin = time.perf_counter()
    generate_register(10_000, seed=1)
    # Machines differ and are shared: three times what it takes is still no wait.
    assert time.perf_counter() - begin < 3
