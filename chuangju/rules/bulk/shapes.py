"""The columns of a register against the dictionary: what does not fit is unknown and counted, never silently false."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from chuangju.rules.bulk.widths import is_narrow
from chuangju.rules.facts import Fact
from chuangju.rules.kinds import LISTS, NUMBERS, Kind

Schema = Mapping[str, pl.DataType]
_INTEGERS = (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64)


@dataclass(slots=True)
class Survey:
    """What a register has of the facts asked for: `keep` the columns as they are to be read, `absent` what it lacks."""

    keep: list[pl.Expr] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    absent: dict[str, frozenset[str]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def survey(schema: Schema, facts: Iterable[Fact], *, narrow: bool = False) -> Survey:
    """Which of the facts stand in a register of this schema; a column of another kind counts as not being there.

    With `narrow`, numbers of fewer than 64 bits stay as they are.
    """
    found = Survey()
    missing: list[str] = []
    for fact in facts:
        dtype = schema.get(fact.key)
        if dtype is None:
            missing.append(fact.key)
            found.absent[fact.key] = frozenset()
        elif not fits(fact, dtype):
            found.absent[fact.key] = frozenset()
            found.warnings.append(f"{fact.name.zh}（{fact.key}）列的类型是 {dtype}，未采用，按未知处理。")
        else:
            found.facts.append(fact)
            stays = narrow and fact.kind in NUMBERS and is_narrow(dtype)
            found.keep.append(pl.col(fact.key) if stays else _as_wanted(fact, dtype))
            _survey_fields(found, fact, dtype)
    if missing:
        found.warnings.insert(0, f"企业名录没有这些列，按未知处理：{'、'.join(missing)}。")
    return found


def _survey_fields(found: Survey, fact: Fact, dtype: pl.DataType) -> None:
    if fact.kind is not Kind.RECORDS:
        return
    has = fields_of(dtype)
    lost = sorted(key for key, one in fact.fields.items() if key not in has or not fits(one, has[key]))
    if lost:
        found.absent[fact.key] = frozenset(lost)
        found.warnings.append(f"{fact.name.zh}（{fact.key}）没有这些栏，按未知处理：{'、'.join(lost)}。")


def fields_of(dtype: pl.DataType) -> Schema:
    """The fields of a list of records by name."""
    inner: Any = dtype.inner if isinstance(dtype, pl.List) else None
    fields: dict[str, Any] = {one.name: one.dtype for one in inner.fields} if isinstance(inner, pl.Struct) else {}
    return fields


def fits(fact: Fact, dtype: Any) -> bool:
    """Whether a column of this type can hold the fact."""
    match fact.kind:
        case Kind.BOOL:
            return bool(dtype == pl.Boolean)
        case Kind.DATE:
            return bool(dtype == pl.Date)
        case Kind.TEXT:
            return is_text(dtype)
        case Kind.CODES:
            return isinstance(dtype, pl.List) and is_text(dtype.inner)
        case Kind.INTS:
            return isinstance(dtype, pl.List) and dtype.inner in _INTEGERS
        case Kind.RECORDS:
            return bool(fields_of(dtype))
        case _:
            return dtype in _INTEGERS


def fits_all(schema: Schema, facts: Iterable[Fact]) -> bool:
    """Whether every column that is called like a fact can hold it, the fields of records too."""
    for fact in facts:
        dtype = schema.get(fact.key)
        if dtype is None:
            continue
        if not fits(fact, dtype):
            return False
        if any(not fits(fact.fields[key], one) for key, one in fields_of(dtype).items() if key in fact.fields):
            return False
    return True


def is_text(dtype: Any) -> bool:
    """Whether a column of this type holds text."""
    return isinstance(dtype, pl.String | pl.Categorical | pl.Enum)


def _as_wanted(fact: Fact, dtype: pl.DataType) -> pl.Expr:
    """Whole numbers in 64 bits, in lists and records too; all else as it is."""
    column = pl.col(fact.key)
    if fact.kind in NUMBERS and dtype != pl.Int64:
        return column.cast(pl.Int64)
    if fact.kind is Kind.INTS and dtype != pl.List(pl.Int64):
        return column.cast(pl.List(pl.Int64))
    narrow = [
        key
        for key, one in fields_of(dtype).items()
        if one in _INTEGERS and one != pl.Int64 and key in fact.fields and fact.fields[key].kind in NUMBERS
    ]
    if fact.kind is Kind.RECORDS and narrow:
        wide = {key: pl.Int64() if key in narrow else one for key, one in fields_of(dtype).items()}
        return column.cast(pl.List(pl.Struct(wide)))
    return column


@dataclass(slots=True)
class Faults:
    """How many values of a column were taken for unknown: codes that are in no list, figures and days out of bounds."""

    counts: dict[str, int] = field(default_factory=dict)

    def add(self, key: str, number: int) -> None:
        """Count more of a column."""
        self.counts[key] = self.counts.get(key, 0) + number

    def sentences(self) -> list[str]:
        """One for all columns."""
        if not self.counts:
            return []
        told = "、".join(f"{key} {number} 个" for key, number in sorted(self.counts.items()))
        return [f"有些值不在代码表或范围内，按未知处理：{told}。"]


def clean(frame: pl.DataFrame, facts: Iterable[Fact], faults: Faults) -> pl.DataFrame:
    """The frame with every value that the dictionary does not know made unknown."""
    mended = [one for fact in facts for one in _clean(fact, frame[fact.key], faults)]
    return frame.with_columns(mended) if mended else frame


def _clean(fact: Fact, column: pl.Series, faults: Faults) -> list[pl.Expr]:
    """What is to stand in place of a column; nothing where all is well, as is usual."""
    place = pl.col(fact.key)
    if fact.kind not in LISTS:
        bad = _find_bad(fact, column, place)
        if bad is None:
            return []
        faults.add(fact.key, _count(column, bad))
        return [pl.when(~bad).then(place).alias(fact.key)]
    elements = column.list.explode(empty_as_null=False, keep_nulls=False)
    changed = _clean_elements(fact, elements, faults)
    cleaned = place if changed is None else place.list.eval(changed)
    is_long = place.list.len() > fact.max_items
    number = _count(column, is_long) if len(elements) > fact.max_items else 0
    if number:
        faults.add(fact.key, number)
        cleaned = pl.when(~is_long).then(cleaned)
    return [cleaned.alias(fact.key)] if number or changed is not None else []


def _clean_elements(fact: Fact, elements: pl.Series, faults: Faults) -> pl.Expr | None:
    """The element with what is not known in it made unknown; None where all is well."""
    element = pl.element()
    if fact.kind is not Kind.RECORDS:
        bad = _find_bad(fact, elements, element)
        if bad is None:
            return None
        faults.add(fact.key, _count(elements, _find_bad(fact, elements, pl.col(elements.name))))
        return pl.when(~bad).then(element)
    mended = {}
    for key in elements.struct.fields:
        one = fact.fields.get(key)
        values = elements.struct.field(key)
        if one is None or not fits(one, values.dtype) or one.kind in LISTS:
            continue
        bad = _find_bad(one, values, element.struct.field(key))
        if bad is not None:
            faults.add(f"{fact.key}.{key}", _count(values, _find_bad(one, values, pl.col(key))))
            mended[key] = pl.when(~bad).then(element.struct.field(key))
    if not mended:
        return None
    whole = pl.struct(*(mended.get(key, element.struct.field(key)).alias(key) for key in elements.struct.fields))
    return pl.when(element.is_not_null()).then(whole)


def _count(values: pl.Series, bad: pl.Expr | None) -> int:
    return 0 if bad is None else int(values.to_frame().select(bad.sum()).item())


def _find_bad(fact: Fact, values: pl.Series, place: pl.Expr) -> pl.Expr | None:
    """Which of the values that stand at `place` the dictionary does not know; None where it knows all."""
    if fact.kind in {Kind.TEXT, Kind.CODES}:
        if fact.codes is None:
            return None
        dtype = values.dtype
        found = dtype.categories if isinstance(dtype, pl.Enum) else values.drop_nulls().unique().cast(pl.String)
        bad = [code for code in found if code not in fact.codes.codes]
        return place.is_in(bad) if bad and values.is_in(bad).any() else None
    low: Any = fact.first if fact.kind is Kind.DATE else fact.low
    high: Any = fact.last if fact.kind is Kind.DATE else fact.high
    least: Any = values.min()
    most: Any = values.max()
    if fact.kind is Kind.BOOL or least is None or (least >= low and most <= high):
        return None
    return (place < pl.lit(low)) | (place > pl.lit(high))
