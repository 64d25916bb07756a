"""Related records - employees, leases, grants: read one row each, put in order under their enterprise as lists."""

from __future__ import annotations

from datetime import date

import polars as pl

from chuangju.rules.facts import Fact
from chuangju.ventures.registers.cells import WrongColumn, clean_column
from chuangju.ventures.registers.columns import dtype_of
from chuangju.ventures.registers.findings import Finding, FindingLog, shown
from chuangju.ventures.registers.quality import check_days
from chuangju.ventures.registers.sayings import add_faults, column_label, kind_name
from chuangju.ventures.registers.tables import AT, ROW


def gather_records(long: pl.DataFrame, fact: Fact, height: int) -> pl.Series:
    """Rows with AT (the place of their enterprise) as one list for each enterprise, empty where it has none."""
    fields = [
        pl.col(key) if key in long.columns else pl.lit(None, dtype=dtype_of(one)).alias(key)
        for key, one in fact.fields.items()
    ]
    dtype = dtype_of(fact)
    grouped = (
        long.sort(AT, maintain_order=True).group_by(AT, maintain_order=True).agg(pl.struct(*fields).alias(fact.key))
    )
    places = pl.DataFrame({AT: pl.int_range(height, dtype=pl.Int64, eager=True)})
    joined = places.join(grouped, on=AT, how="left", maintain_order="left")
    empty = pl.lit([], dtype=dtype)
    return joined.select(pl.coalesce(pl.col(fact.key).cast(dtype), empty).alias(fact.key))[fact.key]


def clean_records(
    column: pl.Series, rows: pl.Series, fact: Fact, log: FindingLog, *, on: date, sheet: str = ""
) -> pl.Series:
    """A column of lists of structs as Parquet holds it; raises WrongColumn where it is anything else."""
    wanted, dtype = dtype_of(fact), column.dtype
    if dtype == pl.Null:
        return column.cast(wanted)
    inner = dtype.inner if isinstance(dtype, pl.List) else None
    if inner == pl.Null:
        return column.cast(wanted)
    if not isinstance(inner, pl.Struct):
        raise WrongColumn(str(dtype))
    at = pl.int_range(len(column), dtype=pl.Int64, eager=True).alias(AT)
    counts = column.list.len()
    surplus = (counts > fact.max_items).fill_null(value=False)
    if surplus.any():
        codes = pl.select(pl.when(surplus).then(pl.lit("too_many_items"))).to_series()
        add_faults(log, codes, counts.cast(pl.String), rows, fact, sheet=sheet)
        column = pl.select(pl.when(~surplus).then(column)).to_series()
    long = pl.DataFrame({AT: at, ROW: rows, "one": column}).explode("one", empty_as_null=False, keep_nulls=False)
    given = {field.name for field in inner.fields} & set(fact.fields)
    unnested = long.select(AT, ROW, *(pl.col("one").struct.field(key) for key in given))
    cleaned = clean_fields(unnested, fact, log, sheet)
    cleaned = check_days(cleaned, cleaned[ROW], log, on=on, parent=fact, sheet=sheet)
    gathered = gather_records(cleaned, fact, len(column))
    return pl.select(pl.when(column.is_not_null()).then(gathered).alias(fact.key)).to_series()


def clean_fields(
    long: pl.DataFrame, fact: Fact, log: FindingLog, sheet: str, *, units: dict[str, str] | None = None
) -> pl.DataFrame:
    """One row per record, its fields as the register keeps them."""
    columns = [long[AT], long[ROW]]
    for key, one in fact.fields.items():
        if key not in long.columns:
            continue
        try:
            cleaned = clean_column(long[key], one, (units or {}).get(key, ""))
        except WrongColumn as wrong:
            params = {"value": shown(wrong), "kind": kind_name(one)}
            log.add(Finding("wrong_column", None, column_label(one, fact), sheet, params), times=long.height)
            continue
        add_faults(log, cleaned.faults, long[key], long[ROW], one, sheet=sheet, parent=fact)
        columns.append(cleaned.values.alias(key))
    return pl.DataFrame(columns)
