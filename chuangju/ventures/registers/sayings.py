"""How a finding names its column, its kind and its bounds, and how those of a whole column are written down."""

from __future__ import annotations

import polars as pl

from chuangju.rules.amounts import write_money, write_rate
from chuangju.rules.facts import Fact
from chuangju.rules.kinds import KIND_NAMES, Kind
from chuangju.ventures.registers import dictionary
from chuangju.ventures.registers.findings import Finding, FindingLog, shown


def add_faults(
    log: FindingLog,
    faults: pl.Series,
    given: pl.Series,
    rows: pl.Series,
    fact: Fact,
    *,
    sheet: str = "",
    parent: Fact | None = None,
) -> None:
    """Write down what is wrong in a column: the first of each kind with row and value, the rest counted."""
    if faults.null_count() == len(faults):
        return
    label = column_label(fact, parent)
    frame = pl.DataFrame({"fault": faults, "row": rows, "place": pl.int_range(len(faults), eager=True)}).drop_nulls(
        "fault"
    )
    for (code,), found in frame.group_by("fault", maintain_order=True):
        name = str(code)
        room = log.room_for(name, sheet, label)
        for row, place in found.head(room).select("row", "place").iter_rows():
            log.add(Finding(name, row, label, sheet, params_for(given[place], fact)))
        log.count_only(name, sheet, label, found.height - min(room, found.height))


def params_for(value: object, fact: Fact) -> dict[str, str]:
    """All that any sentence about a value of this fact may name."""
    value = value.to_list() if isinstance(value, pl.Series) else value
    low, high = _bounds(fact)
    return {
        "value": shown(value),
        "kind": kind_name(fact),
        "low": low,
        "high": high,
        "list": fact.codes.name.zh if fact.codes else "",
    }


def column_label(fact: Fact, parent: Fact | None = None) -> str:
    """The key under which a finding names a column: employees.residence for a field of related records."""
    return f"{parent.key}.{fact.key}" if parent else fact.key


def column_words(label: str) -> str:
    """The dictionary's Chinese name for a finding's column; the label itself where it is none of ours."""
    facts = dictionary().facts
    key, _dot, name = label.partition(".")
    if key not in facts:
        return label
    fields = facts[key].fields
    return f"{facts[key].name.zh}·{fields[name].name.zh if name in fields else name}" if name else facts[key].name.zh


def kind_name(fact: Fact) -> str:
    """What the fact is, in words."""
    return KIND_NAMES[fact.kind][0]


def _bounds(fact: Fact) -> tuple[str, str]:
    match fact.kind:
        case Kind.MONEY:
            return write_money(fact.low), write_money(fact.high)
        case Kind.RATE:
            return write_rate(fact.low), write_rate(fact.high)
        case Kind.DATE:
            return fact.first.isoformat(), fact.last.isoformat()
        case Kind.CODES | Kind.RECORDS:
            return "0", str(fact.max_items)
        case _:
            return str(fact.low), str(fact.high)
