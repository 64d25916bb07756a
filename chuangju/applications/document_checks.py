"""核对材料 - a clerk looks at a paper beside its checklist: in order, or not and why."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.access import can_act_in_step, can_lead_case
from chuangju.applications.case_locks import StepRefused, lock_application
from chuangju.applications.models import RequiredDocument
from chuangju.applications.paper_duties import live_duty, meet_duty, reopen_duty
from chuangju.applications.step_kinds import REVIEW_KINDS
from chuangju.applications.steps import open_steps
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.models import User

State = RequiredDocument.State
LONGEST_REMARK = 500


class CheckRefused(StepRefused):
    """The paper cannot be checked like this; the sentence says why."""


@transaction.atomic
def check_document(
    document: RequiredDocument,
    *,
    is_good: bool,
    saw_original: bool = False,
    remark: str = "",
    by: User,
    at: datetime,
) -> RequiredDocument:
    """Say whether a paper is in order; raises CheckRefused. What is not is told with the next request to mend."""
    application = lock_application(document.application)
    fresh = RequiredDocument.objects.select_for_update().get(pk=document.pk)
    fresh.application = application
    if not _may_check(by, fresh, on=timezone.localdate(at)):
        raise CheckRefused(_("只有正在办理这个办件的承办人可以核对材料"))
    if is_good and fresh.state in {State.MISSING, State.TO_FOLLOW} and not saw_original:
        raise CheckRefused(_("“%(name)s”还没有提供；看过原件的，请勾选“已看原件”") % {"name": fresh.name})
    words = " ".join(remark.split())[:LONGEST_REMARK]
    if not is_good and not words:
        raise CheckRefused(_("请写明材料哪里不符，补正时会带上"))
    before = snapshot(fresh)
    fresh.state, fresh.remark = (State.CHECKED if is_good else State.FAULTY), words
    if is_good:
        meet_duty(fresh, remark=words, by=by, at=at)
    elif reopen_duty(fresh, remark=words, by=by, at=at):
        # It was to follow and still is.
        fresh.state = State.TO_FOLLOW
    fresh.checked_by, fresh.checked_at = by, at
    if saw_original and fresh.original_seen_at is None:
        fresh.original_seen_at = at
    fresh.save()
    record_event(
        "applications.document_checked",
        fresh,
        by=by,
        at=at,
        before=before,
        after=snapshot(fresh),
        about=application,
        reason=words,
    )
    return fresh


def _may_check(by: User, document: RequiredDocument, *, on: date) -> bool:
    """Whoever deals with the case now; a paper that was to follow is looked at by whoever leads the case, whatever its step."""
    steps = [step for step in open_steps(document.application) if step.kind in REVIEW_KINDS]
    for step in steps:
        step.application = document.application
    if any(can_act_in_step(by, step, on) for step in steps):
        return True
    return live_duty(document) is not None and can_lead_case(by, document.application, on)
