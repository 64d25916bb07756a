"""异议、重新办理、更正、续期 - what an applicant or the office begins about a decision that is in force."""

from __future__ import annotations

from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.access import can_lead_case
from chuangju.applications.applicant_access import can_hand_in
from chuangju.applications.case_locks import lock_application
from chuangju.applications.case_numbers import next_number
from chuangju.applications.decision_rights import DecisionRefused, objects_to_recovery
from chuangju.applications.decision_settings import days_of
from chuangju.applications.evaluation import freeze_facts
from chuangju.applications.grown_cases import (
    APPROVAL,
    REVIEW,
    Growth,
    Kind,
    decided_by,
    grow_case,
    new_case,
    refuse_second,
)
from chuangju.applications.models import Application, Decision, FrozenFacts, RequiredDocument, Standing
from chuangju.applications.recoveries import change_recovery
from chuangju.applications.replacements import replace_decision
from chuangju.applications.steps import begin_process
from chuangju.kernel.attachments import attach_file, path_of
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.models import User
from chuangju.policies.current import current_catalogue

_LONGEST = 500


@transaction.atomic
def open_objection(parent: Application, *, text: str, by: User, at: datetime) -> Application:
    """The applicant objects to a decision while they still may; somebody else looks at it anew. Raises DecisionRefused."""
    fresh, on = lock_application(parent), timezone.localdate(at)
    if not can_hand_in(by, fresh, on):
        raise DecisionRefused(_("只有申请人或受托代理人可以提出异议"))
    decision = decided_by(fresh)
    if decision.objection_until is not None and on > decision.objection_until:
        raise DecisionRefused(_("异议期限 %(day)s 已过") % {"day": decision.objection_until.isoformat()})
    if fresh.kind == Kind.OBJECTION:
        raise DecisionRefused(_("对异议处理决定不服的，可以申请行政复议或提起行政诉讼"))
    refuse_second(fresh, Kind.OBJECTION, Kind.REOPENING)
    growth = Growth(
        Kind.OBJECTION,
        text,
        (REVIEW, APPROVAL),
        promised_days=days_of("objection", "promised_days"),
        legal_days=days_of("objection", "legal_days"),
    )
    return grow_case(fresh, growth, by=by, at=at)


@transaction.atomic
def open_correction(parent: Application, *, text: str, by: User, at: datetime) -> Application:
    """A slip in a decision is put right by another one; nothing of what was granted changes by it."""
    fresh = lock_application(parent)
    _refuse_unless_leading(by, fresh, at)
    decided_by(fresh)
    refuse_second(fresh, Kind.CORRECTION)
    return grow_case(fresh, Growth(Kind.CORRECTION, text, (REVIEW, APPROVAL)), by=by, at=at)


@transaction.atomic
def open_reopening(parent: Application, *, reason: str, by: User | None, at: datetime) -> Application:
    """Do the whole case over again, by the version in force now, with what was handed in then. Raises DecisionRefused.

    The former decision stays in force until the new one is out. `by` None: an objection was right, and rules begin it.
    """
    fresh, on = lock_application(parent), timezone.localdate(at)
    if by is not None:
        _refuse_unless_leading(by, fresh, at)
        decided_by(fresh)
    refuse_second(fresh, Kind.REOPENING, Kind.OBJECTION)
    words = " ".join(reason.split())[:_LONGEST]
    if not words:
        raise DecisionRefused(_("请写明重新办理的原因"))
    child = new_case(fresh, Kind.REOPENING, by=by, at=at)
    policy = current_catalogue().version_for(fresh.policy_id, on)
    child.policy_version = policy.version if policy is not None else fresh.policy_version
    child.number, child.state, child.submitted_at = next_number(on), Application.State.SUBMITTED, at
    child.save(force_insert=True)
    _take_documents(fresh, child, by=by, at=at)
    freeze_facts(child, FrozenFacts.Moment.SUBMITTED, by=by, at=at)
    record_event("applications.child_opened", child, by=by, at=at, after=snapshot(child), about=fresh, reason=words)
    begin_process(child, by=by, at=at)
    return child


@transaction.atomic
def open_renewal(standing: Standing, *, by: User, at: datetime) -> Application:
    """The holder of a standing asks for another term: a draft with what was told before. Raises DecisionRefused."""
    parent = lock_application(standing.decision.application)
    if not can_hand_in(by, parent, timezone.localdate(at)):
        raise DecisionRefused(_("只有持有人可以申请续期"))
    if standing.state != Standing.State.ACTIVE or standing.ends_on is None:
        raise DecisionRefused(_("只有有期限的有效资格可以续期"))
    if standing.renewals.exists():
        raise DecisionRefused(_("这项资格已经续期"))
    refuse_second(parent, Kind.RENEWAL)
    child = new_case(parent, Kind.RENEWAL, by=by, at=at)
    policy = current_catalogue().version_for(parent.policy_id, timezone.localdate(at))
    if policy is None:
        raise DecisionRefused(_("这项政策现在不施行，不能续期"))
    child.policy_version, child.submitter = policy.version, by
    child.save(force_insert=True)
    _take_documents(parent, child, by=by, at=at)
    record_event("applications.child_opened", child, by=by, at=at, after=snapshot(child), about=parent)
    return child


def follow_objection(decision: Decision, by: User | None, at: datetime) -> None:
    """What an answered objection brings about: nothing, another decision, or the whole case over again."""
    if decision.outcome == Decision.Outcome.CHANGED and objects_to_recovery(decision.application):
        change_recovery(decision, by=by, at=at)
    elif decision.outcome == Decision.Outcome.CHANGED:
        replace_decision(decision, by=by, at=at)
    elif decision.outcome == Decision.Outcome.REVOKED and decision.application.parent is not None:
        reason = _("异议成立：%(number)s") % {"number": decision.application.number}
        open_reopening(decision.application.parent, reason=reason, by=None, at=at)


def follow_correction(decision: Decision, by: User | None, at: datetime) -> None:
    """A slip was put right in words: nothing of what was granted changes by it."""


def _take_documents(parent: Application, child: Application, *, by: User | None, at: datetime) -> None:
    """The papers of the first case, with their files."""
    given = (RequiredDocument.State.GIVEN, RequiredDocument.State.CHECKED)
    for one in parent.documents.order_by("position").prefetch_related("attachments"):
        copy = RequiredDocument.objects.create(
            application=child,
            position=one.position,
            name=one.name,
            name_en=one.name_en,
            state=RequiredDocument.State.GIVEN if one.state in given else RequiredDocument.State.MISSING,
            may_follow=one.may_follow,
            may_be_promised=one.may_be_promised,
            remark=_("沿用办件 %(number)s 的材料") % {"number": parent.number or ""} if one.state in given else "",
        )
        if by is None:
            continue
        for file in one.attachments.all():
            attach_file(copy, ContentFile(path_of(file).read_bytes(), name=file.name), by=by, at=at)


def _refuse_unless_leading(by: User, application: Application, at: datetime) -> None:
    if not can_lead_case(by, application, timezone.localdate(at)):
        raise DecisionRefused(_("只有责任单位的经办人可以办理"))
