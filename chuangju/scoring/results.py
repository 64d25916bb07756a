"""评审结果 - how the totals of assessors become one figure, a rank and a spread for each subject: whole hundredths, no floats.

Adjusting between assessors comes first (where the panel asks for it), then the highest and the lowest are dropped (where
enough have scored), then the mean is rounded half up once. Subjects with the same figure share their rank (1, 1, 3).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from chuangju.scoring.criteria import criteria_of, full_marks, round_half_up
from chuangju.scoring.models import Assessment, Panel, PanelEntry
from chuangju.scoring.parameters import read_parameters

_STATE = Assessment.State
_KEPT_AFTER_DROPPING = 1


@dataclass(frozen=True)
class Result:
    """What one subject came to. `total` in hundredths (None: nobody has scored it), `spread` between the highest and the
    lowest score given, `missing` how many scores it still needs, `dropped` how many were left out as extremes.
    """

    subject_key: str
    label: str
    total: int | None
    rank: int | None
    count: int
    spread: int
    missing: int
    dropped: int


def results_of(panel: Panel) -> list[Result]:
    """The subjects of a panel that have not left it, by rank; those of a frozen panel as they were frozen."""
    frozen = frozen_results_of(panel)
    return frozen if frozen is not None else compute_results(panel)


def frozen_results_of(panel: Panel) -> list[Result] | None:
    """What was frozen; None while the panel is not."""
    if not panel.is_settled:
        return None
    return [Result(**row) for row in panel.frozen.results]


def compute_results(panel: Panel) -> list[Result]:
    """The results as the assessments stand now."""
    entries = [entry for entry in panel.entries.order_by("position") if entry.withdrawn_at is None]
    given = list(
        Assessment.objects.filter(panel=panel, state=_STATE.SUBMITTED, entry__withdrawn_at__isnull=True).order_by("pk")
    )
    adjusted = adjust_totals(panel, given)
    by_entry: dict[int, list[Assessment]] = defaultdict(list)
    for one in given:
        by_entry[one.entry_id].append(one)
    rows = [_result(panel, entry, by_entry[entry.pk], adjusted) for entry in entries]
    return _ranked(rows)


def plain_results(results: Iterable[Result]) -> list[dict[str, Any]]:
    """Results as plain data, as they are frozen."""
    return [asdict(result) for result in results]


def adjust_totals(panel: Panel, given: Iterable[Assessment]) -> dict[Any, Fraction]:
    """The total of each assessment, exact, after what the panel does about severe and lenient assessors."""
    listed = list(given)
    plain = {one.pk: Fraction(one.total or 0) for one in listed}
    if panel.normalisation == Panel.Normalisation.NONE or not listed:
        return plain
    by_assessor: dict[int, list[Assessment]] = defaultdict(list)
    for one in listed:
        by_assessor[one.assessor_id].append(one)
    most = full_marks(criteria_of(panel.sheet))
    if panel.normalisation == Panel.Normalisation.MEAN_SHIFT:
        return _shifted(plain, by_assessor.values(), most)
    return _by_rank(plain, by_assessor.values(), most)


def _shifted(plain: Mapping[Any, Fraction], groups: Iterable[list[Assessment]], most: int) -> dict[Any, Fraction]:
    """Everybody's mean becomes the mean of all; whoever scored too few is left as they are."""
    found = dict(plain)
    mean = sum(plain.values(), Fraction(0)) / len(plain)
    for group in groups:
        if len(group) < read_parameters().shift_from:
            continue
        shift = mean - sum((plain[one.pk] for one in group), Fraction(0)) / len(group)
        for one in group:
            found[one.pk] = min(Fraction(most), max(Fraction(0), plain[one.pk] + shift))
    return found


def _by_rank(plain: Mapping[Any, Fraction], groups: Iterable[list[Assessment]], most: int) -> dict[Any, Fraction]:
    """An assessor's best gets full marks and every place lower its even part less; equal totals share their places."""
    found = dict(plain)
    for group in groups:
        counts = Counter(plain[one.pk] for one in group)
        for one in group:
            better = sum(count for total, count in counts.items() if total > plain[one.pk])
            place = better + Fraction(counts[plain[one.pk]] + 1, 2)
            found[one.pk] = most * (len(group) - place + 1) / len(group)
    return found


def _result(panel: Panel, entry: PanelEntry, given: list[Assessment], adjusted: Mapping[Any, Fraction]) -> Result:
    totals = sorted(adjusted[one.pk] for one in given)
    raw = [one.total or 0 for one in given]
    dropped = _dropped(panel, len(totals))
    counted = totals[1:-1] if dropped else totals
    return Result(
        subject_key=entry.subject_key,
        label=entry.label,
        total=round_half_up(sum(counted, Fraction(0)) / len(counted)) if counted else None,
        rank=None,
        count=len(totals),
        spread=max(raw) - min(raw) if raw else 0,
        missing=max(0, panel.min_assessors - len(totals)),
        dropped=dropped,
    )


def _dropped(panel: Panel, count: int) -> int:
    """The highest and the lowest, where the panel says so and something is left."""
    is_enough = count >= max(panel.drop_from, 2 + _KEPT_AFTER_DROPPING)
    return 2 if panel.drop_extremes and is_enough else 0


def _ranked(rows: list[Result]) -> list[Result]:
    """By total, the highest first; the same total has the same rank; without one at the end, unranked."""
    totals = [row.total for row in rows if row.total is not None]
    ranked = [
        Result(**{**asdict(row), "rank": 1 + sum(other > row.total for other in totals)})
        if row.total is not None
        else row
        for row in rows
    ]
    return sorted(ranked, key=lambda row: (row.rank is None, row.rank or 0))
