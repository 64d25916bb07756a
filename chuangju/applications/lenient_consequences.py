"""容缺、承诺的后果 - what a paper that never came and a promise that was untrue bring about, by rule or by somebody's hand."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from chuangju.applications.case_people import tell_applicants
from chuangju.applications.decision_rights import DecisionRefused
from chuangju.applications.decisions import take_back_decision
from chuangju.applications.evaluation import pinned_policy
from chuangju.applications.flags import lower_flag
from chuangju.applications.grown_cases import Kind, live_child
from chuangju.applications.lenient_terms import RECOVER, LenientTerms, lenient_terms
from chuangju.applications.models import Application, ApplicationFlag, Decision, RequiredDocument, Step
from chuangju.applications.notices import reopen_approval
from chuangju.applications.paper_duties import shown_paper
from chuangju.applications.publications import approved_decision
from chuangju.applications.recoveries import open_recovery
from chuangju.applications.step_kinds import REVIEW_KINDS
from chuangju.applications.steps import finish_step, open_steps
from chuangju.applications.submissions import end_application
from chuangju.kernel.audit import record_event
from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.models import User

_GRANTING = (Decision.Outcome.GRANTED, Decision.Outcome.CHANGED)


def can_revoke(application: Application) -> bool:
    """Whether a case granted something that is in force and that nobody takes back yet."""
    if application.state != Application.State.GRANTED:
        return False
    in_force = application.decisions.filter(state=Decision.State.PUBLISHED, outcome__in=_GRANTING).exists()
    return in_force and live_child(application, Kind.RECOVERY) is None


def revoke(application: Application, terms: LenientTerms, *, reason: str, by: User | None, at: datetime) -> Application:
    """撤销、追回: begun as a case of its own; the other side is heard first where the terms say so."""
    return open_recovery(application, reason=reason, hears=terms.hearing, by=by, at=at)


def end_case(application: Application, *, reason: str, by: User | None, at: datetime) -> None:
    """终止办理: the case ends without a decision, as if it had been taken back; what was approved does not come out."""
    _take_back_approved(application, reason=reason, by=by, at=at)
    before = {"state": application.state}
    end_application(application, Application.State.LAPSED, reason=reason[:500], by=by, at=at)
    tell_applicants(application, "applications.paper_ended", at=at, values={"reason": reason})
    record_event(
        "applications.lapsed", application, by=by, at=at, before=before, after={"state": application.state},
        reason=reason[:500],
    )  # fmt: skip


def take_consequence(
    application: Application, document: RequiredDocument, words: str, *, by: User, at: datetime
) -> None:
    """A promise was untrue: a case under review goes to refusal, what was granted is taken back; the applicant is told."""
    terms = lenient_terms(pinned_policy(application))
    follows = gettext_noop("已记录在案。")
    if terms.broken == RECOVER and application.state in Application.OPEN_STATES:
        _go_to_refusal(application, document, words, by=by, at=at)
        follows = gettext_noop("本件不再继续审核，将作出不予支持的决定。")
    elif terms.broken == RECOVER and can_revoke(application):
        reason = _untrue(document, words)
        revoke(application, terms, reason=reason, by=by, at=at)
        follows = gettext_noop("已立案撤销决定、追回资金。")
    values = {"what": lambda: shown_paper(document), "reason": words, "follows": lambda: _(follows)}
    tell_applicants(application, "applications.promise_broken", at=at, values=values)


def _go_to_refusal(application: Application, document: RequiredDocument, words: str, *, by: User, at: datetime) -> None:
    """What is still to be reviewed is not; the case waits for its refusal, which another person approves."""
    reason = _untrue(document, words)
    if _take_back_approved(application, reason=reason, by=by, at=at):
        reopen_approval(application, reason=reason, by=by, at=at)
        return
    for step in open_steps(application):
        if step.kind in REVIEW_KINDS and step.kind not in {Step.Kind.CONSULT, Step.Kind.ACCEPT}:
            step.application = application
            finish_step(step, Step.Result.FAILED, opinion=reason, by=by, at=at)


def _take_back_approved(application: Application, *, reason: str, by: User | None, at: datetime) -> bool:
    """An approved decision that is not out yet leaves its notice and is taken back. False where there is none."""
    decision = approved_decision(application)
    if decision is None:
        return False
    if decision.batch_id is not None:
        raise DecisionRefused(_("这项决定在评选名单上，请随名单一并审定或退回"))
    for notice in decision.notices.all():
        notice.decisions.remove(decision)
    take_back_decision(decision, reason=reason, by=by, at=at)
    application.refresh_from_db(fields=["granted_amount", "decided_at"])
    lower_flag(application, ApplicationFlag.Kind.NOTICE, by=by, at=at)
    return True


def _untrue(document: RequiredDocument, words: str) -> str:
    with in_kept_language():
        return _("“%(name)s”的承诺经核查不实：%(reason)s") % {"name": document.name, "reason": words}
