"""匹配汇总 - what the pages of a run show, counted once from its decisions: by policy, town, industry, size; near misses.

Loads the dataframe library: imported only by what computes, never with a page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from chuangju.rules.closures import compile_tree
from chuangju.rules.gaps import find_gap
from chuangju.rules.policy import Policy
from chuangju.rules.program import VERDICTS, Program, facts_of, prepare_policy
from chuangju.rules.tree import Aggregate, FactRef, Node, walk

# The columns by which a result is laid out, as they are called in a register.
GROUPS = {"town": "town", "industry": "industry_section", "size": "size_class"}
KEPT = ("name", *GROUPS.values())
ENTERPRISES = "enterprises.parquet"
# Lists of records that are people.
_PEOPLE = frozenset({"employees", "trainees"})
# So many enterprises of one group are measured one by one: how far short, and what they would get.
# Where nobody can do anything about it, a few are enough to tell by how much.
MEASURED, MEASURED_OTHERS = 4_000, 300


def write_enterprises(register: Path, target: Path) -> None:
    """Who stands in which row: names and groups beside the decisions, so that an old run can be read without its register."""
    lazy = pl.scan_parquet(register, glob=False)
    known = set(lazy.collect_schema())
    columns = [pl.col("id").cast(pl.String)]
    columns += [
        (pl.col(name).cast(pl.String) if name in known else pl.lit(None, dtype=pl.String)).alias(name) for name in KEPT
    ]
    partly = target.with_suffix(".part")
    lazy.select(columns).sink_parquet(partly, compression="lz4")
    partly.replace(target)


def summarise(
    register: Path, folder: Path, policies: Sequence[Policy], *, on: date, tell: Callable[[int, int], None]
) -> dict[str, Any]:
    """Everything a run's pages show, as JSON."""
    decisions = pl.scan_parquet(folder / "decisions.parquet", glob=False)
    enterprises = pl.read_parquet(folder / ENTERPRISES, glob=False)
    found: dict[str, Any] = {"rows": enterprises.height, "policies": {}, "groups": {}, "near": []}
    totals: dict[str, dict[str, dict[str, int]]] = {kind: {} for kind in GROUPS}
    any_eligible = pl.repeat(False, enterprises.height, eager=True)
    for number, policy in enumerate(policies):
        tell(number, len(policies))
        verdicts = decisions.select(f"{policy.id}.verdict", f"{policy.id}.amount", f"{policy.id}.failed").collect()
        frame = verdicts.rename({name: name.removeprefix(f"{policy.id}.") for name in verdicts.columns})
        frame = frame.hstack(enterprises)
        found["policies"][policy.id] = _of_policy(policy, frame)
        any_eligible = any_eligible | (frame["verdict"] == "eligible")
        for kind, column in GROUPS.items():
            _add_group(totals[kind], frame, column, policy)
        found["near"] += _near_misses(register, policy, frame, on)
    found["groups"] = totals
    found["any_eligible"] = int(any_eligible.sum())
    found["near"].sort(key=lambda one: (not one["actionable"], -one["count"]))
    return found


def unit_of(policy: Policy) -> str:
    """What its amount is: money that is given, what can be borrowed (never added to what is given), points; or nothing."""
    if policy.amount is None:
        return ""
    return "loan" if policy.benefit == "loan" else policy.amount_unit


def _of_policy(policy: Policy, frame: pl.DataFrame) -> dict[str, Any]:
    counts: Mapping[str, int] = dict(frame["verdict"].cast(pl.String).value_counts().iter_rows())
    eligible = frame.filter(pl.col("verdict") == "eligible")
    return {
        "version": policy.version,
        "title": policy.title.as_json(),
        "unit": policy.unit,
        "rows": list(policy.rows),
        "confidence": policy.confidence,
        "amount_unit": unit_of(policy),
        "verdicts": {name: counts.get(name, 0) for name in VERDICTS},
        "amount": int(eligible["amount"].sum() or 0),
        "amount_unknown": int(eligible["amount"].null_count()) if policy.amount is not None else 0,
    }


def _add_group(total: dict[str, dict[str, int]], frame: pl.DataFrame, column: str, policy: Policy) -> None:
    """Add a policy to the groups: pairs of enterprise and policy by verdict, and money apart by its confidence."""
    money = "sample" if policy.confidence == "sample" else "amount"
    counted = frame.group_by(column).agg(
        *((pl.col("verdict") == name).sum().alias(name) for name in VERDICTS),
        pl.col("amount").filter(pl.col("verdict") == "eligible").sum().alias("money"),
    )
    for row in counted.iter_rows(named=True):
        entry = total.setdefault(row[column] or "", dict.fromkeys((*VERDICTS, "amount", "sample"), 0))
        for name in VERDICTS:
            entry[name] += row[name]
        if unit_of(policy) == "money":
            entry[money] += row["money"] or 0


def _near_misses(register: Path, policy: Policy, frame: pl.DataFrame, on: date) -> list[dict[str, Any]]:
    """Enterprises that fail in one condition only, by that condition; how far short and what they would get."""
    program = prepare_policy(policy, on)
    near = frame.with_row_index("place").filter(pl.col("verdict") == "near_miss")
    found = []
    for bits, group in near.group_by("failed"):
        bit = int(bits[0]).bit_length() - 1
        if 0 <= bit < len(program.conditions):
            found.append(_near_group(register, program, bit, group["place"].to_list()))
    return found


def _near_group(register: Path, program: Program, bit: int, places: list[int]) -> dict[str, Any]:
    condition, policy = program.conditions[bit], program.policy
    asked = [*condition.facts, *(facts_of(program.amount) if program.amount is not None else ())]
    words = condition.condition
    can_mend = words.actionable == "true" or (
        not words.actionable and (words.mend is not None or condition.is_mendable)
    )
    rows = _rows_at(register, list(dict.fromkeys(asked)), places[: MEASURED if can_mend else MEASURED_OTHERS])
    measure = find_gap(condition.bound, program.day)
    gaps = Counter((gap.short_by, gap.unit) for gap in map(measure, rows) if gap is not None)
    pay = compile_tree(program.amount) if unit_of(policy) == "money" and program.amount is not None else None
    return {
        "policy": policy.id,
        "condition": words.id,
        "bit": bit,
        "label": words.label.as_json(),
        "mend": words.mend.as_json() if words.mend else None,
        "actionable": can_mend,
        "count": len(places),
        "measured": len(rows),
        "gain": sum(pay(row, None) or 0 for row in rows) if pay else None,
        "confidence": policy.confidence,
        "people": _counts_people(condition.bound),
        "short": [[short_by, unit, count] for (short_by, unit), count in sorted(gaps.items())[:6]],
    }


def _counts_people(tree: Node) -> bool:
    """Whether what is counted are people: by the unit of the fact, or because the list is one of people."""
    facts = [one.source.fact for one in walk(tree) if isinstance(one, Aggregate)]
    facts += [one.fact for one in walk(tree) if isinstance(one, FactRef)]
    return any(fact.unit.zh == "人" or fact.key in _PEOPLE for fact in facts)


def _rows_at(register: Path, facts: list[str], places: list[int]) -> list[dict[str, Any]]:
    """The facts of some rows of a register, as rules take them."""
    lazy = pl.scan_parquet(register, glob=False)
    known = [one for one in facts if one in lazy.collect_schema()]
    frame = lazy.select(known).collect()[places]
    return rows_of(frame)


def rows_of(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """A frame as the facts of each row: related records as tuples of objects."""
    return [
        {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
        for row in frame.iter_rows(named=True)
    ]
