"""对比 - what changed from one table to another: an upload against the version in force, or two versions.

Works on plain data, so the preview of an import and the page of two stored versions say the same thing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chuangju.programme.matching import Pairs, Wording, match_texts, match_wordings, normalise
from chuangju.programme.models import TableVersion, UnitPart
from chuangju.programme.wording import Op, Part, list_parts, text_parts

if TYPE_CHECKING:
    from chuangju.programme.table import ReadTable

__all__ = [
    "Comparison",
    "Field",
    "FieldChange",
    "Kind",
    "Op",
    "Part",
    "RowChange",
    "RowSide",
    "TableSide",
    "compare_tables",
    "match_measures",
    "match_rows",
    "side_of_upload",
    "side_of_version",
]


class Kind(StrEnum):
    """What became of a row; `moved` is a row whose words are the same under another number or category."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    SAME = "same"


class Field(StrEnum):
    """The part of a row that a change is about."""

    NUMBER = "number"
    CATEGORY = "category"
    TITLE = "title"
    LEAD = "lead"
    COOPERATING = "cooperating"
    MEASURE = "measure"
    DUE = "due"


FIELD_LABELS: dict[Field, Promise] = {
    Field.NUMBER: _("序号"),
    Field.CATEGORY: _("类别"),
    Field.TITLE: _("工作任务"),
    Field.LEAD: _("牵头部门"),
    Field.COOPERATING: _("配合单位"),
    Field.MEASURE: _("推进举措"),
    Field.DUE: _("完成时限"),
}
KIND_LABELS: dict[Kind, Promise] = {
    Kind.ADDED: _("新增"),
    Kind.REMOVED: _("删除"),
    Kind.CHANGED: _("有改动"),
    Kind.MOVED: _("移动"),
    Kind.SAME: _("未变"),
}
_PLACE_FIELDS = frozenset({Field.NUMBER, Field.CATEGORY})


@dataclass(frozen=True)
class RowSide:
    """One row as printed; `code` is the task's where the row is already stored."""

    code: str | None
    number: int
    category: str
    title: str
    lead: tuple[str, ...] = ()
    cooperating: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    due: str = ""


@dataclass(frozen=True)
class TableSide:
    """One table as printed, with the name it goes by."""

    name: str
    rows: tuple[RowSide, ...]


@dataclass(frozen=True)
class FieldChange:
    """One change of a row: whole values, and the pieces for reading; `position` counts measures as printed."""

    field: Field
    old: str
    new: str
    position: int | None = None
    names: tuple[tuple[str, ...], tuple[str, ...]] | None = None

    @property
    def label(self) -> Promise:
        """The column's name as officials know it."""
        return FIELD_LABELS[self.field]

    @cached_property
    def parts(self) -> list[Part]:
        """The pieces kept, removed and added; worked out only when a page shows them."""
        if self.names is not None:
            return list_parts(*self.names)
        if self.field in _PLACE_FIELDS or self.field is Field.DUE or not self.old or not self.new:
            return [part for part in ((Op.REMOVED, self.old), (Op.ADDED, self.new)) if part[1]]
        return text_parts(self.old, self.new)


@dataclass(frozen=True)
class RowChange:
    """What became of one row, and every difference in printed order of columns."""

    kind: Kind
    old: RowSide | None
    new: RowSide | None
    changes: tuple[FieldChange, ...] = ()

    @property
    def label(self) -> Promise:
        """The kind in words."""
        return KIND_LABELS[self.kind]

    @property
    def row(self) -> RowSide:
        """The row to show: the new one, or the old one of a row that was removed."""
        row = self.new or self.old
        assert row is not None, "a change has at least one side"  # noqa: S101 - a promise of this module
        return row


@dataclass(frozen=True)
class Comparison:
    """All rows of two tables in the new order, and how many of each kind."""

    old: TableSide
    new: TableSide
    rows: tuple[RowChange, ...]
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def differs(self) -> bool:
        """Whether anything at all changed."""
        return any(change.kind is not Kind.SAME for change in self.rows)

    @property
    def differences(self) -> tuple[RowChange, ...]:
        """The rows that are not the same."""
        return tuple(change for change in self.rows if change.kind is not Kind.SAME)


def match_rows(old: Sequence[RowSide], new: Sequence[RowSide]) -> list[tuple[RowSide | None, RowSide | None]]:
    """Pair the rows of two tables, one to one, in the new order; a row without partner stands beside None."""
    pairs = match_wordings([_wording(row) for row in old], [_wording(row) for row in new])
    return [(None if i is None else old[i], None if j is None else new[j]) for i, j in pairs]


def match_measures(old: Sequence[str], new: Sequence[str]) -> Pairs:
    """Pair the measures of one row by index (from 0), one to one, in the new order; None where there is no partner."""
    return match_texts(old, new)


def _wording(row: RowSide) -> Wording:
    return Wording(row.title, body="\n".join(row.measures), number=row.number)


def compare_tables(old: TableSide, new: TableSide) -> Comparison:
    """Every row of both tables with what became of it."""
    rows = tuple(_compare_rows(before, after) for before, after in match_rows(old.rows, new.rows))
    seen = Counter(change.kind for change in rows)
    return Comparison(old=old, new=new, rows=rows, counts={kind.value: seen[kind] for kind in Kind})


def _compare_rows(old: RowSide | None, new: RowSide | None) -> RowChange:
    if old is None or new is None:
        return RowChange(Kind.ADDED if old is None else Kind.REMOVED, old, new)
    changes = (*_place_changes(old, new), *_word_changes(old, new))
    if not changes:
        return RowChange(Kind.SAME, old, new)
    only_moved = all(change.field in _PLACE_FIELDS for change in changes)
    return RowChange(Kind.MOVED if only_moved else Kind.CHANGED, old, new, changes)


def _place_changes(old: RowSide, new: RowSide) -> Iterable[FieldChange]:
    if old.number != new.number:
        yield FieldChange(Field.NUMBER, str(old.number), str(new.number))
    if normalise(old.category) != normalise(new.category):
        yield FieldChange(Field.CATEGORY, old.category, new.category)


def _word_changes(old: RowSide, new: RowSide) -> Iterable[FieldChange]:
    if normalise(old.title) != normalise(new.title):
        yield FieldChange(Field.TITLE, old.title, new.title)
    yield from _unit_changes(Field.LEAD, old.lead, new.lead)
    yield from _unit_changes(Field.COOPERATING, old.cooperating, new.cooperating)
    yield from _measure_changes(old.measures, new.measures)
    if normalise(old.due) != normalise(new.due):
        yield FieldChange(Field.DUE, old.due, new.due)


def _unit_changes(which: Field, old: tuple[str, ...], new: tuple[str, ...]) -> Iterable[FieldChange]:
    """Units are a set: another order or width of brackets is no change."""
    printed = {normalise(name): name for name in (*new, *old)}
    before = tuple(printed[normalise(name)] for name in old)
    after = tuple(printed[normalise(name)] for name in new)
    if set(before) != set(after):
        yield FieldChange(which, "、".join(before), "、".join(after), names=(before, after))


def _measure_changes(old: tuple[str, ...], new: tuple[str, ...]) -> Iterable[FieldChange]:
    for i, j in match_measures(old, new):
        before, after = "" if i is None else old[i], "" if j is None else new[j]
        if normalise(before) != normalise(after):
            position = (j if j is not None else i or 0) + 1
            yield FieldChange(Field.MEASURE, before, after, position=position)


def side_of_upload(table: ReadTable) -> TableSide:
    """A table just read from a file, ready to be compared."""
    rows = tuple(
        RowSide(
            code=None,
            number=task.number,
            category=task.category or "",
            title=task.task,
            lead=tuple(task.lead),
            cooperating=tuple(task.cooperating),
            measures=tuple(task.measures),
            due=task.due or "",
        )
        for task in table.tasks
    )
    return TableSide(name=table.title, rows=rows)


def side_of_version(version: TableVersion) -> TableSide:
    """A stored version, ready to be compared; four queries whatever its size."""
    rows = version.rows.select_related("category", "task").prefetch_related("printed_units", "measure_rows")
    sides = []
    for row in rows.order_by("position"):
        printed = sorted(row.printed_units.all(), key=lambda name: (name.part, name.position))
        measures = sorted(row.measure_rows.all(), key=lambda measure: measure.position)
        sides.append(
            RowSide(
                code=row.task.code,
                number=row.number,
                category=row.category.name if row.category else "",
                title=row.title,
                lead=tuple(name.printed for name in printed if name.part == UnitPart.LEAD),
                cooperating=tuple(name.printed for name in printed if name.part == UnitPart.COOPERATING),
                measures=tuple(measure.text for measure in measures),
                due=row.due_printed,
            )
        )
    return TableSide(name=str(version), rows=tuple(sides))
