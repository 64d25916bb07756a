"""Quality - what single cells cannot show: days that contradict each other or the day of the data, keys that are wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from chuangju.rules.facts import Fact
from chuangju.ventures.registers import dictionary, section_of_division
from chuangju.ventures.registers.columns import EXPECTED, KEY, dtype_of
from chuangju.ventures.registers.credit_codes import is_bad_code
from chuangju.ventures.registers.findings import Finding, FindingLog
from chuangju.ventures.registers.sayings import add_faults, column_label, params_for
from chuangju.ventures.registers.tables import ROW

# Which day may not come before which; where it does, neither counts.
IN_ORDER = (
    ("registered_on", "closed_on"),
    ("incubated_from", "incubated_to"),
    ("founder_born_on", "founder_graduated_on"),
    ("founder_born_on", "founder_hired_on"),
)
IN_ORDER_WITHIN = {"leases": ("from", "to"), "loans": ("from", "to"), "trainees": ("from", "to")}
# What has happened: it cannot lie after the day of the data.
PAST = (
    "registered_on", "closed_on", "incubated_from", "founder_born_on", "founder_unemployed_since", "founder_discharged_on",
    "founder_hired_on", "recognised_on", "carrier_since", "invested_on", "team_entered_on",
)  # fmt: skip
PAST_WITHIN = {
    "employees": ("hired_on", "insured_from"),
    "grants": ("paid_on",),
    "founder_grants": ("paid_on",),
    "loans": ("from", "repaid_on"),
}


def check_days(
    frame: pl.DataFrame, rows: pl.Series, log: FindingLog, *, on: date, parent: Fact | None = None, sheet: str = ""
) -> pl.DataFrame:
    """Days after the day of the data, and ends before their beginnings, become unknown."""
    days = _Days(rows, log, parent, sheet)
    for key in PAST_WITHIN.get(parent.key, ()) if parent else PAST:
        if key in frame.columns:
            frame = days.drop_where(frame, pl.col(key) > on, "future_date", key)
    pairs = [IN_ORDER_WITHIN[parent.key]] if parent and parent.key in IN_ORDER_WITHIN else ()
    for first, last in pairs if parent else IN_ORDER:
        if first in frame.columns and last in frame.columns:
            frame = days.drop_where(frame, pl.col(last) < pl.col(first), "ends_before_start", last, first)
    return frame


def check_keys(frame: pl.DataFrame, log: FindingLog, *, sheet: str) -> pl.DataFrame:
    """Each enterprise once and with its key; a credit code with a wrong digit is told and stays what it is found by."""
    fact, rows = dictionary().facts[KEY], frame[ROW]
    keys = pl.col(KEY)
    faults = frame.select(
        pl.when(keys.is_null())
        .then(pl.lit("missing_id"))
        .when(~keys.is_first_distinct())
        .then(pl.lit("duplicate_id"))
        .when(is_bad_code(keys).fill_null(value=False))
        .then(pl.lit("bad_credit_code"))
    ).to_series()
    add_faults(log, faults, frame[KEY], rows, fact, sheet=sheet)
    return frame.filter(faults.is_null() | (faults == "bad_credit_code"))


def tell_missing(columns: list[str], log: FindingLog) -> None:
    """Which of the usual columns the register lacks."""
    for key in EXPECTED:
        if key not in columns:
            log.add(Finding("missing_column", None, key))


def derive_industry(frame: pl.DataFrame) -> pl.DataFrame:
    """Division and section where the register gives only the code."""
    if "industry" not in frame.columns:
        return frame
    facts, sections = dictionary().facts, section_of_division()
    code = pl.col("industry").cast(pl.String)
    division = pl.when(code.str.len_chars() > 1).then(code.str.head(2))
    section = (
        pl.when(code.str.len_chars() == 1)
        .then(code)
        .otherwise(division.replace_strict([*sections], [*sections.values()], default=None, return_dtype=pl.String))
    )
    for key, found in (("industry_division", division), ("industry_section", section)):
        derived = found.cast(dtype_of(facts[key]), strict=False)
        frame = frame.with_columns((pl.coalesce(key, derived) if key in frame.columns else derived).alias(key))
    return frame


@dataclass(frozen=True, slots=True)
class _Days:
    """Where days are looked at: the register itself or related records, with the numbers of their rows."""

    rows: pl.Series
    log: FindingLog
    parent: Fact | None
    sheet: str

    @property
    def facts(self) -> Mapping[str, Fact]:
        return self.parent.fields if self.parent else dictionary().facts

    def drop_where(self, frame: pl.DataFrame, where: pl.Expr, code: str, *keys: str) -> pl.DataFrame:
        """Null in these columns where it holds, told of the first."""
        mask = frame.select(where.fill_null(value=False).alias("mask")).to_series()
        if not mask.any():
            return frame
        fact, other = self.facts[keys[0]], self.facts[keys[-1]]
        label = column_label(fact, self.parent)
        found = pl.DataFrame({"row": self.rows, "value": frame[fact.key]}).filter(mask)
        room = self.log.room_for(code, self.sheet, label)
        for row, value in found.head(room).iter_rows():
            params = params_for(value, fact) | {"other": other.name.zh, "other_key": other.key}
            self.log.add(Finding(code, row, label, self.sheet, params))
        self.log.count_only(code, self.sheet, label, found.height - min(room, found.height))
        return frame.with_columns(pl.when(mask).then(None).otherwise(pl.col(key)).alias(key) for key in keys)
