"""一项决定 - everything the desk's page of a decision shows, read once: grounds, snapshot, notices, money, papers, what grew out of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangju.applications.access import can_lead_case, desk_units
from chuangju.applications.case_money import paid_for, replaced_by
from chuangju.applications.decision_reasons import shown_reason
from chuangju.applications.decision_rights import may_approve, objects_to_recovery
from chuangju.applications.models import (
    Application,
    Decision,
    Entitlement,
    FrozenFacts,
    Instalment,
    Obligation,
    PublicNotice,
    Repayment,
    Standing,
)
from chuangju.applications.recoveries import parts_of_case
from chuangju.budget.models import Payment
from chuangju.kernel.audit import events_about
from chuangju.kernel.models import AuditEvent, Paper, User
from chuangju.kernel.paper_templates import papers_about
from chuangju.policies.policy_titles import policy_key_words
from chuangju.units.models import Role

EVENTS = 20


@dataclass(frozen=True)
class Action:
    """Something that this reader may do now."""

    label: str
    url: str
    is_main: bool = False


@dataclass(frozen=True)
class ShownPart:
    """A part of a grant with its payment, where finance was asked."""

    part: Instalment
    payment: Payment | None


@dataclass(frozen=True)
class DecisionPage:
    """A decision as the desk sees it."""

    reasons: list[tuple[str, str]]
    frozen: FrozenFacts | None
    policy: str
    notices: list[PublicNotice]
    entitlement: Entitlement | None
    parts: list[ShownPart]
    standings: list[Standing]
    obligations: list[Obligation]
    children: list[Application]
    repayments: list[Repayment]
    papers: list[Paper]
    actions: list[Action]
    can_write: bool
    events: Page[AuditEvent]


def decision_page(decision: Decision, *, user: User, on: date) -> DecisionPage:
    """Read everything; the number of queries does not grow with what there is."""
    application = decision.application
    entitlement = Entitlement.objects.filter(decision=decision).select_related("payee").first()
    parts = list(entitlement.instalments.order_by("number")) if entitlement is not None else []
    keys = [part.claim_key for part in parts]
    payments = {one.claim_key: one for one in Payment.objects.filter(claim_key__in=keys)}
    events = events_about(decision).select_related("actor").order_by("-at", "-pk")
    return DecisionPage(
        reasons=[(shown_reason(reason), reason.get("law", "")) for reason in decision.reasons],
        frozen=decision.frozen,
        policy=policy_key_words(decision.frozen.policy_key) if decision.frozen else "",
        notices=list(decision.notices.order_by("-starts_on")),
        entitlement=entitlement,
        parts=[ShownPart(part, payments.get(part.claim_key)) for part in parts],
        standings=list(decision.standings.order_by("pk")),
        obligations=list(decision.obligations.order_by("due_on", "pk")),
        children=list(application.children.order_by("started_at", "pk")),
        repayments=list(application.repayments.select_related("instalment").order_by("pk")),
        papers=list(papers_about(decision)),
        actions=_actions(decision, user=user, on=on),
        can_write=application.unit_id in desk_units(user, on, Role.CLERK, Role.APPROVER),
        events=Paginator(events, EVENTS).page(1),
    )


def _actions(decision: Decision, *, user: User, on: date) -> list[Action]:
    if decision.state == Decision.State.PROPOSED and may_approve(user, decision, on=on):
        return [Action(_("去审定"), reverse("applications:case", args=(decision.application_id,)), is_main=True)]
    if decision.state == Decision.State.PUBLISHED:
        return after_decision(decision.application, decision, user=user, on=on)
    return []


def after_decision(application: Application, decision: Decision, *, user: User, on: date) -> list[Action]:
    """What the desk may begin about a decision in force."""
    case = application.pk
    found: list[Action] = []
    if can_lead_case(user, application, on):
        if application.kind in {Application.Kind.APPLICATION, Application.Kind.REOPENING}:
            found.append(Action(_("重新办理"), reverse("applications:case_reopen", args=(case,))))
            found.append(Action(_("更正决定"), reverse("applications:case_correct", args=(case,))))
        # What a decision refuses in whose place it stands may have been paid already.
        paid = bool(replaced_by(application)) and paid_for(parts_of_case(application))
        grants = decision.outcome in {Decision.Outcome.GRANTED, Decision.Outcome.CHANGED}
        if paid or (grants and not objects_to_recovery(application)):
            found.append(Action(_("立案追回"), reverse("applications:case_recover", args=(case,))))
    if desk_units(user, on, Role.FINANCE):
        owed = application.children.filter(
            kind=Application.Kind.RECOVERY, state=Application.State.GRANTED, closed_at__isnull=True
        )
        found += [
            Action(_("登记退回资金"), reverse("applications:case_repaid", args=(child.pk,)), is_main=True)
            for child in owed.order_by("started_at", "pk")
        ]
    return found
