"""What a case rests on as the clerk reads it: records as tables, those alike in one row, long ones folded."""

from __future__ import annotations

from typing import Any

import pytest

from chuangju.applications.review_facts import record_table
from chuangju.ventures.registers import dictionary

EMPLOYEES = dictionary().facts["employees"]


def hired(day: int, **more: Any) -> dict[str, Any]:
    return {"residence": "city", "hired_on": f"2024-06-{day:02}", "contract_months": 12, "groups": [], **more}


def test_records_become_rows_and_fields_that_nobody_filled_in_are_left_out() -> None:
    table = record_table([hired(1), hired(2, contract_months=None)], EMPLOYEES)
    assert table is not None
    assert (table.total, table.is_counted, len(table.rows)) == (2, False, 2)
    assert all(len(row.cells) == len(table.heads) == 3 for row in table.rows)
    assert table.rows[1].cells[-1] == "—"


def test_records_that_are_alike_stand_in_one_row_with_their_number() -> None:
    table = record_table([hired(1), hired(1), hired(2)], EMPLOYEES)
    assert table is not None
    assert [row.count for row in table.rows] == [2, 1]
    assert (table.total, table.is_counted) == (3, True)


def test_many_rows_are_folded_and_none_is_lost() -> None:
    table = record_table([hired(day) for day in range(1, 25)], EMPLOYEES)
    assert table is not None
    assert len(table.first) < 24
    assert table.first + table.rest == table.rows


@pytest.mark.parametrize("value", [None, [], (), 3, "x"])
def test_what_is_no_record_has_no_table(value: object) -> None:
    assert record_table(value, EMPLOYEES) is None


def test_a_fact_of_another_kind_has_no_table() -> None:
    assert record_table([{"a": 1}], dictionary().facts["monthly_rent"]) is None
