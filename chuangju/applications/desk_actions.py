"""可办事项 - what somebody may do with a case now: only what is allowed is offered, in the order in which it is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chuangju.applications.access import can_act_in_step, can_assign_step, can_lead_case, desk_units
from chuangju.applications.consultations import can_consult
from chuangju.applications.corrections import AGAINST_APPLICANTS, rounds_left
from chuangju.applications.decision_rights import may_approve, may_propose
from chuangju.applications.decisions import approval_step
from chuangju.applications.endorsements import may_endorse
from chuangju.applications.flags import BLOCKING
from chuangju.applications.law_changes import newer_version
from chuangju.applications.models import Application, Correction, Decision, Obligation, Step
from chuangju.applications.panel_cases import can_open_panel
from chuangju.applications.paper_duties import LIVE
from chuangju.applications.review_page import ReviewPage
from chuangju.kernel.audit import events_about
from chuangju.kernel.models import User
from chuangju.rules.policy import Policy
from chuangju.units.models import Role

Kind = Step.Kind
# Steps that somebody ends with passed or failed and a word.
_PLAIN = frozenset({Kind.SCREEN, Kind.VERIFY})


@dataclass(frozen=True)
class Actions:
    """What one reader may do; each field is the record that it is done to, or None."""

    intake: Step | None = None
    review: Step | None = None
    visit: Step | None = None
    panel: Step | None = None
    answer: Step | None = None
    referral: Step | None = None
    consult: Step | None = None
    excuse: tuple[Step, ...] = ()
    propose: bool = False
    decide: Decision | None = None
    correct: bool = False
    correction: Correction | None = None
    check_papers: bool = False
    send_back: bool = False
    assign: tuple[Step, ...] = ()
    take_over: tuple[Step, ...] = ()
    suspend: bool = False
    resume: bool = False
    law: Policy | None = None
    # 容缺、承诺: duties that this reader settles, whatever step the case is at.
    follow: tuple[Obligation, ...] = ()

    @property
    def any_main(self) -> bool:
        """Whether anything at all waits for this reader."""
        return bool(
            self.intake
            or self.review
            or self.visit
            or self.panel
            or self.answer
            or self.referral
            or self.propose
            or self.decide
            or self.follow
        )


def actions_for(user: User, page: ReviewPage, *, on: date) -> Actions:
    """What this person may do with a case on a day."""
    application = page.application
    if application.state not in Application.OPEN_STATES:
        if application.state != Application.State.GRANTED:
            return Actions()
        leads_on = can_lead_case(user, application, on)
        return Actions(review=_paid_elsewhere(user, page, on=on), follow=_live_duties(application) if leads_on else ())
    mine = [step for step in page.now if can_act_in_step(user, step, on)]
    held = any(flag.kind in BLOCKING for flag in page.flags)
    free = [] if held else mine
    leads = can_lead_case(user, application, on)
    reviewing = [step for step in mine if step.kind in {Kind.ACCEPT, Kind.VISIT, *_PLAIN}]
    asked = next((one for one, _diff in page.corrections if one.state == Correction.State.ASKED), None)
    lead = next((step for step in free if can_consult(step)), None)
    is_suspended = any(flag.kind == "suspended" for flag in page.flags)
    decision = page.decision
    awaits = decision is not None and decision.state == Decision.State.PROPOSED
    may_put_forward = (
        not held
        and decision is None
        and approval_step(application) is not None
        and may_propose(user, application, on=on)
    )
    return Actions(
        intake=_first(free, Kind.ACCEPT),
        review=next((step for step in free if step.kind in _PLAIN), None) or _endorsed(user, free, decision),
        visit=_first(free, Kind.VISIT),
        panel=next((step for step in free if can_open_panel(user, step, on)), None),
        answer=_first(mine, Kind.CONSULT),
        referral=next((one for one in page.now if one.kind == Kind.REFERRAL and (leads or one in mine)), None),
        consult=lead,
        excuse=tuple(_beside(page, lead)) if lead is not None else (),
        propose=may_put_forward,
        decide=decision if awaits and decision is not None and may_approve(user, decision, on=on) else None,
        correct=bool(reviewing) and not held and asked is None and _may_be_asked(application),
        correction=asked if reviewing else None,
        check_papers=bool(reviewing),
        send_back=decision is None
        and any(step.kind in {*_PLAIN, Kind.APPROVE} for step in free)
        and _has_earlier(page),
        assign=tuple(step for step in page.now if can_assign_step(user, step, on) and step.kind != Kind.NOTICE),
        take_over=tuple(_foreign(user, page, mine, on)) if leads else (),
        suspend=leads and not is_suspended and application.accepted_at is not None,
        resume=leads and is_suspended,
        law=_open_law(application, on) if leads else None,
        follow=_live_duties(application) if leads else (),
    )


def _live_duties(application: Application) -> tuple[Obligation, ...]:
    """Papers that follow and promises that are to be checked, the nearest day first."""
    found = application.obligations.filter(document__isnull=False, state__in=LIVE)
    return tuple(found.order_by("due_on", "pk"))


def _open_law(application: Application, on: date) -> Policy | None:
    """A newer version of the policy about which nobody has said yet whether the case goes by it."""
    newer = newer_version(application, on=on)
    if (
        newer is None
        or events_about(application).filter(action__in=("applications.kept", "applications.rebased")).exists()
    ):
        return None
    return newer


def _may_be_asked(application: Application) -> bool:
    """Whether its applicant can be asked to mend a case once more."""
    return application.kind not in AGAINST_APPLICANTS and rounds_left(application) > 0


def _after_the_decision(user: User, page: ReviewPage, *, on: date) -> Actions:
    application = page.application
    if application.state != Application.State.GRANTED:
        return Actions()
    duties = _live_duties(application) if can_lead_case(user, application, on) else ()
    return Actions(review=_paid_elsewhere(user, page, on=on), follow=duties)


def _paid_elsewhere(user: User, page: ReviewPage, *, on: date) -> Step | None:
    """A payment that no part of ours makes: whoever hears that it was made says so."""
    found = _first(page.now, Kind.PAY)
    if found is None or page.application.entitlements.exists() or not can_act_in_step(user, found, on):
        return None
    return found


def _endorsed(user: User, free: list[Step], decision: Decision | None) -> Step | None:
    """A further approval of what was approved already, by somebody who had no part in it."""
    if decision is None or decision.state != Decision.State.APPROVED or not may_endorse(user, decision):
        return None
    return _first(free, Kind.APPROVE)


def _first(steps: list[Step], kind: str) -> Step | None:
    return next((step for step in steps if step.kind == kind), None)


def _beside(page: ReviewPage, lead: Step) -> list[Step]:
    return [one for one in page.now if one.kind == Kind.CONSULT and one.position == lead.position]


def _has_earlier(page: ReviewPage) -> bool:
    return any(step.state == Step.State.DONE and step.kind != Kind.ACCEPT for step in page.steps)


def _foreign(user: User, page: ReviewPage, mine: list[Step], on: date) -> list[Step]:
    """Steps of other units that a clerk of the unit which leads may take over."""
    units = desk_units(user, on, Role.CLERK)
    if page.application.unit_id not in units:
        return []
    ended = {Kind.APPROVE, Kind.NOTICE, Kind.PAY, Kind.CONSULT, Kind.REFERRAL, Kind.CONFIRM, Kind.PANEL}
    return [step for step in page.now if step not in mine and step.kind not in ended]
