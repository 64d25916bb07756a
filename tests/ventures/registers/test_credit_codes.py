"""Credit codes by the column: verified as one by one, and made so that they hold."""

from __future__ import annotations

import polars as pl
import pytest
from stdnum.cn import uscc

from chuangju.ventures.registers.credit_codes import BASE, COUNTED, is_bad_code, made_code

GOOD = "91310112MA1GB0EE16"


def _is_bad(text: str | None) -> bool | None:
    found: bool | None = (
        pl.DataFrame({"code": pl.Series([text], dtype=pl.String)}).select(is_bad_code(pl.col("code"))).item()
    )
    return found


@pytest.mark.parametrize("text", [GOOD, "A1", "310112-000001", "企业001"])
def test_right_codes_and_numbers_of_another_kind_are_left_alone(text: str) -> None:
    assert _is_bad(text) is False


@pytest.mark.parametrize("text", [GOOD[:-1], GOOD[:-1] + "X", GOOD + "1", GOOD.replace("M", "O"), "913101120000000000"])
def test_codes_with_a_slip_are_found(text: str) -> None:
    assert _is_bad(text) is True


def test_made_codes_hold_to_the_last_of_them() -> None:
    numbers = pl.DataFrame(
        {
            "number": [0, 1, 29, 30, 31, 12_345_678, BASE**COUNTED - 1],
            "start": ["91310112", "52310112"] * 3 + ["92310112"],
        }
    )
    starts = ["52310112", "91310112", "92310112"]
    codes = numbers.select(made_code(pl.col("start"), starts, "XX", pl.col("number"))).to_series()
    assert all(uscc.is_valid(code) for code in codes)
    assert codes.n_unique() == len(codes)
