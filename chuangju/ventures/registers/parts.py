"""Parts - the sheets and files of related records, found by their enterprise's key and put beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from chuangju.ventures.registers import dictionary
from chuangju.ventures.registers.cells import clean_column
from chuangju.ventures.registers.columns import KEY, find_columns
from chuangju.ventures.registers.findings import Finding, FindingLog, shown
from chuangju.ventures.registers.keys import even_out_keys
from chuangju.ventures.registers.quality import check_days
from chuangju.ventures.registers.records import clean_fields, gather_records
from chuangju.ventures.registers.sayings import add_faults
from chuangju.ventures.registers.tables import AT, ROW, Table, place_name


def attach_part(
    frame: pl.DataFrame, key: str, table: Table, log: FindingLog, *, on: date, mapping: Mapping[str, str]
) -> pl.DataFrame:
    """The frame with a column of records: those of the table under their enterprise, an empty list where it has none."""
    fact = dictionary().facts[key]
    columns, doubled, ignored = find_columns(table.header, key, mapping)
    for finding in table.findings:
        log.add(finding)
    for name in doubled:
        log.add(Finding("duplicate_column", None, shown(name), table.label))
    for name in ignored:
        log.add(Finding("unknown_column", None, shown(name), table.label))
    if KEY not in columns:
        log.add(Finding("missing_column", None, f"{key}.{KEY}", table.label))
        log.add(Finding("unread_sheet", None, "", table.label))
        return frame
    owners = _owners(frame, table, place_name(columns[KEY].place), log)
    used = {name: column for name, column in columns.items() if name != KEY}
    long = table.frame.select(
        pl.col(ROW), owners.alias(AT), *(pl.col(place_name(column.place)).alias(name) for name, column in used.items())
    ).drop_nulls(AT)
    units = {name: column.unit for name, column in used.items()}
    cleaned = clean_fields(long, fact, log, table.label, units=units)
    cleaned = check_days(cleaned, cleaned[ROW], log, on=on, parent=fact, sheet=table.label)
    gathered = gather_records(cleaned, fact, frame.height)
    return frame.with_columns(gathered.alias(key))


def _owners(frame: pl.DataFrame, table: Table, place: str, log: FindingLog) -> pl.Series:
    """For each row the place of its enterprise in the frame; rows without one are told and have none."""
    fact, given = dictionary().facts[KEY], even_out_keys(table.frame[place])
    keys = clean_column(given, fact)
    places = frame.select(KEY, pl.int_range(frame.height, dtype=pl.Int64).alias(AT))
    joined = pl.DataFrame({KEY: keys.values}).join(places, on=KEY, how="left", maintain_order="left")
    faults = joined.select(
        pl.coalesce(
            keys.faults,
            pl.when(pl.col(KEY).is_null()).then(pl.lit("missing_id")).when(pl.col(AT).is_null()).then(pl.lit("orphan")),
        )
    ).to_series()
    add_faults(log, faults, table.frame[place], table.frame[ROW], fact, sheet=table.label)
    return joined[AT]
