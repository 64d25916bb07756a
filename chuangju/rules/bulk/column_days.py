"""The calendar as Polars expressions in whole numbers alone, many times quicker than its functions; `days` says what it must be.

Months are numbered through from March of year 0, so that the leap day ends a year and no table of months is needed.
What is used more than once goes through `let`, which gives it a column of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl

from chuangju.rules.counting import WorkingDayAfter
from chuangju.rules.kinds import FAR

_EPOCH = date(1970, 1, 1).toordinal()
FIRST_DAY, LAST_DAY = date.min.toordinal() - _EPOCH, FAR.toordinal() - _EPOCH
# From 1 March of year 0 to 1 January 1970.
_SHIFT = 719_468
_MONTHS, _MARCH = 12, 2
_CENTURIES, _CENTURY, _FOUR_YEARS = 146_097, 100, 1_461
# The month of a day of the year as one multiplication: (2141 * day + 132377) / 65536, from March on.
_SLOPE, _OFFSET, _SCALE = 2_141, 132_377, 65_536
# Further than from one end of the calendar to the other.
_MOST_MONTHS = 200_000


Let = Callable[[pl.Expr], pl.Expr]


def add_months(day: pl.Expr, months: pl.Expr, let: Let) -> pl.Expr:
    """The day so many months on, clamped to its month's end and to the calendar's; FAR stays FAR."""
    number, place = _month_and_day(_days(day), let)
    index = let(number + months.clip(-_MOST_MONTHS, _MOST_MONTHS).cast(pl.Int32))
    first, last = _MONTHS - _MARCH, (FAR.year + 1) * _MONTHS - 1 - _MARCH
    held = let(index.clip(first, last))
    begin, end = let(_month_start(held, let)), _month_start(let(held + 1), let)
    moved = begin + place.clip(upper_bound=end - begin - 1)
    # A count that is unknown leaves the index unknown, and with it the day.
    moved = pl.when(index < first).then(pl.lit(FIRST_DAY, dtype=pl.Int32)).otherwise(moved)
    is_far = (day == FAR) & months.is_not_null() | (index > last)
    return _as_date(pl.when(is_far).then(pl.lit(LAST_DAY, dtype=pl.Int32)).otherwise(moved))


def add_days(day: pl.Expr, days: pl.Expr) -> pl.Expr:
    """The day so many days on, held within the calendar; FAR stays FAR."""
    moved = (_days(day).cast(pl.Int64) + days).clip(FIRST_DAY, LAST_DAY).cast(pl.Int32)
    return _as_date(pl.when((day == FAR) & days.is_not_null()).then(pl.lit(LAST_DAY, dtype=pl.Int32)).otherwise(moved))


def months_between(start: pl.Expr, end: pl.Expr, let: Let) -> pl.Expr:
    """The greatest n with add_months(start, n) <= end."""
    begin, begin_place = _month_and_day(_days(start), let)
    last, last_place = _month_and_day(_days(end), let)
    _, next_place = _month_and_day(_days(end) + 1, let)
    # At the end of a month its missing days have gone by too.
    is_short = (begin_place > last_place) & (next_place != 0)
    return (last - begin - is_short.cast(pl.Int32)).cast(pl.Int64)


def days_between(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Days from start to end, negative backwards."""
    return (_days(end) - _days(start)).cast(pl.Int64)


def year_of(day: pl.Expr, let: Let) -> pl.Expr:
    """The calendar year."""
    return _year(_days(day), let).cast(pl.Int64)


def year_start(day: pl.Expr, let: Let) -> pl.Expr:
    """The first day of the day's year; FAR stays FAR."""
    begin = _month_start(let(_year(_days(day), let) * _MONTHS - _MARCH), let)
    return _as_date(pl.when(day == FAR).then(pl.lit(LAST_DAY, dtype=pl.Int32)).otherwise(begin))


def working_day_after(start: pl.Expr, node: WorkingDayAfter) -> pl.Expr:
    """The day on which a count of working days is full, by a table of the days on which it can begin."""
    place = (_days(start) - (node.since.toordinal() - _EPOCH)).clip(0, len(node.days))
    days = pl.Series([*node.days, FAR], dtype=pl.Date)
    found: pl.Expr = place.replace_strict(pl.Series(range(len(days)), dtype=pl.Int32), days, return_dtype=pl.Date)
    return found


def _days(day: pl.Expr) -> pl.Expr:
    return day.cast(pl.Int32)


def _as_date(days: pl.Expr) -> pl.Expr:
    return days.cast(pl.Date)


def _month_and_day(days: pl.Expr, let: Let) -> tuple[pl.Expr, pl.Expr]:
    """The number of the month and the day's place in it, both from 0."""
    quarter_days = let((days + _SHIFT) * 4 + 3)
    # The last two bits set: the quarter days of the year's last day so far.
    rest = let(quarter_days % _CENTURIES | 3)
    year = quarter_days // _CENTURIES * _CENTURY + rest // _FOUR_YEARS
    scaled = let(rest % _FOUR_YEARS // 4 * _SLOPE + _OFFSET)
    return year * _MONTHS + scaled // _SCALE - _MARCH, (scaled & (_SCALE - 1)) // _SLOPE


def _month_start(number: pl.Expr, let: Let) -> pl.Expr:
    """The first day of the month of this number."""
    year, month = let(number // _MONTHS), number % _MONTHS
    return year * 365 + year // 4 - year // 100 + year // 400 + (month * 153 + 2) // 5 - _SHIFT


def _year(days: pl.Expr, let: Let) -> pl.Expr:
    number, _ = _month_and_day(days, let)
    return (number + _MARCH) // _MONTHS
