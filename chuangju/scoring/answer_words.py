"""The words of each scale: what an assessor chooses from, and what an answer is called afterwards."""

from __future__ import annotations

from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangju.scoring.criteria import Criterion, Scale, points_of
from chuangju.scoring.score_text import score_text

_BINARY: tuple[tuple[str, str | Promise], ...] = (("1", gettext_lazy("是")), ("0", gettext_lazy("否")))
_THREE: tuple[tuple[str, str | Promise], ...] = (
    ("2", gettext_lazy("完全符合")),
    ("1", gettext_lazy("基本符合")),
    ("0", pgettext_lazy("score", "不符合")),
)
_SURVEY: tuple[tuple[str, str | Promise], ...] = (
    ("5", pgettext_lazy("score", "很好")),
    ("4", pgettext_lazy("score", "较好")),
    ("3", pgettext_lazy("score", "一般")),
    ("2", pgettext_lazy("score", "较差")),
    ("1", pgettext_lazy("score", "很差")),
)
_CHOICES = {Scale.BINARY: _BINARY, Scale.THREE_STEP: _THREE, Scale.SURVEY: _SURVEY}


def choices_of(criterion: Criterion) -> list[tuple[str, str]]:
    """What there is to choose from, each with the points it brings; nothing where a number is typed."""
    found = _CHOICES.get(Scale(criterion.scale), ())
    said = []
    for value, label in found:
        points = score_text(points_of(criterion, Decimal(value))).removesuffix(".00")
        said.append((value, _("%(label)s（%(points)s 分）") % {"label": label, "points": points}))
    return said


def answer_text(criterion: Criterion, answer: str) -> str:
    """An answer as people read it."""
    chosen = dict(_CHOICES.get(Scale(criterion.scale), ()))
    if answer in chosen:
        return str(chosen[answer])
    if criterion.scale == Scale.RANK:
        return _("第 %(rank)s 名") % {"rank": answer}
    return answer


def scale_text(criterion: Criterion) -> str:
    """How an answer becomes points, in a sentence."""
    most = {"most": criterion.weight}
    match criterion.scale:
        case Scale.POINTS:
            return _("填 0 到 %(most)d 分，可到两位小数") % most
        case Scale.BINARY:
            return _("是得 %(most)d 分，否不得分") % most
        case Scale.THREE_STEP:
            return _("三档：满分 %(most)d 分、一半、不得分") % most
        case Scale.SURVEY:
            return _("五级评价，最高级得 %(most)d 分，每低一级少五分之一") % most
        case Scale.CAPPED:
            return _("填件数，每件 %(each)s 分，最多 %(most)d 分") % {**most, "each": score_text(criterion.each)}
        case Scale.RANK:
            return _("填名次，第 1 名得 %(most)d 分，第 %(places)d 名以后不得分") % {**most, "places": criterion.places}
        case _piecewise:
            return _steps_text(criterion)


def _steps_text(criterion: Criterion) -> str:
    steps = _("、").join(
        _("%(start)d 起得 %(share)d%%") % {"start": start, "share": share} for start, share in criterion.points
    )
    said = {"most": criterion.weight, "steps": steps}
    if criterion.is_linear:
        return _("填数值，满分 %(most)d 分：%(steps)s，两档之间按比例") % said
    return _("填数值，满分 %(most)d 分：%(steps)s") % said
