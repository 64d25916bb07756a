"""Cells to facts - a column of texts or of a file's own types becomes a column of the register; what cannot is told.

Every function answers a pair: the values, with null where there is none, and beside them the code of what is wrong with
each (null where nothing is). A value that cannot be taken is unknown, never false.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from chuangju.rules.facts import Fact
from chuangju.rules.kinds import NUMBERS, Kind
from chuangju.ventures.registers.columns import dtype_of
from chuangju.ventures.registers.words import Trouble, read_text, unknown_words

_PLAIN_NUMBER = r"^-?\d{1,18}$"
_FREE_TEXT = r"^[^\x00-\x1f\x7f-\x9f]{1,500}$"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A column as the register keeps it, and what is wrong with each of its cells."""

    values: pl.Series
    faults: pl.Series


class WrongColumn(Exception):
    """The column is of a type that this fact cannot have."""


def clean_column(column: pl.Series, fact: Fact, unit: str = "") -> Cleaned:
    """A column as it came from a file, texts or typed; raises WrongColumn. Lists of records are not for here."""
    dtype = column.dtype
    if dtype == pl.Null:
        return Cleaned(_nulls(len(column), fact), _no_faults(len(column)))
    if isinstance(dtype, pl.Categorical | pl.Enum) and dtype != dtype_of(fact):
        column, dtype = column.cast(pl.String), pl.String()
    if dtype == pl.String:
        return _within_bounds(clean_texts(column, fact, unit), fact)
    return _within_bounds(_clean_typed(column, fact), fact)


def clean_texts(texts: pl.Series, fact: Fact, unit: str = "") -> Cleaned:
    """A column of texts; whatever stands there often or plainly is read for the whole column at once."""
    bare = texts.str.strip_chars().alias("text")
    frame = bare.to_frame().with_columns(
        text=pl.when(pl.col("text").str.to_lowercase().is_in(unknown_words(fact))).then(None).otherwise(pl.col("text"))
    )
    frame = frame.with_columns(fast=_read_plainly(fact, unit))
    rest = frame.filter(pl.col("text").is_not_null() & pl.col("fast").is_null())["text"].unique(maintain_order=True)
    values, faults = frame["fast"], _no_faults(len(frame))
    if len(rest):
        read = _read_each(rest.to_list(), fact, unit)
        joined = frame.select("text").join(read, on="text", how="left", maintain_order="left")
        values = frame.select(pl.coalesce("fast", joined["value"]))["fast"]
        faults = frame.select(pl.when(pl.col("fast").is_null()).then(joined["fault"]))["fault"]
    return Cleaned(values.alias(fact.key), faults)


def _read_plainly(fact: Fact, unit: str) -> pl.Expr:
    """What most cells of such a column hold, read without looking at each; null where that does not do."""
    text, dtype = pl.col("text"), dtype_of(fact)
    is_unit_plain = fact.kind is Kind.INT or unit in {"", "分"}
    if fact.kind in NUMBERS and is_unit_plain:
        return pl.when(text.str.contains(_PLAIN_NUMBER)).then(text).cast(pl.Int64, strict=False)
    if fact.kind is Kind.DATE:
        iso = pl.when(text.str.contains(r"^\d{4}-\d{2}-\d{2}$")).then(text)
        return iso.str.to_date("%Y-%m-%d", strict=False)
    if fact.kind is Kind.TEXT and fact.codes is None:
        return pl.when(text.str.contains(_FREE_TEXT)).then(text)
    if fact.kind is Kind.TEXT:
        return text.cast(dtype, strict=False)
    return pl.lit(None, dtype=dtype)


def _read_each(texts: list[str], fact: Fact, unit: str) -> pl.DataFrame:
    """Each different text read once."""
    values: list[Any] = []
    faults: list[str | None] = []
    for text in texts:
        try:
            values.append(read_text(text, fact, unit))
            faults.append(None)
        except Trouble as trouble:
            values.append(None)
            faults.append(trouble.code)
    return pl.DataFrame(
        {
            "text": pl.Series(texts, dtype=pl.String),
            "value": pl.Series(values, dtype=dtype_of(fact)),
            "fault": pl.Series(faults, dtype=pl.String),
        }
    )


def _clean_typed(column: pl.Series, fact: Fact) -> Cleaned:
    """A column that has a type of its own, as Parquet gives it."""
    dtype, wanted = column.dtype, dtype_of(fact)
    if dtype == wanted:
        return Cleaned(column, _no_faults(len(column)))
    if isinstance(dtype, pl.List) and isinstance(wanted, pl.List):
        return _clean_lists(column, fact)
    if fact.kind in NUMBERS and (dtype.is_integer() or dtype.is_float() or dtype.is_decimal()):
        return _clean_numbers(column)
    if fact.kind is Kind.DATE and isinstance(dtype, pl.Datetime | pl.Date):
        return Cleaned(column.dt.date(), _no_faults(len(column)))
    if fact.kind is Kind.TEXT and dtype.is_integer():
        return clean_texts(column.cast(pl.String), fact)
    raise WrongColumn(str(dtype))


def _clean_numbers(column: pl.Series) -> Cleaned:
    """Numbers that are whole, whatever type they were kept in."""
    if column.dtype.is_float():
        # What others write in place of nothing.
        column = column.fill_nan(None)
    whole = column.cast(pl.Int64, strict=False)
    if column.dtype.is_integer():
        lost = column.is_not_null() & whole.is_null()
        return Cleaned(whole, _told(lost, "out_of_bounds"))
    exact = column.is_not_null() & whole.is_not_null() & (whole.cast(column.dtype, strict=False) == column)
    faults = pl.select(
        pl.when(column.is_null() | exact.fill_null(value=False))
        .then(None)
        .when(whole.is_null())
        .then(pl.lit("out_of_bounds"))
        .otherwise(pl.lit("not_whole"))
        .alias("fault")
    )["fault"].cast(pl.String)
    return Cleaned(whole.to_frame("v").select(pl.when(faults.is_null()).then("v"))["v"].alias(column.name), faults)


def _clean_lists(column: pl.Series, fact: Fact) -> Cleaned:
    """Lists of codes or numbers: one wrong element makes only itself unknown, and is told of its row."""
    single = pl.DataFrame({"at": pl.int_range(len(column), eager=True), "one": column}).explode(
        "one", empty_as_null=False, keep_nulls=False
    )
    inner = clean_column(single["one"], _element_of(fact))
    long = single.select("at", one=inner.values, fault=inner.faults)
    grouped = long.group_by("at", maintain_order=True).agg("one", pl.col("fault").drop_nulls().first())
    at = pl.DataFrame({"at": pl.int_range(len(column), eager=True), "is_null": column.is_null()})
    joined = at.join(grouped, on="at", how="left", maintain_order="left")
    empty = pl.lit([], dtype=dtype_of(fact))
    values = joined.select(
        pl.when("is_null").then(None).when(pl.col("one").is_null()).then(empty).otherwise("one").alias(fact.key)
    )[fact.key]
    return Cleaned(values.cast(dtype_of(fact)), joined["fault"])


def _element_of(fact: Fact) -> Fact:
    """An element of a list as a fact of its own."""
    from dataclasses import replace  # noqa: PLC0415 - used here alone

    return replace(fact, kind=Kind.TEXT if fact.kind is Kind.CODES else Kind.INT)


def _within_bounds(cleaned: Cleaned, fact: Fact) -> Cleaned:
    """Numbers and days outside of what the fact can be are unknown; lists that are too long as well."""
    values = cleaned.values
    if fact.kind in NUMBERS:
        outside = (values < fact.low) | (values > fact.high)
        named = "negative_money" if fact.kind is Kind.MONEY else "out_of_bounds"
        told = pl.select(pl.when(values < 0).then(pl.lit(named)).otherwise(pl.lit("out_of_bounds")))
        return _drop(cleaned, outside, told.to_series())
    if fact.kind is Kind.DATE:
        outside = (values < fact.first) | (values > fact.last)
    elif fact.kind is Kind.INTS:
        low, high = values.list.min(), values.list.max()
        outside = (low < fact.low).fill_null(value=False) | (high > fact.high).fill_null(value=False)
        cleaned = _drop(cleaned, outside, pl.Series(["out_of_bounds"] * len(values), dtype=pl.String))
        outside = values.list.len() > fact.max_items
        return _drop(cleaned, outside, pl.Series(["too_many_items"] * len(values), dtype=pl.String))
    else:
        return cleaned
    return _drop(cleaned, outside, pl.Series(["out_of_bounds"] * len(values), dtype=pl.String))


def _drop(cleaned: Cleaned, where: pl.Series, faults: pl.Series) -> Cleaned:
    """Null and a fault where it holds; a fault told already stays."""
    where = where.fill_null(value=False)
    if not where.any():
        return cleaned
    frame = pl.DataFrame({"v": cleaned.values, "f": cleaned.faults, "w": where, "n": faults})
    kept = frame.select(v=pl.when("w").then(None).otherwise("v"), f=pl.coalesce("f", pl.when("w").then("n")))
    return Cleaned(kept["v"].alias(cleaned.values.name), kept["f"])


def _told(where: pl.Series, code: str) -> pl.Series:
    return pl.select(pl.when(where).then(pl.lit(code)).alias("fault"))["fault"].cast(pl.String)


def _no_faults(height: int) -> pl.Series:
    return pl.Series("fault", [None], dtype=pl.String).new_from_index(0, height)


def _nulls(height: int, fact: Fact) -> pl.Series:
    return pl.Series(fact.key, [None], dtype=dtype_of(fact)).new_from_index(0, height)
