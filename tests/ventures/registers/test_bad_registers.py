"""Bad registers: what cannot be used is refused in one sentence, what can be used is told by row and column."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

from chuangju.ventures.registers.findings import NOTICES, UnreadableRegister
from chuangju.ventures.registers.reading import read_register
from tests.ventures.registers.bad_registers import UNUSABLE, good_parquet, merged_head
from tests.ventures.registers.faulty_registers import FAULTY, HARMLESS

ON = date(2026, 6, 30)


def test_there_are_more_than_thirty_kinds_of_each() -> None:
    assert len(UNUSABLE) >= 30
    assert len(FAULTY) >= 30


@pytest.mark.parametrize("kind", UNUSABLE)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(kind: str, tmp_path: Path) -> None:
    code, make = UNUSABLE[kind]
    with pytest.raises(UnreadableRegister) as refused:
        read_register(make(tmp_path), on=ON)
    assert refused.value.code == code
    sentence = refused.value.sentence
    assert sentence.endswith("。")
    assert "\n" not in sentence


@pytest.mark.parametrize("kind", FAULTY)
def test_what_is_wrong_is_told_by_row_and_column_and_becomes_unknown(kind: str, tmp_path: Path) -> None:
    make, wanted = FAULTY[kind]
    register = read_register(make(tmp_path), on=ON)
    told = [finding for finding in register.log.kept if finding.code not in NOTICES or finding.code == wanted[0]]
    assert (wanted[0], wanted[1], wanted[2]) in [(each.code, each.row, each.column) for each in told]
    for finding in told:
        assert finding.text
        assert "%(" not in finding.text
    column, row = wanted[2], wanted[1]
    if row is not None and column in register.frame.columns and column != "id":
        place = row - (1 if "Parquet" in make.__name__ or register.frame.height == 1 else 0)
        values = register.frame[column].to_list()
        assert None in values or any(value and None in value for value in values if isinstance(value, list)), place


@pytest.mark.parametrize("kind", HARMLESS)
def test_what_only_looks_odd_is_read_without_a_word(kind: str, tmp_path: Path) -> None:
    register = read_register(HARMLESS[kind](tmp_path), on=ON)
    assert register.log.faults == 0
    assert register.frame["id"].to_list()[0] in {"A1", "91310112MA1GB0EE16"}


def test_days_of_old_macs_are_the_days_that_were_typed(tmp_path: Path) -> None:
    register = read_register(HARMLESS["days from 1904"](tmp_path), on=ON)
    assert register.frame["registered_on"].to_list() == [date(2024, 3, 1)]


def test_a_head_of_two_rows_with_merged_cells_is_understood(tmp_path: Path) -> None:
    register = read_register(merged_head(tmp_path), on=ON)
    assert register.frame.select("id", "name", "town", "registered_on").rows() == [
        ("A1", "甲", "310112101", date(2024, 3, 1))
    ]


def test_a_parquet_file_with_turned_bits_is_read_or_refused_and_never_worse(tmp_path: Path) -> None:
    good, chance = good_parquet(tmp_path), random.Random(7)
    refused = 0
    for place in range(60):
        content = bytearray(good)
        for _turn in range(chance.randint(1, 20)):
            content[chance.randrange(4, len(content) - 4)] ^= 1 << chance.randrange(8)
        path = tmp_path / f"turned{place}.parquet"
        path.write_bytes(bytes(content))
        try:
            read_register(path, on=ON)
        except UnreadableRegister:
            refused += 1
    assert refused


def test_a_file_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    good = good_parquet(tmp_path)
    for length in range(13, len(good), len(good) // 25):
        path = tmp_path / f"cut{length}.parquet"
        path.write_bytes(good[:length])
        with pytest.raises(UnreadableRegister):
            read_register(path, on=ON)
