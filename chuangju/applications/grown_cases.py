"""派生办件 - a case that grows out of one that was decided: objection, re-opening, correction, recovery, renewal, sample.

A decision is never edited. Whatever happens to it afterwards is a case of its own with number, clock, steps and a decision
of its own, which points to the first one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from chuangju.applications.case_clocks import CASE
from chuangju.applications.case_numbers import next_number
from chuangju.applications.case_people import tell_applicants
from chuangju.applications.decision_rights import DecisionRefused
from chuangju.applications.models import Application, ApplicationRole, Decision, Step
from chuangju.applications.steps import open_next
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.clocks import start_clock
from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.models import User
from chuangju.kernel.working_days import add_working_days

Kind = Application.Kind
HEARING = "hearing"
_LONGEST = 2000


@dataclass(frozen=True)
class PlannedReview:
    """One step of a case that grew out of another."""

    kind: str
    word: str
    label: str
    label_en: str
    days: int | None = None


@dataclass(frozen=True)
class Growth:
    """What grows: its kind, why, how long it may take, through which steps; the title begins with its kind."""

    kind: str
    reason: str
    steps: Sequence[PlannedReview] = ()
    promised_days: int = 20
    legal_days: int | None = None


REVIEW = PlannedReview(Step.Kind.VERIFY, "reconsider", "复核", "Reconsideration")
APPROVAL = PlannedReview(Step.Kind.APPROVE, "approve", "审定", "Approval")
INVESTIGATION = PlannedReview(Step.Kind.VERIFY, "investigate", "调查核实", "Investigation")
CHECK = PlannedReview(Step.Kind.VISIT, "sample", "抽查核实", "Check of the sample")
BEGUN_BY = gettext_noop("由办件 %(number)s 立案")


def hearing_step(days: int) -> PlannedReview:
    """陈述申辩: the other side is heard before anything is taken from them."""
    return PlannedReview(Step.Kind.CONFIRM, HEARING, "陈述申辩", "The other side is heard", days)


def decided_by(application: Application) -> Decision:
    """The decision of a case that is in force; raises DecisionRefused where there is none."""
    found = application.decisions.filter(state=Decision.State.PUBLISHED).first()
    if found is None:
        raise DecisionRefused(_("原办件没有生效的决定"))
    found.application = application
    return found


def owed_back(application: Application) -> int:
    """How much a recovery asks back in all, in fen: as it was decided, or as an objection changed it last."""
    changed = Decision.objects.filter(
        application__parent=application, application__kind=Kind.OBJECTION,
        outcome=Decision.Outcome.CHANGED, state=Decision.State.PUBLISHED,
    ).order_by("-published_at", "-pk").first()  # fmt: skip
    return (changed or decided_by(application)).amount or 0


def repaid(application: Application) -> int:
    """What has come back by a recovery, in fen."""
    return application.repayments.aggregate(sum=Sum("amount"))["sum"] or 0


def live_child(parent: Application, *kinds: str) -> Application | None:
    """A case of this kind that grew out of another one and is not decided yet."""
    return parent.children.filter(kind__in=kinds, state__in=Application.LIVE_STATES).first()


def refuse_second(parent: Application, *kinds: str) -> None:
    """Raise DecisionRefused where such a case is under way already."""
    standing = live_child(parent, *kinds)
    if standing is not None:
        raise DecisionRefused(
            _("已有办理中的%(kind)s，编号 %(number)s")
            % {"kind": standing.get_kind_display(), "number": standing.number or "—"}
        )


def grow_case(parent: Application, growth: Growth, *, by: User | None, at: datetime) -> Application:
    """The new case with its clock and its first step open; whoever calls it holds the parent and has checked who may."""
    words = growth.reason.replace("\r\n", "\n").strip()
    if not words or len(words) > _LONGEST:
        raise DecisionRefused(_("请写明事由（不超过 2000 个字）"))
    child = new_case(parent, growth.kind, by=by, at=at)
    on = timezone.localdate(at)
    child.number, child.state = next_number(on), Application.State.IN_REVIEW
    child.submitted_at = child.accepted_at = at
    child.due_on = add_working_days(on, growth.promised_days)
    child.save(force_insert=True)
    ApplicationRole.objects.bulk_create(_same_roles(parent, child))
    start_clock(child, CASE, promised_days=growth.promised_days, legal_days=growth.legal_days, by=by, at=at)
    record_event(
        "applications.child_opened", child, by=by, at=at, after=snapshot(child), about=parent, reason=words[:500]
    )
    Step.objects.bulk_create(
        [
            Step(
                application=child,
                position=position,
                kind=one.kind,
                word=one.word,
                label=one.label,
                label_en=one.label_en,
                unit=parent.unit,
                is_lead=True,
                days=one.days,
                options={"reason": words} if position == 1 else {},
            )
            for position, one in enumerate(growth.steps, start=1)
        ]
    )
    open_next(child, by=by, at=at)
    values = {"what": child.get_kind_display, "due_on": child.due_on}
    tell_applicants(child, "applications.child_begun", at=at, values=values)
    return child


def new_case(parent: Application, kind: str, *, by: User | None, at: datetime) -> Application:
    """The case itself with everything that it shares with its parent, not saved yet."""
    with in_kept_language():
        title = f"{Kind(kind).label}：{parent.title}"[:200]
    return Application(
        window=parent.window,
        policy_id=parent.policy_id,
        policy_version=parent.policy_version,
        title=title,
        kind=kind,
        parent=parent,
        channel=Application.Channel.ONLINE,
        subject=parent.subject,
        payee=parent.payee,
        period=parent.period,
        unit=parent.unit,
        town=parent.town,
        submitter=by if kind == Kind.OBJECTION else parent.submitter,
        answers=parent.answers,
        account=parent.account,
        verdict=parent.verdict,
        expected_amount=parent.expected_amount,
        started_at=at,
        changed_at=at,
        is_demo=parent.is_demo,
    )


def reason_for(child: Application) -> str:
    """Why it was begun, as it was written then."""
    first = child.steps.order_by("position", "pk").first()
    return str(first.options.get("reason", "")) if first is not None and isinstance(first.options, dict) else ""


def _same_roles(parent: Application, child: Application) -> list[ApplicationRole]:
    """Agents and co-editors of the first case stand in the new one as well."""
    given = parent.roles.filter(consent=ApplicationRole.Consent.GIVEN).exclude(kind=ApplicationRole.Kind.SUBMITTER)
    return [
        ApplicationRole(
            application=child,
            kind=one.kind,
            user=one.user,
            party=one.party,
            consent=one.consent,
            asked_at=one.asked_at,
            answered_at=one.answered_at,
            ends_on=one.ends_on,
        )
        for one in given
    ]
