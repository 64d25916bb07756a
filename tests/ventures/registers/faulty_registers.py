"""Registers that can be used but for some of what they hold: what is wrong, and where it has to be told."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import openpyxl
import polars as pl

from tests.ventures.registers.bad_registers import Maker, book, changed_xlsx, csv_file, epoch_1904, parquet, raw

_ID, _NAME = "统一社会信用代码", "名称"


def cells(header: str, *values: object) -> Maker:
    """A csv with a key and one more column."""
    rows: list[Sequence[object]] = [
        (_ID, header),
        *((f"A{place}", f'"{value}"') for place, value in enumerate(values, 1)),
    ]
    return lambda folder: csv_file(folder, rows)


def columns(**values: object) -> Maker:
    """A Parquet file with a key and more columns."""
    height = max(len(value) for value in values.values())  # type: ignore[arg-type]
    return lambda folder: parquet(folder, {"id": [f"A{place}" for place in range(1, height + 1)], **values})


def sheets(*more: tuple[str, Sequence[Sequence[object]]]) -> Maker:
    """A workbook with one enterprise and further sheets."""
    return lambda folder: book(folder, ("企业", [(_ID, _NAME), ("A1", "甲")]), *more)


def error_cell(folder: Path) -> Path:
    """A workbook with a formula's error in place of a number."""
    workbook = openpyxl.Workbook()
    workbook.active.append(["id", "staff_count"])
    workbook.active.append(["A1", 1])
    workbook.active["B2"] = "#N/A"
    workbook.active["B2"].data_type = "e"
    path = folder / "errors.xlsx"
    workbook.save(path)
    return path


def formula(folder: Path) -> Path:
    """A workbook written by a program that computes nothing."""
    return book(folder, ("企业", [("id", "staff_count"), ("A1", "=1+1")]))


def surplus(folder: Path) -> Path:
    """A csv whose second row is wider than its head."""
    return raw(folder, "wide.csv", b"id,name\nA1,x\nA2,y,z\n")


def related_csv(folder: Path) -> Path:
    """A csv with its employees beside it, one of whom belongs to nobody."""
    csv_file(folder, [("id", "residence"), ("A1", "city"), ("B9", "city")], "register.employees.csv")
    return csv_file(folder, [("id", "name"), ("A1", "甲")])


# What is wrong: the file, and (code, row, column) of what must be told.
FAULTY: dict[str, tuple[Maker, tuple[str, int | None, str]]] = {
    "unknown town": (cells("所属街镇", "莘庄镇", "月球镇"), ("unknown_code", 3, "town")),
    "unknown industry": (cells("行业代码", "6510", "9810"), ("unknown_code", 3, "industry")),
    "a code that is no text": (columns(town=[310112101, 1]), ("unknown_code", 2, "town")),
    "bad credit code": (
        lambda folder: csv_file(folder, [(_ID, _NAME), ("91310112MA1GB0EE1X", "甲")]),
        ("bad_credit_code", 2, "id"),
    ),
    "credit code too short": (
        lambda folder: csv_file(folder, [(_ID, _NAME), ("91310112MA1GB0EE1", "甲")]),
        ("bad_credit_code", 2, "id"),
    ),
    "31 February": (cells("成立日期", "2024-02-31"), ("impossible_date", 2, "registered_on")),
    "month 13": (cells("成立日期", "2024年13月1日"), ("impossible_date", 2, "registered_on")),
    "no date at all": (cells("成立日期", "去年"), ("wrong_type", 2, "registered_on")),
    "a serial number for a date": (cells("成立日期", "45352"), ("wrong_type", 2, "registered_on")),
    "registered in the future": (cells("成立日期", "2031-01-01"), ("future_date", 2, "registered_on")),
    "registered before there was a register": (cells("成立日期", "1900-01-01"), ("out_of_bounds", 2, "registered_on")),
    "closed before registered": (
        columns(registered_on=[date(2024, 3, 1)], closed_on=[date(2023, 3, 1)]),
        ("ends_before_start", 1, "closed_on"),
    ),
    "negative money": (cells("年营业收入", "-5元"), ("negative_money", 2, "turnover_year")),
    "money finer than a fen": (cells("年营业收入", "0.005元"), ("too_fine", 2, "turnover_year")),
    "money with half a fen": (cells("年营业收入", "100.5"), ("not_whole", 2, "turnover_year")),
    "money beyond all bounds": (cells("年营业收入", "9" * 17), ("out_of_bounds", 2, "turnover_year")),
    "a number of forty digits": (cells("从业人数", "9" * 40), ("out_of_bounds", 2, "staff_count")),
    "unsigned beyond 64 bits": (
        columns(turnover_year=pl.Series([2**64 - 1], dtype=pl.UInt64)),
        ("out_of_bounds", 1, "turnover_year"),
    ),
    "half a person": (columns(staff_count=[2.5]), ("not_whole", 1, "staff_count")),
    "infinitely many": (columns(staff_count=[float("inf")]), ("out_of_bounds", 1, "staff_count")),
    "more than the whole": (cells("出资比例", "130%"), ("out_of_bounds", 2, "founder_share")),
    "neither yes nor no": (cells("劳务派遣单位", "也许"), ("wrong_type", 2, "labour_dispatch")),
    "one of several codes": (cells("重点群体身份", "高校毕业生、外星人"), ("unknown_code", 2, "founder_groups")),
    "a series with a word": (cells("各季度从业人数", "3 4 五"), ("wrong_type", 2, "staff_quarters")),
    "a series too long": (cells("各季度从业人数", "1 2 3 4 5 6 7 8 9"), ("too_many_items", 2, "staff_quarters")),
    "control signs in a name": (columns(name=["甲\x01公司"]), ("hidden_signs", 1, "name")),
    "a name of 600 signs": (cells("名称", "很" * 600), ("too_long", 2, "name")),
    "no key": (lambda folder: csv_file(folder, [(_ID, _NAME), ("", "甲"), ("A2", "乙")]), ("missing_id", 2, "id")),
    "a key twice": (
        lambda folder: csv_file(folder, [(_ID, _NAME), ("A1", "甲"), ("A2", "乙"), ("A 1", "丙")]),
        ("duplicate_id", 4, "id"),
    ),
    "a column twice": (
        lambda folder: csv_file(folder, [(_ID, _NAME, "企业名称"), ("A1", "甲", "乙")]),
        ("duplicate_column", None, "企业名称"),
    ),
    "a row too wide": (surplus, ("surplus_cells", 3, "")),
    "an employee of nobody": (related_csv, ("orphan", 3, "id")),
    "a lease that ends first": (
        sheets(("租赁", [("id", "from", "to"), ("A1", "2024-03-01", "2024-02-01")])),
        ("ends_before_start", 2, "leases.to"),
    ),
    "hired in the future": (
        sheets(("员工", [("id", "入职日期"), ("A1", "2031-01-01")])),
        ("future_date", 2, "employees.hired_on"),
    ),
    "related records without a key": (sheets(("员工", [("户籍",), ("city",)])), ("unread_sheet", None, "")),
    "a sheet about something else": (sheets(("通讯录", [("电话", "备注"), ("1", "x")])), ("unread_sheet", None, "")),
    "an error for a value": (error_cell, ("error_cell", 2, "staff_count")),
    "a formula without a value": (formula, ("formula_without_value", 2, "staff_count")),
    "records as text": (columns(employees=["[]"]), ("wrong_column", None, "employees")),
    "records as numbers": (columns(employees=[[1, 2]]), ("wrong_column", None, "employees")),
    "a column of dates that holds numbers": (columns(registered_on=[45352]), ("wrong_column", None, "registered_on")),
    "a column of numbers that holds dates": (
        columns(staff_count=[date(2024, 1, 1)]),
        ("wrong_column", None, "staff_count"),
    ),
    "a field of the wrong type": (
        columns(employees=[[{"residence": "city", "insured_months": date(2024, 1, 1)}]]),
        ("wrong_column", None, "employees.insured_months"),
    ),
    "a field with an unknown code": (
        columns(employees=[[], [{"residence": "moon"}]]),
        ("unknown_code", 2, "employees.residence"),
    ),
    "codes of a list that nobody knows": (
        columns(founder_groups=[["graduate", "moon"]]),
        ("unknown_code", 1, "founder_groups"),
    ),
    "time in place of days": (
        columns(registered_on=[datetime(2031, 1, 1, 10)]),  # noqa: DTZ001 - as a file has it
        ("future_date", 1, "registered_on"),
    ),
}
# All right, though it does not look so.
HARMLESS: dict[str, Maker] = {
    "days from 1904": epoch_1904,
    "a file in GB18030": lambda folder: csv_file(folder, [(_ID, _NAME), ("A1", "甲公司")], encoding="gb18030"),
    "a file in UTF-16": lambda folder: csv_file(folder, [(_ID, _NAME), ("A1", "甲公司")], encoding="utf-16"),
    "a file with its mark": lambda folder: csv_file(folder, [(_ID, _NAME), ("A1", "甲公司")], encoding="utf-8-sig"),
    "an archive comment": lambda folder: _commented(changed_xlsx(folder, {})),
}


def _commented(path: Path) -> Path:
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"x" * 100
    return path
