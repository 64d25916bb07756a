"""Numbers kept in fewer bits than are worked with: at the very bounds, in sums, in files, and compared with what is wider."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from chuangju.rules.bulk.nodes import Held
from chuangju.rules.bulk.run import match
from chuangju.rules.bulk.simulate import simulate
from chuangju.rules.bulk.widths import bounds_of, is_never_negative, keep_columns, narrowed, width_of
from chuangju.rules.facts import Dictionary, make_dictionary
from chuangju.rules.kinds import Kind
from chuangju.rules.parameters import Shared
from chuangju.rules.parser import parse_expression
from chuangju.rules.policy import Policy
from chuangju.rules.policy_file import parse_policy
from chuangju.rules.reading import Scope
from chuangju.rules.tree import Add, Const, Node
from tests.rules.small import DAY, HEAD, TERM

TOP = 2**31 - 1


def _dictionary(low: int, high: int) -> Dictionary:
    return make_dictionary(
        {"paid": {"type": "money", "min": low, "max": high}, "heads": {"type": "int", "min": 0, "max": 900}}
    )


def _policy(amount: str, dictionary: Dictionary, when: str = "heads >= 0") -> Policy:
    body = f"conditions:\n- {{id: c, when: '{when}', law: 一}}\namount: {amount}\n"
    return parse_policy(HEAD + TERM + body, dictionary=dictionary, shared=Shared(), file="grant.yaml")


def _register(**columns: Any) -> pl.DataFrame:
    rows = len(next(iter(columns.values())))
    return pl.DataFrame({"id": [f"A{number}" for number in range(rows)], **columns})


@pytest.mark.parametrize(
    ("low", "high", "dtype"),
    [
        (0, TOP, pl.Int32),
        (0, TOP + 1, pl.Int64),
        (-TOP - 2, TOP, pl.Int32),
        (-(10**15), 10**15, pl.Int64),
    ],
)
def test_amounts_at_the_bounds_are_kept_as_wide_as_they_have_to_be(low: int, high: int, dtype: pl.DataType) -> None:
    dictionary = _dictionary(low, high)
    register = _register(paid=[low, low + 1, high - 1, high, None], heads=[1] * 5)
    found = match(register, [_policy("paid", dictionary)], on=DAY)
    assert found.held["grant.amount"].dtype == dtype
    assert found.frame["grant.amount"].dtype == pl.Int64
    # No amount is less than nothing.
    assert found.frame["grant.amount"].to_list() == [max(low, 0), max(low + 1, 0), high - 1, high, None]
    assert found.by_policy["grant"]["amount"] == max(low, 0) + max(low + 1, 0) + high - 1 + high


def test_one_fen_more_in_the_formula_makes_the_amount_wide() -> None:
    dictionary = _dictionary(0, TOP)
    register = _register(paid=[TOP, TOP - 1, 0], heads=[1] * 3)
    found = match(register, [_policy("paid + 0.01元", dictionary)], on=DAY)
    assert found.held["grant.amount"].dtype == pl.Int64
    assert found.held["grant.amount"].to_list() == [TOP + 1, TOP, 1]
    capped = match(register, [_policy("min(paid + 0.01元, 21474836.47元)", dictionary)], on=DAY)
    assert capped.held["grant.amount"].dtype == pl.Int32
    assert capped.held["grant.amount"].to_list() == [TOP, TOP, 1]


def test_sums_of_narrow_amounts_do_not_run_over(tmp_path: Path) -> None:
    dictionary, rows = _dictionary(0, TOP), 1_000
    policy, register = _policy("paid", dictionary), _register(paid=[TOP] * rows, heads=[1] * rows)
    found = match(register, [policy], on=DAY)
    assert found.held["grant.amount"].dtype == pl.Int32
    assert found.by_policy["grant"]["amount"] == found.frame["grant.amount"].sum() == rows * TOP
    written = match(register, [policy], on=DAY, out=tmp_path)
    assert written.frame["grant.amount"].dtype == pl.Int64
    assert written.frame.equals(found.frame)
    tried = simulate(register, policy, _policy("paid", dictionary, when="heads > 1"), on=DAY)
    assert (tried.base["amount"], tried.changed["amount"], tried.losers) == (rows * TOP, 0, rows)


@pytest.mark.parametrize("dtype", [pl.Int8, pl.Int16, pl.Int32, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64])
def test_narrow_columns_are_worked_with_in_full_width(dtype: Any) -> None:
    dictionary = _dictionary(0, 10**15)
    policy = _policy(
        "10000000元 * heads + paid", dictionary, when="heads <= 800 and heads * heads > 9 and paid < 90000元"
    )
    wide = _register(paid=[127, 0, 100, None], heads=[100, 127, 3, None])
    narrow = wide.with_columns(pl.col("paid", "heads").cast(dtype))
    for engine in ("polars", "duckdb"):
        found = match(narrow, [policy], on=DAY, engine=engine).frame
        assert found.equals(match(wide, [policy], on=DAY).frame)
    assert found["grant.amount"].to_list() == [100 * 10**9 + 127, 127 * 10**9, None, None]


def test_what_is_out_of_bounds_is_unknown_in_a_narrow_column_too() -> None:
    dictionary = _dictionary(0, 10**15)
    register = _register(paid=[1, 2, 3], heads=pl.Series([-1, 900, 901], dtype=pl.Int16))
    found = match(register, [_policy("paid", dictionary)], on=DAY)
    assert found.frame["grant.verdict"].to_list() == ["unknown", "eligible", "unknown"]


def test_columns_are_held_in_as_few_bits_as_their_values_need(tmp_path: Path) -> None:
    ends = {"a": (-128, 127), "b": (0, 128), "c": (0, 2**15), "d": (0, TOP + 1), "e": (-1, TOP + 1), "f": (None, None)}
    file = tmp_path / "register.parquet"
    frame = pl.DataFrame(
        {key: pl.Series([None, *both], dtype=pl.Int64) for key, both in ends.items()} | {"x": ["1", "2", None]}
    )
    frame.write_parquet(file)
    kept = keep_columns(file, ["x", *ends])
    assert kept.dtypes == [pl.String, pl.Int8, pl.Int16, pl.Int32, pl.UInt32, pl.Int64, pl.Int8]
    assert kept.select(pl.col(*ends).cast(pl.Int64), "x").equals(frame)
    assert narrowed(pl.Series([1.5])).dtype == pl.Float64


def test_what_does_not_tell_its_bounds_is_kept_wide() -> None:
    scope = Scope(_dictionary(0, 10), Shared())
    held: Node = Held(Kind.MONEY, "shared 0")
    assert bounds_of(parse_expression("paid * 3 + 1元", scope)) == (100, 130)
    assert bounds_of(Add(Kind.MONEY, held, Const(Kind.MONEY, 1))) is None
    assert bounds_of(Const(Kind.TEXT, "x")) is None
    assert bounds_of(Const(Kind.MONEY, 2**63)) is None
    assert width_of(held) == pl.Int64
    assert width_of(None) == pl.Int32
    for low, high, dtype in ((-TOP - 1, TOP, pl.Int32), (-TOP - 2, 0, pl.Int64), (0, TOP + 1, pl.Int64)):
        assert width_of(parse_expression("paid", Scope(_dictionary(low, high), Shared()))) == dtype
    assert not is_never_negative(parse_expression("paid - 0.01元", scope))
    assert is_never_negative(parse_expression("paid", scope))
