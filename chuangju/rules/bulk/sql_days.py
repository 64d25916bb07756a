"""The calendar as SQL, from the year, the month and the day of a date alone: functions of months differ between engines."""

from __future__ import annotations

from datetime import date

from chuangju.rules.bulk.column_days import FIRST_DAY, LAST_DAY
from chuangju.rules.bulk.dialects import Dialect
from chuangju.rules.counting import WorkingDayAfter
from chuangju.rules.kinds import FAR, Kind

_EPOCH = date(1970, 1, 1).toordinal()
_FIRST_INDEX, _LAST_INDEX = 12, (FAR.year + 1) * 12 - 1


def add_months(dialect: Dialect, day: str, months: str) -> str:
    """The day so many months on, clamped to its month's end and to the calendar's; FAR stays FAR."""
    return dialect.let({"day": day, "months": months}, lambda *held: _add_months(dialect, *held))


def _add_months(dialect: Dialect, day: str, months: str) -> str:
    far, first = dialect.constant(FAR, Kind.DATE), dialect.constant(date.min, Kind.DATE)
    index = f"({_index(dialect, day)} + {months})"
    place = f"(CAST(day({day}) AS {dialect.integer}) - 1)"
    begin, following = _month_start(dialect, index), _month_start(dialect, f"({index} + 1)")
    # Both are known where this is looked at.
    days = f"LEAST(({begin} + {place}), ({following} - 1))"
    moved = dialect.day_at.format(days)
    return (
        f"(CASE WHEN (({day} IS NULL) OR ({months} IS NULL)) THEN NULL WHEN ({day} = {far}) THEN {far} "
        f"WHEN ({index} > {_LAST_INDEX}) THEN {far} WHEN ({index} < {_FIRST_INDEX}) THEN {first} ELSE {moved} END)"
    )


def add_days(dialect: Dialect, day: str, days: str) -> str:
    """The day so many days on, held within the calendar; FAR stays FAR."""
    return dialect.let({"day": day, "days": days}, lambda *held: _add_days(dialect, *held))


def _add_days(dialect: Dialect, day: str, days: str) -> str:
    far, first = dialect.constant(FAR, Kind.DATE), dialect.constant(date.min, Kind.DATE)
    moved = f"({dialect.days_of.format(day)} + {days})"
    return (
        f"(CASE WHEN (({day} IS NULL) OR ({days} IS NULL)) THEN NULL WHEN ({day} = {far}) THEN {far} "
        f"WHEN ({moved} > {LAST_DAY}) THEN {far} WHEN ({moved} < {FIRST_DAY}) THEN {first} "
        f"ELSE {dialect.day_at.format(moved)} END)"
    )


def months_between(dialect: Dialect, start: str, end: str) -> str:
    """The greatest n with add_months(start, n) <= end."""
    return dialect.let({"begin": start, "stop": end}, lambda *held: _months_between(dialect, *held))


def _months_between(dialect: Dialect, start: str, end: str) -> str:
    following = dialect.day_at.format(f"({dialect.days_of.format(end)} + 1)")
    is_month_end = f"(day({following}) = 1)"
    is_short = f"((day({start}) > day({end})) AND (NOT {is_month_end}))"
    return f"(({_index(dialect, end)} - {_index(dialect, start)}) - (CASE WHEN {is_short} THEN 1 ELSE 0 END))"


def years_between(dialect: Dialect, start: str, end: str) -> str:
    """The greatest n with add_months(start, 12 n) <= end; dividing cuts off, so the rest is taken away first."""

    def _years(months: str) -> str:
        return dialect.divide.format(f"({months} - ((({months} % 12) + 12) % 12))", dialect.number(12))

    return dialect.let({"months": months_between(dialect, start, end)}, _years)


def days_between(dialect: Dialect, start: str, end: str) -> str:
    """Days from start to end, negative backwards."""
    return f"({dialect.days_of.format(end)} - {dialect.days_of.format(start)})"


def year_of(dialect: Dialect, day: str) -> str:
    """The calendar year."""
    return f"CAST(year({day}) AS {dialect.integer})"


def year_start(dialect: Dialect, day: str) -> str:
    """The first day of the day's year; FAR stays FAR."""
    far = dialect.constant(FAR, Kind.DATE)

    def _start(held: str) -> str:
        begin = f"make_date(CAST(year({held}) AS INTEGER), 1, 1)"
        return f"(CASE WHEN ({held} IS NULL) THEN NULL WHEN ({held} = {far}) THEN {far} ELSE {begin} END)"

    return dialect.let({"day": day}, _start)


def working_day_after(dialect: Dialect, start: str, node: WorkingDayAfter) -> str:
    """The day on which a count of working days is full, by a list of the days on which it can begin."""
    return dialect.let({"day": start}, lambda day: _working_day_after(dialect, day, node))


def _working_day_after(dialect: Dialect, day: str, node: WorkingDayAfter) -> str:
    days = dialect.listed.format(", ".join(str(one.toordinal() - _EPOCH) for one in node.days))
    place = f"({dialect.days_of.format(day)} - {node.since.toordinal() - _EPOCH - 1})"
    found = dialect.day_at.format(dialect.at.format(days, place))
    return (
        f"(CASE WHEN ({place} < 1) THEN {dialect.constant(node.days[0], Kind.DATE)} "
        f"WHEN ({place} > {len(node.days)}) THEN {dialect.constant(FAR, Kind.DATE)} ELSE {found} END)"
    )


def _index(dialect: Dialect, day: str) -> str:
    """Months numbered through from January of year 0."""
    return f"(((CAST(year({day}) AS {dialect.integer}) * 12) + CAST(month({day}) AS {dialect.integer})) - 1)"


def _month_start(dialect: Dialect, index: str) -> str:
    """The day, by its number, on which the month of this number begins."""
    year = f"CAST({dialect.divide.format(index, dialect.number(12))} AS INTEGER)"
    begin = f"make_date({year}, CAST((({index} % 12) + 1) AS INTEGER), 1)"
    return dialect.days_of.format(begin)
