"""利益冲突声明 - before anything is shown, an assessor says whether anything stands between them and the subject."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.audit import record_event
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.outbox import notify
from chuangju.kernel.refusals import Refused
from chuangju.scoring.models import Assessment, Panel
from chuangju.scoring.panels import panel_lock

_LONGEST_REASON = 200


class AssessmentRefused(Refused):
    """The assessment cannot be declared, scored or returned like this; the sentence says why."""


@transaction.atomic
def declare_no_conflict(assessment: Assessment, *, by: User, at: datetime) -> None:
    """Nothing stands between the assessor and the subject: papers and sheet are shown from now on. Raises AssessmentRefused."""
    fresh = lock_own_assessment(assessment, by=by)
    if fresh.declared_at is not None:
        raise AssessmentRefused(_("您已作过声明"))
    fresh.declared_at = at
    fresh.save(update_fields=["declared_at"])
    record_event("scoring.no_conflict_declared", fresh, by=by, at=at, after={"declared_at": at}, about=fresh.panel)
    assessment.refresh_from_db()


@transaction.atomic
def declare_conflict(assessment: Assessment, *, reason: str, by: User, at: datetime) -> None:
    """Something does, also where it is noticed only later: the subject goes to somebody else. Raises AssessmentRefused."""
    fresh = lock_own_assessment(assessment, by=by)
    said = " ".join(reason.replace("\x00", "").split())
    if not said or len(said) > _LONGEST_REASON:
        raise AssessmentRefused(_("请写明需要回避的原因（不超过 200 个字）"))
    before = {"state": fresh.state}
    fresh.state, fresh.declared_at, fresh.conflict_reason = Assessment.State.DECLINED_CONFLICT, at, said
    fresh.scores, fresh.comment = {}, ""
    fresh.save(update_fields=["state", "declared_at", "conflict_reason", "scores", "comment"])
    record_event(
        "scoring.conflict_declared",
        fresh,
        by=by,
        at=at,
        before=before,
        after={"state": fresh.state},
        about=fresh.panel,
        reason=said,
    )
    _tell_runner(fresh, at=at)
    assessment.refresh_from_db()


def lock_own_assessment(assessment: Assessment, *, by: User) -> Assessment:
    """The assessment as it stands, locked together with its panel, for its assessor and while it may be scored."""
    if assessment.assessor_id != by.pk:
        raise AssessmentRefused(_("只能办理分派给本人的评分"))
    fresh = lock_in_scoring(assessment)
    match fresh.state:
        case Assessment.State.SUBMITTED:
            raise AssessmentRefused(_("这份评分已经提交，需要修改请与评审组织单位联系"))
        case Assessment.State.DECLINED_CONFLICT:
            raise AssessmentRefused(_("您已声明回避，不再评这个对象"))
        case Assessment.State.WITHDRAWN:
            raise AssessmentRefused(_("这份评分已经收回，不需要再评"))
        case _open:
            return fresh


def lock_in_scoring(assessment: Assessment) -> Assessment:
    """The assessment as it stands in whatever state, locked with its panel; refused unless the panel scores."""
    take_locks(panel_lock(assessment.panel))
    fresh = (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("panel__sheet", "panel__unit", "panel__opened_by", "entry", "assessor")
        .get(pk=assessment.pk)
    )
    if fresh.panel.is_settled:
        raise AssessmentRefused(_("评审已经冻结，不能再作任何变更"))
    if fresh.panel.state != Panel.State.SCORING:
        raise AssessmentRefused(_("评审还没有开始"))
    return fresh


def _tell_runner(assessment: Assessment, *, at: datetime) -> None:
    panel = assessment.panel
    if panel.opened_by is None:
        return
    values = {"panel": panel.title, "name": str(assessment.assessor), "subject": assessment.entry.blind_label}
    notify(panel.opened_by, "scoring.conflict", assessment, at=at, values=values, address=f"/staff/panels/{panel.pk}/")
