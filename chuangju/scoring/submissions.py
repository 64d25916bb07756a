"""提交评分 - how an assessor hands scores in, keeps them for later, and how somebody returns them.

A submitted assessment is final: whoever runs the panel may return it, with a reason that the assessor reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from chuangju.kernel.audit import record_event
from chuangju.kernel.models import User
from chuangju.kernel.outbox import notify
from chuangju.kernel.refusals import Refused
from chuangju.scoring.access import can_run_panel
from chuangju.scoring.criteria import (
    Criterion,
    Scale,
    ScoreRefused,
    criteria_of,
    read_answer,
    read_scores,
    total_of,
)
from chuangju.scoring.declarations import AssessmentRefused, lock_in_scoring, lock_own_assessment
from chuangju.scoring.models import Assessment, Panel

LONGEST_COMMENT = 2000
_LONGEST_REASON = 200
_STATE = Assessment.State


@transaction.atomic
def submit_scores(
    assessment: Assessment, scores: Mapping[str, Any], *, comment: str = "", by: User, at: datetime
) -> None:
    """Hand in the scores of one subject: whole, or not at all. Raises AssessmentRefused, ScoreRefused."""
    fresh = lock_own_assessment(assessment, by=by)
    if fresh.declared_at is None:
        raise AssessmentRefused(_("请先声明是否存在利益冲突"))
    enter_scores(fresh, scores, comment=comment, entered_by=None, at=at)
    after = {"state": fresh.state, "total": fresh.total, "评分": fresh.scores}
    before = {"state": _STATE.ASSIGNED}
    record_event("scoring.scores_submitted", fresh, by=by, at=at, before=before, after=after, about=fresh.panel)
    _tell_when_complete(fresh.panel, at=at)
    assessment.refresh_from_db()


@transaction.atomic
def keep_scores(
    assessment: Assessment, scores: Mapping[str, Any], *, comment: str = "", by: User, at: datetime
) -> None:
    """Keep what has been entered so far, complete or not; what does not fit is refused. Raises as `submit_scores` does."""
    fresh = lock_own_assessment(assessment, by=by)
    if fresh.declared_at is None:
        raise AssessmentRefused(_("请先声明是否存在利益冲突"))
    kept: dict[str, str] = {}
    faults: dict[str, str] = {}
    for criterion in criteria_of(fresh.panel.sheet):
        if not str(scores.get(criterion.key) or "").strip():
            continue
        try:
            kept[criterion.key] = _plain(read_answer(criterion, scores[criterion.key]))
        except Refused as refused:
            faults[criterion.key] = refused.sentence
    if faults:
        raise ScoreRefused(faults)
    fresh.scores, fresh.comment = kept, checked_comment(comment)
    fresh.save(update_fields=["scores", "comment"])
    record_event(
        "scoring.scores_kept", fresh, by=by, at=at, after={gettext_noop("已填项数"): len(kept)}, about=fresh.panel
    )
    assessment.refresh_from_db()


@transaction.atomic
def return_scores(assessment: Assessment, *, reason: str, by: User, at: datetime) -> None:
    """Let the assessor score once more, with a reason that they read; raises AssessmentRefused."""
    fresh = lock_in_scoring(assessment)
    if not can_run_panel(by, fresh.panel, timezone.localdate(at)):
        raise AssessmentRefused(_("您没有组织该评审的权限"))
    if fresh.state != _STATE.SUBMITTED:
        raise AssessmentRefused(_("只有已提交的评分可以退回"))
    said = " ".join(reason.replace("\x00", "").split())
    if not said or len(said) > _LONGEST_REASON:
        raise AssessmentRefused(_("请写明退回的原因，专家会看到"))
    before = {"state": fresh.state, "total": fresh.total, "评分": fresh.scores}
    fresh.state, fresh.total, fresh.submitted_at, fresh.entered_by = _STATE.ASSIGNED, None, None, None
    fresh.save(update_fields=["state", "total", "submitted_at", "entered_by"])
    after = {"state": fresh.state, "total": None}
    record_event(
        "scoring.scores_returned", fresh, by=by, at=at, before=before, after=after, about=fresh.panel, reason=said
    )
    values = {"panel": fresh.panel.title, "subject": fresh.shown_label, "reason": said}
    address = f"/account/assessments/{fresh.pk}/"
    notify(fresh.assessor, "scoring.returned", fresh, at=at, values=values, address=address)
    assessment.refresh_from_db()


def enter_scores(
    fresh: Assessment, scores: Mapping[str, Any], *, comment: str, entered_by: User | None, at: datetime
) -> None:
    """Write the scores of a locked assessment down, with their total; raises ScoreRefused, AssessmentRefused."""
    criteria = criteria_of(fresh.panel.sheet)
    answers = read_scores(criteria, scores)
    _refuse_same_rank(fresh, criteria, answers)
    fresh.scores = {key: _plain(value) for key, value in answers.items()}
    fresh.comment = checked_comment(comment)
    fresh.total = total_of(criteria, answers)
    fresh.state, fresh.submitted_at, fresh.entered_by = _STATE.SUBMITTED, at, entered_by
    fresh.save(
        update_fields=["scores", "comment", "total", "state", "submitted_at", "entered_by", "declared_at"],
    )


def checked_comment(comment: str) -> str:
    """A comment with its lines; raises AssessmentRefused where it is too long."""
    text = comment.replace("\x00", "").strip()
    if len(text) > LONGEST_COMMENT:
        raise AssessmentRefused(_("评语最多 %(count)d 个字") % {"count": LONGEST_COMMENT})
    return text


def _refuse_same_rank(fresh: Assessment, criteria: Iterable[Criterion], answers: Mapping[str, Decimal]) -> None:
    """An assessor gives each rank once in a panel."""
    ranks = [criterion for criterion in criteria if criterion.scale == Scale.RANK]
    if not ranks:
        return
    others = Assessment.objects.filter(panel=fresh.panel, assessor=fresh.assessor, state=_STATE.SUBMITTED)
    given = [one.scores for one in others.exclude(pk=fresh.pk).order_by("pk")]
    for criterion in ranks:
        rank = _plain(answers[criterion.key])
        if any(scores.get(criterion.key) == rank for scores in given):
            raise ScoreRefused({criterion.key: _("第 %(rank)s 名已给了另一个对象") % {"rank": rank}})


def _tell_when_complete(panel: Panel, *, at: datetime) -> None:
    """Whoever opened the panel learns that nobody is waited for any more."""
    if panel.opened_by is None or Assessment.objects.filter(panel=panel, state=_STATE.ASSIGNED).exists():
        return
    notify(
        panel.opened_by,
        "scoring.complete",
        panel,
        at=at,
        values={"panel": panel.title},
        address=f"/staff/panels/{panel.pk}/",
        once_key=f"scoring.complete.{panel.pk}.{at.date()}",
    )


def _plain(value: Decimal) -> str:
    return f"{value:f}"
