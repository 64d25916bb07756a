"""The score matrix as a page draws it: each cell with its words, its sign and where it leads."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from chuangju.scoring.matrix import Matrix, MatrixCell, MatrixRow
from chuangju.scoring.models import Assessment, PanelEntry
from chuangju.scoring.results import Result
from chuangju.scoring.score_text import score_text
from chuangju.scoring.subjects import address_of

_STATE = Assessment.State


@dataclass(frozen=True)
class ShownCell:
    """One cell: its text, what else is said of it, and the assessment it opens."""

    assessor: str
    text: str
    note: str
    tone: str
    assessment: Assessment | None


@dataclass(frozen=True)
class ShownRow:
    """One subject as drawn."""

    entry: PanelEntry
    address: str
    result: Result | None
    total: str
    spread: str
    is_wide: bool
    cells: list[ShownCell]


def lines_of(matrix: Matrix) -> list[ShownRow]:
    """The rows of a matrix as drawn."""
    names = [column.assessor.name for column in matrix.columns]
    return [_row(row, names) for row in matrix.rows]


def _row(row: MatrixRow, names: list[str]) -> ShownRow:
    result = row.result
    return ShownRow(
        entry=row.entry,
        address=address_of(row.entry.subject_key),
        result=result,
        total=score_text(result.total) if result else "",
        spread=score_text(result.spread) if result and result.count > 1 else "",
        is_wide=row.is_wide,
        cells=[_cell(cell, name) for cell, name in zip(row.cells, names, strict=True)],
    )


def _cell(cell: MatrixCell, name: str) -> ShownCell:
    one = cell.assessment
    if one is None:
        return ShownCell(name, "", "", "", None)
    match one.state:
        case _STATE.SUBMITTED:
            note = _("最高") if cell.is_highest else _("最低") if cell.is_lowest else ""
            return ShownCell(name, score_text(one.total), note, "", one)
        case _STATE.DECLINED_CONFLICT:
            return ShownCell(name, _("回避"), "", "flat", one)
        case _STATE.WITHDRAWN:
            return ShownCell(name, _("收回"), "", "flat", one)
        case _open:
            hint = _("有关联提示") if one.conflict_hint and one.declared_at is None else ""
            return ShownCell(name, _("待评"), hint, "soon", one)
