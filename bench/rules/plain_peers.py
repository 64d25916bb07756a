"""The same policies written by hand for Polars and for plain Python rows: two-valued, no explanation, only amounts.

Run as `plain_peers.py polars|rows REGISTER ROWS AMOUNTS`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Any

import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench.rules.measuring import measure, tell
from bench.rules.plain import ALL_FACTS, POLICIES, facts_of
from chuangju.rules.days import months_between

Row = dict[str, Any]


def _polars_months(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    months = (end.dt.year() - start.dt.year()) * 12 + (end.dt.month().cast(pl.Int32) - start.dt.month())
    return months - ((start.dt.day() > end.dt.day()) & (end != end.dt.month_end())).cast(pl.Int32)


_FOR_POLARS: dict[str, Callable[..., Any]] = {
    "day": date.fromisoformat,
    "isin": lambda part, codes: part.is_in(list(codes)),
    "least": pl.min_horizontal,
    "pick": lambda condition, yes, no: pl.when(condition).then(yes).otherwise(no),
    "months": _polars_months,
}
_FOR_ROWS: dict[str, Callable[..., Any]] = {
    "day": date.fromisoformat,
    "isin": lambda value, codes: value in codes,
    "least": min,
    "pick": lambda condition, yes, no: yes if condition else no,
    "months": months_between,
}


def polars_amounts() -> list[pl.Expr]:
    """For each policy the amount of those who qualify."""
    given = {**_FOR_POLARS, **{key: pl.col(key) for key in ALL_FACTS}}
    found = []
    for name, (conditions, amount) in POLICIES.items():
        holds = reduce(lambda a, b: a & b, (eval(one, given) for one in conditions))  # noqa: S307 - our own text
        value = eval(amount, given)  # noqa: S307 - as above
        value = value if isinstance(value, pl.Expr) else pl.lit(value, dtype=pl.Int64)
        found.append(pl.when(holds).then(value).alias(name))
    return found


def row_function(conditions: tuple[str, ...], amount: str) -> Callable[[Row], int | None]:
    """A function as one would write it: stop at the first condition that fails; unknown is a default value."""
    facts = sorted({fact for text in (*conditions, amount) for fact in facts_of(text)})
    tests = " and ".join(one.replace("~", "not ") for one in conditions)
    lines = ["def decide(row):", *(f"    {fact} = row['{fact}']" for fact in facts)]
    lines += [f"    return ({amount}) if {tests} else None"]
    made: dict[str, Any] = dict(_FOR_ROWS)
    exec("\n".join(lines), made)  # noqa: S102 - our own text
    function: Callable[[Row], int | None] = made["decide"]
    return function


def _filled(name: str, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.Enum):
        return pl.col(name).cast(pl.String).fill_null("")
    return pl.col(name).fill_null(date(1970, 1, 1) if dtype == pl.Date else False if dtype == pl.Boolean else 0)


def main() -> None:
    """Measure one of the two, then write the amounts."""
    which, register, count, target = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
    if which == "polars":
        wanted, frame = polars_amounts(), pl.read_parquet(register).rechunk()
        for engine in ("in-memory", "streaming"):
            held = {"what": f"plain Polars ({engine}), in memory"}
            tell(**held, **measure(lambda engine=engine: frame.lazy().select(wanted).collect(engine=engine)))
        tell(
            what="plain Polars, from file",
            **measure(lambda: pl.scan_parquet(register).select(wanted).collect(engine="streaming")),
        )
        frame.select(wanted).write_parquet(target)
        return
    functions = {name: row_function(*policy) for name, policy in POLICIES.items()}
    frame = pl.scan_parquet(register).select(ALL_FACTS).head(count).collect()
    rows = frame.select(_filled(name, dtype) for name, dtype in frame.schema.items()).to_dicts()
    tell(
        what="plain Python rows",
        rows=count,
        **measure(lambda: [[run(row) for run in functions.values()] for row in rows], runs=2),
    )
    pl.DataFrame({name: [run(row) for row in rows] for name, run in functions.items()}).write_parquet(target)


if __name__ == "__main__":
    main()
