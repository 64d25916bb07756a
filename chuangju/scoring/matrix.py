"""评分矩阵 - subjects against assessors: who gave what, who is still awaited, how far apart they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chuangju.kernel.models import User
from chuangju.scoring.criteria import criteria_of, full_marks
from chuangju.scoring.models import Assessment, Panel, PanelEntry
from chuangju.scoring.parameters import read_parameters
from chuangju.scoring.results import Result

_STATE = Assessment.State
_FULL = 100


@dataclass(frozen=True)
class MatrixCell:
    """What one assessor has to do with one subject; no assessment where they were not given it."""

    assessment: Assessment | None
    is_highest: bool = False
    is_lowest: bool = False


@dataclass(frozen=True)
class MatrixRow:
    """One subject: its cells in the order of the assessors, and what it came to so far."""

    entry: PanelEntry
    cells: list[MatrixCell]
    result: Result | None
    is_wide: bool = False
    open_count: int = 0


@dataclass(frozen=True)
class MatrixColumn:
    """One assessor with how much they have and have done."""

    assessor: User
    given: int
    done: int
    declined: int


@dataclass(frozen=True)
class Matrix:
    """The whole of a panel, or one page of it."""

    columns: list[MatrixColumn]
    rows: list[MatrixRow]


def columns_of(panel: Panel) -> list[MatrixColumn]:
    """Everybody who is in the panel or has scored in it, by name."""
    given: dict[int, list[str]] = {}
    people: dict[int, User] = {one.assessor_id: one.assessor for one in panel.members.select_related("assessor")}
    for one in Assessment.objects.filter(panel=panel).select_related("assessor").order_by("pk"):
        given.setdefault(one.assessor_id, []).append(one.state)
        if one.state == _STATE.SUBMITTED or one.assessor_id in people:
            people.setdefault(one.assessor_id, one.assessor)
    columns = []
    for pk, person in sorted(people.items(), key=lambda pair: (pair[1].name, pair[0])):
        states = given.get(pk, [])
        columns.append(
            MatrixColumn(
                assessor=person,
                given=sum(state in {_STATE.ASSIGNED, _STATE.SUBMITTED} for state in states),
                done=states.count(_STATE.SUBMITTED),
                declined=states.count(_STATE.DECLINED_CONFLICT),
            )
        )
    return columns


def matrix_of(panel: Panel, entries: Sequence[PanelEntry], results: Sequence[Result]) -> Matrix:
    """These subjects against all assessors."""
    columns = columns_of(panel)
    found = {
        (one.entry_id, one.assessor_id): one
        for one in Assessment.objects.filter(panel=panel, entry__in=entries).order_by("pk")
    }
    by_key = {result.subject_key: result for result in results}
    wide = read_parameters().wide_spread_percent * full_marks(criteria_of(panel.sheet)) // _FULL
    rows = []
    for entry in entries:
        own = [found.get((entry.pk, column.assessor.pk)) for column in columns]
        totals = [one.total for one in own if one is not None and one.total is not None]
        result = by_key.get(entry.subject_key)
        rows.append(
            MatrixRow(
                entry=entry,
                cells=[_cell(one, totals) for one in own],
                result=result,
                is_wide=result is not None and result.count > 1 and result.spread > wide,
                open_count=sum(one is not None and one.state == _STATE.ASSIGNED for one in own),
            )
        )
    return Matrix(columns, rows)


def _cell(one: Assessment | None, totals: list[int]) -> MatrixCell:
    if one is None or one.total is None or min(totals) == max(totals):
        return MatrixCell(one)
    return MatrixCell(one, is_highest=one.total == max(totals), is_lowest=one.total == min(totals))
