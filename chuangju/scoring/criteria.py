"""指标 - what one line of a score sheet asks, and how an answer becomes hundredths of a point: exact, rounded half up once.

A sheet keeps its criteria as plain data; `read_criteria` checks and reads them, `points_of` counts one answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from itertools import pairwise
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chuangju.kernel.refusals import Refused
from chuangju.scoring.models import ScoreSheet

Scale = ScoreSheet.Scale

HUNDREDTHS = 100
_KEY = re.compile(r"[a-z][a-z0-9_]{0,31}\Z")
_SURVEY_STEPS = 5
_MOST_CRITERIA = 40
_HEAVIEST = 1000
_LONGEST = {"label": 60, "label_en": 120, "help": 300, "help_en": 300}
_LARGEST_ANSWER = Decimal(1_000_000)
_FULL_SHARE = 100


class CriterionRefused(Refused):
    """The criteria cannot stand like this; the sentence says which and why."""


class ScoreRefused(Refused):
    """An answer that the scale does not know; `by_key` says so for each criterion."""

    def __init__(self, by_key: Mapping[str, str], sentence: str = "") -> None:
        super().__init__(sentence or _("有 %(count)d 项评分需要修改") % {"count": len(by_key)})
        self.by_key = dict(by_key)


@dataclass(frozen=True)
class Criterion:
    """One line of a sheet. `weight` is the most points it brings; `points` are the steps of a piecewise scale (from which
    value on, which share of the weight in per cent); `each` what one counted thing brings, in hundredths of a point;
    `places` how many ranks bring points; `is_linear` whether values between two steps lie on the line between them.
    """

    key: str
    label: str
    scale: str
    weight: int
    label_en: str = ""
    help: str = ""
    help_en: str = ""
    points: tuple[tuple[int, int], ...] = ()
    is_linear: bool = False
    each: int = 0
    places: int = 0

    @property
    def shown_label(self) -> str:
        """The label in the reader's language, where it has one."""
        return self.label_en if self.label_en and _is_english() else self.label

    @property
    def shown_help(self) -> str:
        """The help in the reader's language, where it has one."""
        return self.help_en if self.help_en and _is_english() else self.help

    @property
    def most(self) -> int:
        """The most it brings, in hundredths."""
        return self.weight * HUNDREDTHS


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def read_criteria(rows: Iterable[Mapping[str, Any]]) -> tuple[Criterion, ...]:
    """The criteria of plain data in their order; raises CriterionRefused at the first that cannot stand."""
    found = tuple(_read(row) for row in rows)
    if len(found) > _MOST_CRITERIA:
        raise CriterionRefused(_("指标最多 %(count)d 项") % {"count": _MOST_CRITERIA})
    keys = [each.key for each in found]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise CriterionRefused(_("指标编号“%(key)s”重复") % {"key": twice})
    return found


def write_criterion(criterion: Criterion) -> dict[str, Any]:
    """A criterion as plain data, without what is empty."""
    row = {
        "key": criterion.key,
        "label": criterion.label,
        "label_en": criterion.label_en,
        "scale": str(criterion.scale),
        "weight": criterion.weight,
        "help": criterion.help,
        "help_en": criterion.help_en,
        "points": [list(pair) for pair in criterion.points],
        "is_linear": criterion.is_linear,
        "each": criterion.each,
        "places": criterion.places,
    }
    return {name: value for name, value in row.items() if value or name in {"key", "label", "scale", "weight"}}


def criteria_of(sheet: ScoreSheet) -> tuple[Criterion, ...]:
    """The criteria of a sheet."""
    return read_criteria(sheet.criteria)


def full_marks(criteria: Iterable[Criterion]) -> int:
    """The most a sheet brings, in hundredths."""
    return sum(each.most for each in criteria)


def round_half_up(value: Fraction) -> int:
    """A whole number; halves go up, away from zero."""
    doubled = abs(value) * 2
    whole = (doubled.numerator + doubled.denominator) // (2 * doubled.denominator)
    return whole if value >= 0 else -whole


def points_of(criterion: Criterion, value: Decimal) -> int:
    """What an answer brings, in hundredths of a point."""
    return min(criterion.most, max(0, round_half_up(criterion.most * _share_of(criterion, Fraction(value)))))


def read_scores(criteria: Iterable[Criterion], given: Mapping[str, Any]) -> dict[str, Decimal]:
    """Every answer as a number; raises ScoreRefused with a sentence for each that is missing or does not fit."""
    found: dict[str, Decimal] = {}
    faults: dict[str, str] = {}
    asked = tuple(criteria)
    for criterion in asked:
        try:
            found[criterion.key] = read_answer(criterion, given.get(criterion.key))
        except Refused as refused:
            faults[criterion.key] = refused.sentence
    unknown = sorted(set(given) - {each.key for each in asked})
    if unknown:
        faults[unknown[0]] = _("评分表没有指标“%(key)s”") % {"key": unknown[0][:40]}
    if faults:
        raise ScoreRefused(faults)
    return found


def total_of(criteria: Iterable[Criterion], answers: Mapping[str, Decimal]) -> int:
    """The sum of what the answers bring; each is rounded by itself, so that what is shown adds up."""
    return sum(points_of(each, answers[each.key]) for each in criteria)


def read_answer(criterion: Criterion, given: Any) -> Decimal:
    """One answer as a number that the scale knows; raises CriterionRefused."""
    label = {"label": criterion.shown_label}
    text = "" if given is None else str(given).strip()
    if not text:
        raise CriterionRefused(_("请填写“%(label)s”") % label)
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise CriterionRefused(_("“%(label)s”请填写数字") % label) from None
    if not value.is_finite() or value < 0 or value > _LARGEST_ANSWER:
        raise CriterionRefused(_("“%(label)s”超出可以填写的范围") % label)
    low, high, is_whole = limits_of(criterion)
    if is_whole and value != value.to_integral_value():
        raise CriterionRefused(_("“%(label)s”请填写整数") % label)
    if value != round(value, 2):
        raise CriterionRefused(_("“%(label)s”最多两位小数") % label)
    if value < low or (high is not None and value > high):
        limits = {**label, "low": low, "high": high if high is not None else _LARGEST_ANSWER}
        raise CriterionRefused(_("“%(label)s”请填写 %(low)s 到 %(high)s 之间的数") % limits)
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def limits_of(criterion: Criterion) -> tuple[int, int | None, bool]:
    """The least and the greatest answer (None: no end), and whether only whole numbers count."""
    match criterion.scale:
        case Scale.POINTS:
            return 0, criterion.weight, False
        case Scale.BINARY:
            return 0, 1, True
        case Scale.THREE_STEP:
            return 0, 2, True
        case Scale.SURVEY:
            return 1, _SURVEY_STEPS, True
        case Scale.RANK:
            return 1, None, True
        case Scale.CAPPED:
            return 0, None, True
        case _piecewise:
            return 0, None, False


def _share_of(criterion: Criterion, value: Fraction) -> Fraction:
    match criterion.scale:
        case Scale.POINTS:
            return value / criterion.weight
        case Scale.BINARY:
            return value
        case Scale.THREE_STEP:
            return value / 2
        case Scale.SURVEY:
            return value / _SURVEY_STEPS
        case Scale.RANK:
            return max(Fraction(0), criterion.places - value + 1) / criterion.places
        case Scale.CAPPED:
            return value * criterion.each / criterion.most
        case _piecewise:
            return _piecewise_share(criterion, value)


def _piecewise_share(criterion: Criterion, value: Fraction) -> Fraction:
    points = criterion.points
    if value < points[0][0]:
        return Fraction(0)
    for (start, low), (end, high) in pairwise(points):
        if value < end:
            slope = Fraction(high - low, end - start) if criterion.is_linear else Fraction(0)
            return (low + slope * (value - start)) / _FULL_SHARE
    return Fraction(points[-1][1], _FULL_SHARE)


def _read(row: Mapping[str, Any]) -> Criterion:
    known = set(Criterion.__dataclass_fields__)
    strange = sorted(set(row) - known)
    key = str(row.get("key", ""))
    if strange:
        raise CriterionRefused(_("指标“%(key)s”有不认识的内容：%(name)s") % {"key": key, "name": strange[0]})
    if not _KEY.match(key):
        raise CriterionRefused(_("指标编号“%(key)s”只能用小写字母、数字和下划线，并以字母开头") % {"key": key[:40]})
    said: dict[str, Any] = {**row, "points": tuple((int(a), int(b)) for a, b in row.get("points", ()))}
    criterion = Criterion(**said)
    _check(criterion)
    return criterion


def _check(criterion: Criterion) -> None:
    name = {"label": criterion.label or criterion.key}
    if not criterion.label.strip():
        raise CriterionRefused(_("指标“%(label)s”没有名称") % name)
    if any(len(getattr(criterion, part)) > longest for part, longest in _LONGEST.items()):
        raise CriterionRefused(_("指标“%(label)s”的名称或说明太长") % name)
    if criterion.scale not in Scale.values:
        raise CriterionRefused(_("指标“%(label)s”的计分方式不认识") % name)
    if not 0 < criterion.weight <= _HEAVIEST:
        raise CriterionRefused(_("指标“%(label)s”的分值应为 1 到 %(most)d 的整数") % {**name, "most": _HEAVIEST})
    if criterion.scale == Scale.CAPPED and criterion.each <= 0:
        raise CriterionRefused(_("指标“%(label)s”须写明每件得几分") % name)
    if criterion.scale == Scale.RANK and criterion.places <= 0:
        raise CriterionRefused(_("指标“%(label)s”须写明前几名得分") % name)
    if criterion.scale == Scale.PIECEWISE:
        _check_steps(criterion)


def _check_steps(criterion: Criterion) -> None:
    name = {"label": criterion.label}
    starts = [start for start, _share in criterion.points]
    if not starts or starts != sorted(set(starts)):
        raise CriterionRefused(_("指标“%(label)s”的分段起点须由小到大，不能重复") % name)
    if any(not 0 <= share <= _FULL_SHARE for _start, share in criterion.points):
        raise CriterionRefused(_("指标“%(label)s”的分段得分率应在 0 到 100 之间") % name)
