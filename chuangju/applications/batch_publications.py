"""公布名单 - the approved list is shown to everybody and then published at once, with a letter for each; reserves move up.

A winner who drops out leaves a place. Whoever stands first in reserve gets a list of their own, which goes the same way:
put forward, approved by a second person, shown, published.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from chuangju.applications.batch_decisions import BatchRefused, each_case, hold_cases
from chuangju.applications.batch_letters import draft_reserve_letter
from chuangju.applications.batch_ranking import GRANTED, REFUSED, RESERVE, Entry, digest_of
from chuangju.applications.batches import keep_batch, locked_batch, refuse_if_changed
from chuangju.applications.case_people import tell_applicants
from chuangju.applications.decisions import take_back_decision
from chuangju.applications.earlier_grants import change_grant
from chuangju.applications.flags import lower_flag, raise_flag
from chuangju.applications.instalments import end_unpaid
from chuangju.applications.models import (
    Application,
    ApplicationFlag,
    Decision,
    DecisionBatch,
    Instalment,
    PublicNotice,
    Standing,
    Step,
    Window,
)
from chuangju.applications.notices import begin_notice, end_notice
from chuangju.applications.obligations import waive_obligations
from chuangju.applications.publications import publish_decision
from chuangju.applications.standings import end_standing
from chuangju.applications.submissions import end_application
from chuangju.applications.vouchers import revoke_voucher
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User

State = DecisionBatch.State
_DONE = (State.APPROVED, State.NOTICE, State.PUBLISHED)


@transaction.atomic
def begin_batch_notice(batch: DecisionBatch, *, by: User, at: datetime) -> PublicNotice:
    """Show all winners of an approved list in one public notice. Raises BatchRefused."""
    fresh = locked_batch(batch, State.APPROVED, by=by, at=at)
    refuse_if_changed(fresh)
    hold_cases(fresh)
    granted = list(_approved(fresh, Decision.Outcome.GRANTED))
    steps = Step.objects.filter(
        application__decisions__in=granted, kind=Step.Kind.NOTICE, state=Step.State.OPEN
    ).order_by("pk")
    step = steps.first()
    if not granted or step is None:
        raise BatchRefused(_("名单上没有要公示的决定，可以直接公布"))
    with in_kept_language():
        title = f"“{fresh.title}”拟支持名单公示"
        notice = begin_notice(granted, days=step.days, title=title, by=by, at=at)
    steps.update(due_on=notice.ends_on)
    fresh.state = State.NOTICE
    after = {"state": State.NOTICE, gettext_noop("公示至"): notice.ends_on}
    keep_batch(fresh, "batch_shown", {"state": State.APPROVED}, after, by=by, at=at)
    return notice


@transaction.atomic
def publish_batch(batch: DecisionBatch, *, by: User, at: datetime) -> DecisionBatch:
    """Publish the whole list at once: decisions, letters, reserves. Raises BatchRefused with every problem."""
    fresh = locked_batch(batch, State.APPROVED, State.NOTICE, by=by, at=at)
    refuse_if_changed(fresh)
    cases = hold_cases(fresh)
    decisions = {str(one.application_id): one for one in _approved(fresh)}
    _end_notices(fresh, by=by, at=at)
    problems = _unfinished(fresh)
    if problems:
        raise BatchRefused(_("名单还不能公布"), problems)

    def publish(entry: Entry) -> None:
        case = cases[entry["application"]]
        if entry["outcome"] == RESERVE:
            _keep_in_reserve(fresh, case, entry, by=by, at=at)
        elif entry["application"] in decisions:
            lower_flag(case, ApplicationFlag.Kind.RESERVE, by=by, at=at)
            publish_decision(decisions[entry["application"]], by=by, at=at)

    each_case(fresh.ranking, publish, _("名单没有公布，一件也没有公布"))
    window = Window.objects.select_for_update(of=("self",)).get(pk=fresh.window_id)
    window.state = Window.State.DECIDED
    window.revision += 1
    window.save()
    before = {"state": fresh.state}
    fresh.state, fresh.published_at = State.PUBLISHED, at
    return keep_batch(fresh, "batch_published", before, {"state": State.PUBLISHED}, by=by, at=at)


@transaction.atomic
def drop_out(batch: DecisionBatch, application: Application, *, reason: str, by: User, at: datetime) -> None:
    """A winner gives up before anything was paid: the case ends, the money is free, the place too. Raises BatchRefused."""
    fresh = locked_batch(batch, *_DONE, by=by, at=at)
    words = " ".join(reason.split())[:500]
    if not words:
        raise BatchRefused(_("请写明退出的原因"))
    case = hold_cases(fresh).get(str(application.pk))
    decision = None
    if case is not None:
        counting = (Decision.State.APPROVED, Decision.State.PUBLISHED)
        decision = case.decisions.filter(state__in=counting, outcome=Decision.Outcome.GRANTED).first()
    if case is None or decision is None:
        raise BatchRefused(_("只有名单上入围的办件可以退出"))
    if decision.state == Decision.State.APPROVED:
        for notice in decision.notices.filter(state=PublicNotice.State.RUNNING):
            notice.decisions.remove(decision)
        take_back_decision(decision, reason=words, by=by, at=at)
    else:
        _give_back(case, decision, words, by=by, at=at)
    case.refresh_from_db()
    before = {"state": case.state}
    end_application(case, Application.State.WITHDRAWN, reason=words, by=by, at=at)
    case.flags.filter(ended_at__isnull=True).update(ended_at=at)
    record_event(
        "applications.winner_left", case, by=by, at=at, before=before, after={"state": case.state}, about=fresh,
        reason=words,
    )  # fmt: skip
    tell_applicants(case, "applications.dropped_out", at=at, values={"reason": words})


def reserves_of(batch: DecisionBatch) -> list[Entry]:
    """Who still waits in reserve, in their order: not decided, not on another list, their case alive."""
    keys = [one["application"] for one in batch.ranking if one.get("outcome") == RESERVE]
    open_cases = Application.objects.filter(pk__in=keys, state=Application.State.IN_REVIEW).exclude(
        decisions__state__in=(Decision.State.PROPOSED, Decision.State.APPROVED, Decision.State.PUBLISHED)
    )
    alive = {str(key) for key in open_cases.values_list("pk", flat=True)}
    for child in batch.children.exclude(state=State.RETURNED):
        alive -= {one["application"] for one in child.ranking}
    return [one for one in batch.ranking if one.get("outcome") == RESERVE and one["application"] in alive]


def free_places(batch: DecisionBatch) -> int:
    """How many winners of a list have left their place, less those who were moved up."""
    granted: int = sum(one.get("outcome") == GRANTED for one in batch.ranking)
    held: int = batch.decisions.filter(
        state__in=(Decision.State.APPROVED, Decision.State.PUBLISHED), outcome="granted"
    ).count()
    moved: int = sum(
        one["outcome"] == GRANTED for child in batch.children.exclude(state=State.RETURNED) for one in child.ranking
    )
    free: int = granted - held - moved
    return max(0, free)


@transaction.atomic
def move_up_reserve(batch: DecisionBatch, *, by: User, at: datetime) -> DecisionBatch:
    """递补: the first in reserve takes the place that became free, by a frozen list of its own. Raises BatchRefused."""
    fresh = locked_batch(batch, *_DONE, by=by, at=at)
    waiting = reserves_of(fresh)
    if not free_places(fresh):
        raise BatchRefused(_("入围的没有人退出，没有空出的名额"))
    if not waiting:
        raise BatchRefused(_("候补名单上没有可以递补的办件"))
    return _follow(fresh, [{**waiting[0], "outcome": GRANTED}], _("递补"), by=by, at=at)


@transaction.atomic
def end_reserves(batch: DecisionBatch, *, by: User, at: datetime) -> DecisionBatch:
    """The reserve list ends: whoever still waits is refused, by a frozen list of its own. Raises BatchRefused."""
    fresh = locked_batch(batch, State.PUBLISHED, by=by, at=at)
    waiting = reserves_of(fresh)
    if not waiting:
        raise BatchRefused(_("候补名单上已经没有人"))
    return _follow(fresh, [{**one, "outcome": REFUSED} for one in waiting], _("候补期满"), by=by, at=at)


def _follow(batch: DecisionBatch, entries: list[Entry], name: str, *, by: User, at: datetime) -> DecisionBatch:
    take_locks(f"applications.window:{batch.window_id}")
    if DecisionBatch.objects.filter(window=batch.window_id, state__in=DecisionBatch.OPEN_STATES).exists():
        raise BatchRefused(_("这一批次已有正在办理的名单，请先办完"))
    with in_kept_language():
        title = f"{batch.title} {name}"[:200]
    child = DecisionBatch(
        window=batch.window, parent=batch, title=title, state=State.FROZEN, ranking=entries,
        cut_line=sum(one["outcome"] == GRANTED for one in entries), proposed_by=by, proposed_at=at, frozen_at=at,
        is_demo=batch.is_demo,
    )  # fmt: skip
    child.sha256 = digest_of(child)
    child.save(force_insert=True)
    record_event("applications.batch_followed", child, by=by, at=at, after={"校验值": child.sha256}, about=batch)
    return child


def _approved(batch: DecisionBatch, *outcomes: str) -> list[Decision]:
    found = batch.decisions.filter(state=Decision.State.APPROVED).select_related("application__unit", "application")
    return list(found.filter(outcome__in=outcomes) if outcomes else found)


def _end_notices(batch: DecisionBatch, *, by: User, at: datetime) -> None:
    """Notices whose last day has passed end now, whether or not the duty has been there."""
    running = PublicNotice.objects.filter(decisions__batch=batch, state=PublicNotice.State.RUNNING).distinct()
    for notice in running.order_by("pk"):
        if notice.ends_on < timezone.localdate(at):
            end_notice(notice, by=by, at=at)


def _unfinished(batch: DecisionBatch) -> list[tuple[str, str]]:
    """What a list still waits for: its notice, and every objection in it."""
    found = []
    if batch.state == State.APPROVED:
        waiting = Step.objects.filter(
            application__decisions__batch=batch, kind=Step.Kind.NOTICE, state=Step.State.OPEN,
            application__decisions__state=Decision.State.APPROVED,
        )  # fmt: skip
        if waiting.exists():
            found.append((batch.title, _("还没有公示")))
    running = PublicNotice.objects.filter(decisions__batch=batch, state=PublicNotice.State.RUNNING).distinct()
    found += [(one.title, _("公示到 %(day)s 为止") % {"day": one.ends_on.isoformat()}) for one in running]
    objected = batch.decisions.filter(objections__state="received").select_related("application").distinct()
    found += [(one.application.number or "", _("有异议还没有答复")) for one in objected]
    return found


def _keep_in_reserve(batch: DecisionBatch, case: Application, entry: Entry, *, by: User, at: datetime) -> None:
    if case.state != Application.State.IN_REVIEW:
        return
    first = next(place for place, one in enumerate(batch.ranking) if one["outcome"] == RESERVE)
    number = batch.ranking.index(entry) - first + 1
    with in_kept_language():
        reason = _("候补第 %(number)d 名") % {"number": number}
    raise_flag(case, ApplicationFlag.Kind.RESERVE, reason=reason, by=by, at=at)
    draft_reserve_letter(case, batch, by=by, at=at)
    tell_applicants(case, "applications.in_reserve", at=at, values={"place": number})


def _give_back(case: Application, decision: Decision, reason: str, *, by: User, at: datetime) -> None:
    """A decision in force is given up: nothing of it is paid; refused where money has gone out."""
    parts = Instalment.objects.filter(entitlement__application=case)
    if parts.filter(state__in=(Instalment.State.PAID, Instalment.State.REQUESTED)).exists():
        raise BatchRefused(_("已经拨付或正在拨付，请按追回办理"))
    for standing in Standing.objects.filter(decision=decision):
        end_standing(standing, reason=reason, by=by, at=at)
    revoke_voucher(decision, reason=reason, by=by, at=at)
    waive_obligations(decision, reason=reason, by=by, at=at)
    change_grant(decision, amount=0, on=timezone.localdate(at), by=by, at=at)
    end_unpaid(case, reason=reason, by=by, at=at)
    before = snapshot(decision)
    decision.refresh_from_db()
    decision.state, decision.return_reason = Decision.State.REPLACED, reason
    decision.revision += 1
    decision.save()
    record_event(
        "applications.decision_replaced", decision, by=by, at=at, before=before, after=snapshot(decision), about=case,
        reason=reason,
    )  # fmt: skip
