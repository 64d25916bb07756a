"""Refreshing a register: new over former by key, columns that are lacking kept, and every change counted once."""

from __future__ import annotations

import polars as pl

from chuangju.ventures.registers.columns import schema
from chuangju.ventures.registers.generate import generate_register
from chuangju.ventures.registers.merging import merge_registers


def _frame(**columns: object) -> pl.DataFrame:
    types = schema()
    return pl.DataFrame({key: pl.Series(key, values, dtype=types[key]) for key, values in columns.items()})


def test_the_first_register_is_all_new() -> None:
    given = generate_register(50, seed=1)
    merged = merge_registers(None, given, is_complete=False)
    assert merged.frame.equals(given)
    assert (merged.new, merged.changed, merged.unchanged, merged.gone) == (50, 0, 0, 0)


def test_the_same_register_again_changes_nothing() -> None:
    given = generate_register(200, seed=1)
    merged = merge_registers(given, given, is_complete=True)
    assert merged.frame.equals(given)
    assert (merged.new, merged.changed, merged.unchanged, merged.gone) == (0, 0, 200, 0)


def test_values_of_the_file_count_and_unknown_ones_as_well() -> None:
    former = _frame(id=["A", "B", "C"], staff_count=[1, 2, 3], town=["310112101"] * 3)
    given = _frame(id=["B", "A"], staff_count=[None, 1])
    merged = merge_registers(former, given, is_complete=False)
    rows = {row["id"]: (row["staff_count"], row["town"]) for row in merged.frame.to_dicts()}
    assert rows == {"A": (1, "310112101"), "B": (None, "310112101"), "C": (3, "310112101")}
    assert (merged.new, merged.changed, merged.unchanged, merged.gone) == (0, 1, 1, 1)
    assert merge_registers(former, given, is_complete=True).frame["id"].to_list() == ["B", "A"]


def test_a_column_that_was_not_there_before_is_a_change_where_it_says_something() -> None:
    former, given = _frame(id=["A", "B"]), _frame(id=["A", "B"], staff_count=[4, None])
    assert merge_registers(former, given, is_complete=False).changed == 1
    assert merge_registers(former, _frame(id=["A"]), is_complete=False).changed == 0


def test_related_records_are_compared_as_a_whole() -> None:
    former = generate_register(300, seed=2)
    given = former.with_columns(employees=pl.when(pl.int_range(pl.len()) < 3).then(None).otherwise("employees"))
    known = former["employees"][:3].is_not_null().sum()
    assert merge_registers(former, given, is_complete=False).changed == known


def test_a_former_register_of_another_state_of_the_dictionary_is_taken_as_far_as_it_goes() -> None:
    former = pl.DataFrame({"id": ["A"], "town": ["310112101"], "gone_from_dictionary": [1]})
    merged = merge_registers(former, _frame(id=["A"], staff_count=[1]), is_complete=False)
    assert merged.frame.schema == {key: schema()[key] for key in ("id", "town", "staff_count")}
