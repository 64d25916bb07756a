"""公布 - a decision comes into force: the case ends, money is owed, a standing begins, obligations fall due, a letter is drafted.

What follows for a kind of case is registered by the file that knows it (`register_publication`): grants here, objections,
recoveries and the like in `children.py` and beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.case_clocks import stop_all_clocks
from chuangju.applications.case_money import release_submission
from chuangju.applications.case_people import tell_applicants
from chuangju.applications.decision_rights import DecisionRefused
from chuangju.applications.decision_settings import days_of
from chuangju.applications.decisions import locked_decision
from chuangju.applications.flags import lower_flag
from chuangju.applications.grants import grant_what_was_decided
from chuangju.applications.letters import draft_letter
from chuangju.applications.models import Application, ApplicationFlag, Decision, Objection, PublicNotice, Step
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.models import User
from chuangju.kernel.registry import Registry

Publication = Callable[[Decision, "User | None", datetime], None]
publications: Registry[str, Publication] = Registry("applications.publications")
Outcome, State = Decision.Outcome, Decision.State
# As long as one of these steps has not ended, the decision is not out.
_BEFORE = (Step.Kind.APPROVE, Step.Kind.NOTICE, Step.Kind.REFERRAL)


def register_publication(kind: str, follow: Publication) -> None:
    """Say what follows when a decision on a case of this kind comes into force, inside its transaction."""
    publications.register(str(kind), follow)


def approved_decision(application: Application) -> Decision | None:
    """The decision of a case that waits to be published."""
    return application.decisions.filter(state=State.APPROVED).first()


def is_ready(decision: Decision) -> bool:
    """Whether nothing stands between a decision and its publication: no step, no notice, no open objection."""
    application = decision.application
    if application.steps.filter(kind__in=_BEFORE, state__in=(Step.State.WAITING, Step.State.OPEN)).exists():
        return False
    if decision.notices.filter(state=PublicNotice.State.RUNNING).exists():
        return False
    if application.flags.filter(kind=ApplicationFlag.Kind.OVERDUE, ended_at__isnull=True).exists():
        return False
    return not decision.objections.filter(state=Objection.State.RECEIVED).exists()


@transaction.atomic
def publish_if_ready(application: Application, *, by: User | None, at: datetime) -> Decision | None:
    """Publish what was approved once its steps are through; None where something is still awaited."""
    decision = approved_decision(application)
    if decision is None or decision.batch_id is not None or not is_ready(decision):
        return None
    return publish_decision(decision, by=by, at=at)


@transaction.atomic
def publish_decision(decision: Decision, *, by: User | None, at: datetime) -> Decision:
    """Bring an approved decision into force, once; raises DecisionRefused."""
    fresh = locked_decision(decision, State.APPROVED)
    if not is_ready(fresh):
        raise DecisionRefused(_("公示、外部办理、异议核查或容缺材料还没有了结，不能公布"))
    application, on = fresh.application, timezone.localdate(at)
    before = snapshot(fresh)
    fresh.state, fresh.published_at, fresh.effective_on = State.PUBLISHED, at, on
    fresh.objection_until = objection_day(on)
    fresh.revision += 1
    fresh.save()
    _end_case(application, fresh, by=by, at=at)
    draft_letter(fresh, by=by, at=at)
    if fresh.outcome == Outcome.REFUSED:
        release_submission(application, reason=_("不予支持"), by=by, at=at)
    follow = publications.find(application.kind)
    if follow is not None:
        follow(fresh, by, at)
    elif fresh.outcome == Outcome.GRANTED:
        grant_what_was_decided(fresh, by=by, at=at)
        _close_unless_owed(application, by=by, at=at)
    record_event(
        "applications.decision_published", fresh, by=by, at=at, before=before, after=snapshot(fresh), about=application
    )
    lower_flag(application, ApplicationFlag.Kind.NOTICE, by=by, at=at)
    values = {"outcome": fresh.get_outcome_display, "until": fresh.objection_until}
    tell_applicants(application, "applications.decided", at=at, values=values)
    return fresh


def objection_day(on: date) -> date:
    """The last day on which a decision of this day can be objected to."""
    return on + timedelta(days=days_of("objection"))


def close_case(application: Application, *, by: User | None, at: datetime) -> None:
    """办结: nothing more is owed to the applicant; clocks stop. Closing twice is closing once."""
    if application.closed_at is None:
        stop_all_clocks(application, by=by, at=at)
        application.closed_at = at
        application.save(update_fields=["closed_at"])


def _close_unless_owed(application: Application, *, by: User | None, at: datetime) -> None:
    """What is spent and paid bit by bit afterwards, as a voucher is, keeps no case open."""
    owed = application.steps.filter(kind=Step.Kind.PAY, state__in=(Step.State.WAITING, Step.State.OPEN))
    if not owed.exists():
        close_case(application, by=by, at=at)


def _end_case(application: Application, decision: Decision, *, by: User | None, at: datetime) -> None:
    is_no = decision.outcome in {Outcome.REFUSED, Outcome.UPHELD}
    application.state = Application.State.REFUSED if is_no else Application.State.GRANTED
    application.changed_at = at
    application.revision += 1
    application.save(update_fields=["state", "changed_at", "revision"])
    has_payment = application.steps.filter(kind=Step.Kind.PAY, state__in=(Step.State.WAITING, Step.State.OPEN)).exists()
    awaits_money = (has_payment or application.kind == Application.Kind.RECOVERY) and bool(decision.amount)
    if is_no or not awaits_money:
        close_case(application, by=by, at=at)
