"""提交与撤回 - handing a case in, once, with its number and the snapshot it rests on; and taking it back before it is decided."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.applications.applicant_access import can_hand_in
from chuangju.applications.apply_settings import apply_settings
from chuangju.applications.case_clocks import stop_all_clocks
from chuangju.applications.case_locks import lock_application
from chuangju.applications.case_money import release_claim, reserve_at_submission, submission_claim
from chuangju.applications.case_numbers import next_number
from chuangju.applications.claim_conflicts import conflicts_of
from chuangju.applications.documents import missing_documents
from chuangju.applications.drafts import ApplicationRefused, evaluate_draft
from chuangju.applications.evaluation import Evaluation, keep_frozen
from chuangju.applications.flags import Kind as FlagKind
from chuangju.applications.flags import raise_flag
from chuangju.applications.models import Application, Correction, Decision, FrozenFacts, Step, Window
from chuangju.applications.nomination_cases import hold_nomination
from chuangju.applications.steps import lay_out_steps
from chuangju.applications.windows import refuse_town, unit_of, window_for
from chuangju.kernel.audit import record_event
from chuangju.kernel.models import User
from chuangju.policies.current import current_catalogue
from chuangju.rules.catalogue import Catalogue

LONGEST_REASON = 300
# What an applicant began and may take back; a check, a recovery or a case done over again is the office's.
_BEGUN_BY_APPLICANTS = (Application.Kind.APPLICATION, Application.Kind.OBJECTION, Application.Kind.RENEWAL)


@transaction.atomic
def submit_application(
    application: Application,
    *,
    pledge: bool,
    by: User,
    at: datetime,
    insists: bool = False,
) -> Application:
    """Hand a case in; one that was handed in already stays as it is. Raises ApplicationRefused, WindowRefused.

    `insists`: the applicant knows that the rule says no, or does not know enough, and applies all the same.
    """
    fresh, on = lock_application(application), timezone.localdate(at)
    if not _may_hand_in(by, fresh, on):
        raise ApplicationRefused(_("只有申请主体的人或受托代理人可以提交"))
    if fresh.state in Application.OPEN_STATES:
        return fresh
    if fresh.state != Application.State.DRAFT:
        raise ApplicationRefused(_("这件申请已经结束，不能提交"))
    catalogue = current_catalogue()
    evaluation = evaluate_draft(fresh, on=on, catalogue=catalogue)
    if not fresh.window.is_open_on(on):
        # Begun in a round that is over: it goes into the one that is open now, if there is any.
        fresh.window = window_for(evaluation.policy, on=on)
    _follow_town(fresh, evaluation, on=on)
    refuse_town(fresh.window, fresh.subject)
    hold_nomination(evaluation.policy, fresh, by=by, at=at)
    refuse_incomplete(fresh, evaluation, catalogue, pledge=pledge, insists=insists)
    fresh.number = next_number(on)
    fresh.state, fresh.submitted_at, fresh.pledged_at = Application.State.SUBMITTED, at, at
    fresh.submitter_id, fresh.payee_id = fresh.submitter_id or by.pk, fresh.payee_id or fresh.subject_id
    fresh.changed_at, fresh.revision = at, fresh.revision + 1
    first = lay_out_steps(fresh, evaluation.policy, by=by, at=at)
    fresh.due_on = first.due_on
    fresh.save()
    frozen = keep_frozen(fresh, FrozenFacts.Moment.SUBMITTED, evaluation, by=by, at=at)
    after = {
        "state": fresh.state,
        "number": fresh.number,
        "policy": fresh.policy_key,
        "verdict": fresh.verdict,
        "step": first.label,
        "sha256": frozen.sha256,
    }
    record_event("applications.submitted", fresh, by=by, at=at, before={"state": Application.State.DRAFT}, after=after)
    is_reserved = fresh.window.reserves == Window.Reserves.AT_SUBMIT
    if is_reserved and not reserve_at_submission(fresh, evaluation.policy, by=by, at=at):
        raise_flag(fresh, FlagKind.FUNDS, reason=str(_("资金已用完，等待追加")), by=None, at=at)
    _mark_disputes(fresh, evaluation, by=by, at=at)
    return fresh


def _follow_town(application: Application, evaluation: Evaluation, *, on: date) -> None:
    """Whoever has moved since the draft was begun, or began it when another unit did this work, applies where that is done now."""
    town = application.subject.town
    is_as_begun = application.town_id == application.subject.town_id and application.unit.exists_on(on)
    if is_as_begun and application.window.unit_id in {None, application.unit_id}:
        return
    application.town = town
    application.unit = application.window.unit or unit_of(evaluation.policy, on=on, town=town)


def refuse_incomplete(
    application: Application, evaluation: Evaluation, catalogue: Catalogue, *, pledge: bool, insists: bool
) -> None:
    """Raise ApplicationRefused for what must be there or known before a case can be handed in."""
    if not pledge:
        raise ApplicationRefused(_("请阅读并勾选承诺书"))
    if evaluation.verdict != "eligible" and not insists:
        raise ApplicationRefused(_("按现在的数据还不符合条件或缺数据；仍要提交的，请勾选“我知道，仍要提交”"))
    missing = missing_documents(application)
    if missing:
        names = "、".join(one.name for one in missing)
        raise ApplicationRefused(_("还缺材料：%(names)s") % {"names": names})
    if apply_settings().wants_account(evaluation.policy) and not application.account:
        raise ApplicationRefused(_("请填写收款账户"))
    granted = [one for one in conflicts_of(application, evaluation.policy, catalogue=catalogue) if not one.is_same]
    if granted and not insists:
        names = "、".join(one.title for one in granted)
        raise ApplicationRefused(
            _("与“%(names)s”只能享受其一；仍要提交的，请勾选“我知道，仍要提交”") % {"names": names}
        )


@transaction.atomic
def withdraw_application(application: Application, *, reason: str = "", by: User, at: datetime) -> Application:
    """Take a case back before it is decided: nothing of it goes on. Raises ApplicationRefused."""
    fresh, on = lock_application(application), timezone.localdate(at)
    if not _may_hand_in(by, fresh, on):
        raise ApplicationRefused(_("只有申请主体的人或受托代理人可以撤回"))
    if fresh.state == Application.State.WITHDRAWN:
        return fresh
    if not fresh.is_live or fresh.state == Application.State.OFFERED:
        raise ApplicationRefused(_("这件申请已经结束，不能撤回"))
    if not is_begun_by_applicant(fresh):
        raise ApplicationRefused(_("这个办件由承办单位立案，不能由申请人撤回"))
    if fresh.decisions.filter(state=Decision.State.APPROVED).exists():
        raise ApplicationRefused(_("已经审定，不能再撤回；不要这笔支持的，请联系承办单位"))
    words = " ".join(reason.split())[:LONGEST_REASON] or str(_("申请人撤回"))
    end_application(fresh, Application.State.WITHDRAWN, reason=words, by=by, at=at)
    record_event(
        "applications.withdrawn",
        fresh,
        by=by,
        at=at,
        before={"state": application.state},
        after={"state": fresh.state},
        about=fresh.subject,
        reason=words,
    )
    return fresh


def is_begun_by_applicant(application: Application) -> bool:
    """Whether a case is one that its applicant began, so that it is theirs to take back or to let lapse."""
    return application.kind in _BEGUN_BY_APPLICANTS


def end_application(application: Application, state: str, *, reason: str, by: User | None, at: datetime) -> None:
    """Close a case without a decision: steps that did not end are not needed, clocks stop, money and marks go."""
    was_open = application.state in Application.OPEN_STATES
    application.state, application.end_reason = state, reason
    application.closed_at = application.changed_at = at
    application.revision += 1
    application.save()
    if not was_open:
        return
    application.steps.filter(state__in=(Step.State.WAITING, Step.State.OPEN)).update(state=Step.State.SKIPPED)
    application.corrections.filter(state=Correction.State.ASKED).update(state=Correction.State.CANCELLED)
    application.decisions.filter(state=Decision.State.PROPOSED).update(
        state=Decision.State.RETURNED, return_reason=reason[:500]
    )
    application.flags.filter(ended_at__isnull=True).update(ended_at=at)
    stop_all_clocks(application, by=by, at=at)
    release_claim(submission_claim(application), reason=reason, by=by, at=at)


def _may_hand_in(by: User, application: Application, on: date) -> bool:
    if application.channel == Application.Channel.COUNTER and application.submitter_id == by.pk:
        return True
    return can_hand_in(by, application, on)


def _mark_disputes(application: Application, evaluation: Evaluation, *, by: User, at: datetime) -> None:
    """What the applicant said against the register is to be looked into."""
    if any(source.get("is_disputed") for source in evaluation.sources.values()):
        raise_flag(application, FlagKind.DISPUTED, reason=str(_("申请人对登记数据有异议")), by=by, at=at)


def case_address(application: Application) -> str:
    """Where the applicant sees a case."""
    return f"/my/cases/{application.pk}/"
