"""Reading a register - Parquet, xlsx or csv become one frame of facts and a report of what is wrong in it by row and column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from chuangju.papers.grids import UnreadableFile
from chuangju.papers.sentences import name_file
from chuangju.rules.kinds import Kind
from chuangju.ventures.registers import dictionary
from chuangju.ventures.registers.cells import WrongColumn, clean_column
from chuangju.ventures.registers.columns import KEY, Column, dictionary_version, find_columns
from chuangju.ventures.registers.findings import Finding, FindingLog, UnreadableRegister, refuse, shown
from chuangju.ventures.registers.keys import even_out_keys
from chuangju.ventures.registers.parts import attach_part
from chuangju.ventures.registers.quality import check_days, check_keys, derive_industry, tell_missing
from chuangju.ventures.registers.records import clean_records
from chuangju.ventures.registers.sayings import add_faults, kind_name
from chuangju.ventures.registers.sources import read_tables
from chuangju.ventures.registers.tables import MAX_ROWS, ROW, Table, place_name

Progress = Callable[[int, int], None]
SYNTHETIC = "chuangju.synthetic"
_LONGEST_HEADER = 12


@dataclass(slots=True)
class Register:
    """What was read: a row for each enterprise, each column typed as the dictionary says, null where nothing is known."""

    frame: pl.DataFrame
    log: FindingLog
    # Rows in the file, those left out included.
    rows: int
    # Facts by what their columns are called in the file, and columns of it that were not understood.
    columns: Mapping[str, str]
    ignored: Sequence[str]
    about: Mapping[str, str] = field(default_factory=dict)
    version: str = field(default_factory=dictionary_version)

    @property
    def is_synthetic(self) -> bool:
        """Whether the file says that nobody in it exists."""
        return self.about.get(SYNTHETIC) == "true"

    def report(self) -> dict[str, Any]:
        """The report as it is kept and printed."""
        return {
            "rows": self.rows,
            "enterprises": self.frame.height,
            "columns": len(self.columns),
            "version": self.version,
            "synthetic": self.is_synthetic,
            "faults": self.log.faults,
            "counts": self.log.counts(),
            "findings": [finding.as_dict() for finding in self.log.kept],
            "ignored": list(self.ignored),
        }


def read_register(
    *paths: Path,
    names: Sequence[str] = (),
    mapping: Mapping[str, str] | None = None,
    on: date,
    most_rows: int = MAX_ROWS,
    on_progress: Progress | None = None,
) -> Register:
    """The register of a file (and of those beside it that hold its related records); raises UnreadableRegister.

    `mapping` says which key a column of the file holds, by the column's name there; `on` is the day of the data, after
    which nothing can have happened.
    """
    called = names[0] if names else (paths[0].name if paths else "")
    try:
        tables = read_tables(paths, names, mapping=mapping, most_rows=most_rows)
        return _assemble(tables, mapping or {}, on, on_progress)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        # Values that no program wrote: a file whose bits have turned.
        refusal = name_file(refuse("not_parquet"), called)
        raise UnreadableRegister(refusal.sentence, code=refusal.code, params=refusal.params) from error
    except UnreadableFile as refusal:
        named = name_file(refusal, called)
        raise UnreadableRegister(named.sentence, code=named.code, params=named.params) from refusal


def _assemble(tables: list[Table], mapping: Mapping[str, str], on: date, on_progress: Progress | None) -> Register:
    main, parts, unread = _sort_out(tables, mapping)
    columns, doubled, ignored = find_columns(main.header, "", mapping)
    if KEY not in columns:
        raise refuse("no_id_column", header="、".join(shown(name) for name in main.header[:_LONGEST_HEADER]))
    if not main.height:
        raise refuse("no_rows")
    log = FindingLog()
    sheet = "" if main.is_typed else main.label
    for finding in main.findings:
        log.add(finding)
    _tell_columns(log, sheet, doubled, ignored)
    steps = len(columns) + len(parts)
    frame = pl.DataFrame([main.frame[ROW]])
    for done, column in enumerate(columns.values(), start=1):
        values = _clean(main, column, log, sheet, on)
        if values is not None:
            frame = frame.with_columns(values.alias(column.key))
        if on_progress:
            on_progress(done, steps)
    frame = check_keys(frame, log, sheet=sheet)
    frame = check_days(frame, frame[ROW], log, on=on, sheet=sheet)
    for done, (key, table) in enumerate(parts.items(), start=len(columns) + 1):
        frame = attach_part(frame, key, table, log, on=on, mapping=mapping)
        if on_progress:
            on_progress(done, steps)
    for label in unread:
        log.add(Finding("unread_sheet", None, "", label))
    frame = derive_industry(frame)
    tell_missing(frame.columns, log)
    names = {key: column.name for key, column in columns.items()}
    return Register(_in_order(frame), log, main.height, names, ignored, main.about)


def _sort_out(tables: list[Table], mapping: Mapping[str, str]) -> tuple[Table, dict[str, Table], list[str]]:
    """The table of enterprises, the related ones by their key, and the names of those that are neither."""
    parts: dict[str, Table] = {}
    mains: list[Table] = []
    unread: list[str] = []
    for table in tables:
        if table.part and table.part not in parts:
            parts[table.part] = table
        elif table.part:
            unread.append(table.label)
        else:
            mains.append(table)
    if not mains:
        raise refuse("no_main_table")
    keyed = [table for table in mains if KEY in find_columns(table.header, "", mapping)[0]]
    main = max(keyed or mains, key=lambda table: len(find_columns(table.header, "", mapping)[0]))
    unread += [table.label for table in mains if table is not main and table.height]
    return main, parts, unread


def _tell_columns(log: FindingLog, sheet: str, doubled: Sequence[str], ignored: Sequence[str]) -> None:
    for name in doubled:
        log.add(Finding("duplicate_column", None, shown(name), sheet))
    for name in ignored:
        log.add(Finding("unknown_column", None, shown(name), sheet))


def _clean(table: Table, column: Column, log: FindingLog, sheet: str, on: date) -> pl.Series | None:
    """One column as the register keeps it; None where it cannot be used, which is told."""
    fact = dictionary().facts[column.key]
    given, rows = table.frame[place_name(column.place)], table.frame[ROW]
    if column.key == KEY:
        given = even_out_keys(given)
    try:
        if fact.kind is Kind.RECORDS:
            if given.dtype == pl.String and given.null_count() == len(given):
                given = given.cast(pl.Null)
            return clean_records(given, rows, fact, log, on=on, sheet=sheet)
        cleaned = clean_column(given, fact, column.unit)
    except WrongColumn as wrong:
        params = {"value": shown(wrong), "kind": kind_name(fact)}
        log.add(Finding("wrong_column", None, column.key, sheet, params), times=max(1, table.height))
        return None
    add_faults(log, cleaned.faults, given, rows, fact, sheet=sheet)
    return cleaned.values


def _in_order(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns in the dictionary's order, without the row numbers."""
    return frame.select(key for key in dictionary().facts if key in frame.columns)
