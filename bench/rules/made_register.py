"""A register of the 26 facts that the measured policies ask for: any size, the same for the same seed, with gaps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
from polars.io.plugins import register_io_source as scan_frames

from chuangju.ventures.registers import dictionary
from chuangju.ventures.registers.columns import COMPRESSION, dtype_of

CHUNK = 500_000
_EPOCH = date(1970, 1, 1).toordinal()
# Key: (first, last, gaps in a thousand).
_DATES = {
    "registered_on": (date(2012, 1, 1), date(2025, 6, 30), 10),
    "founder_born_on": (date(1965, 1, 1), date(2004, 1, 1), 40),
    "founder_graduated_on": (date(1995, 1, 1), date(2025, 6, 30), 60),
    "founder_unemployed_since": (date(2012, 1, 1), date(2025, 6, 1), 60),
    "incubated_from": (date(2018, 1, 1), date(2025, 6, 1), 40),
}
_NUMBERS = {
    "staff_count": (0, 60, 20),
    "turnover_year": (0, 3_000_000_000, 40),
    "taxable_income": (0, 500_000_000, 50),
    "monthly_rent": (0, 900_000, 50),
    "rent_months_granted": (0, 30, 30),
    "founder_share": (0, 10_000, 40),
    "site_fee_paid": (0, 8_000_000, 40),
}
# Key: (yes in a hundred, gaps in a thousand).
_FLAGS = {
    "restricted_trade": (8, 20),
    "labour_dispatch": (3, 20),
    "founder_first_venture": (65, 40),
    "founder_dishonest": (3, 20),
    "legal_representative": (85, 20),
}
# Key: (codes that are more frequent than others with their parts in a hundred, gaps in a thousand).
_CODES: dict[str, tuple[dict[str, int], int]] = {
    "entity_type": ({"company": 60, "individual_business": 20}, 10),
    "status": ({"active": 85}, 10),
    "industry_section": ({}, 20),
    "size_class": ({"micro": 60, "small": 20}, 20),
    "vat_payer": ({"small_scale": 40}, 20),
    "founder_residence": ({}, 30),
    "founder_education": ({}, 60),
    "incubator_grade": ({}, 40),
    "town": ({}, 10),
}


def make_register(rows: int, *, seed: int, first: int = 0) -> pl.DataFrame:
    """So many enterprises from a row on."""
    place = pl.int_range(first, first + rows, dtype=pl.Int64, eager=True).alias("place")
    keys = [*_DATES, *_NUMBERS, *_FLAGS, *_CODES]
    draws = {key: place.hash(seed * 1_000 + number) for number, key in enumerate(keys)}
    gaps = {key: place.hash(seed * 1_000 + 500 + number) % 1_000 for number, key in enumerate(keys)}
    columns = {"id": pl.select(pl.lit("91310112") + place.cast(pl.String).str.zfill(10)).to_series()}
    for key in keys:
        value, often = _value(key, draws[key])
        columns[key] = pl.select(pl.when(gaps[key] >= often).then(value)).to_series()
    return pl.DataFrame(columns)


def _value(key: str, draw: pl.Series) -> tuple[pl.Series, int]:
    if key in _DATES:
        low, high, gaps = _DATES[key]
        days = (draw % (high.toordinal() - low.toordinal() + 1)).cast(pl.Int64) + (low.toordinal() - _EPOCH)
        return days.cast(pl.Int32).cast(pl.Date), gaps
    if key in _NUMBERS:
        least, most, gaps = _NUMBERS[key]
        return (draw % (most - least + 1)).cast(pl.Int64) + least, gaps
    if key in _FLAGS:
        share, gaps = _FLAGS[key]
        return draw % 100 < share, gaps
    frequent, gaps = _CODES[key]
    dtype = dtype_of(dictionary().facts[key])
    codes = [code for code, parts in frequent.items() for _ in range(parts)]
    named = list(dictionary().facts[key].codes.codes)[:20]  # type: ignore[union-attr]
    codes += [named[number % len(named)] for number in range(100 - len(codes))]
    return pl.Series(codes, dtype=dtype).gather(draw % 100), gaps


def write_made(path: Path, rows: int, *, seed: int) -> Path:
    """The register as a Parquet file, unless it is there already."""
    if path.exists():
        return path

    def _chunks(*_asked: object) -> Iterator[pl.DataFrame]:
        for begin in range(0, rows, CHUNK):
            yield make_register(min(CHUNK, rows - begin), seed=seed, first=begin)

    schema = make_register(1, seed=seed).schema
    scan_frames(_chunks, schema=schema).sink_parquet(path, compression=COMPRESSION, row_group_size=125_000)
    return path
