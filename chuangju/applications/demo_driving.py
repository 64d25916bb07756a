"""演示办理 - takes a demo case through its steps as the people of the demo would, each on a day of the past."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from chuangju.applications.decisions import approve_decision, open_decision, propose_decision
from chuangju.applications.drafts import begin_application
from chuangju.applications.instalment_payments import close_paid_cases, request_due_of
from chuangju.applications.intake import accept_application
from chuangju.applications.models import Application, Decision, PublicNotice, RequiredDocument, Step
from chuangju.applications.notices import end_notice
from chuangju.applications.payee_accounts import give_account
from chuangju.applications.publications import publish_if_ready
from chuangju.applications.referrals import Outcome, record_outcome
from chuangju.applications.steps import complete_step
from chuangju.applications.submissions import submit_application
from chuangju.budget.models import Payment
from chuangju.kernel.models import User
from chuangju.kernel.working_days import add_working_days
from chuangju.policies.current import current_catalogue
from chuangju.rules.showing import show_value
from chuangju.units.models import Role, RoleAssignment

Kind = Step.Kind
_ACCOUNT = "6200000000001{:03d}"
_REVIEWS = (Kind.SCREEN, Kind.VERIFY, Kind.VISIT, Kind.PANEL, Kind.CONSULT, Kind.REFERRAL)
_WORDS = {
    Kind.VISIT: "现场查看：场地与申报一致，正在经营",
    Kind.PANEL: "评审通过",
}


@dataclass
class Cast:
    """Who does what in the demo: clerks by unit, the second clerk, approvers by unit."""

    clerks: dict[int, User]
    seconds: dict[int, User]
    approvers: dict[int, User]
    people: dict[str, User]

    def applicant(self, entry: Mapping[str, Any]) -> User:
        """Who applies for a firm of the demo: whom its entry names, else the founder."""
        return self.people.get(entry.get("by", "founder"), self.people["founder"])


def demo_cast() -> Cast:
    """The demo's people by their units."""
    held = RoleAssignment.objects.filter(user__is_demo=True).select_related("user").order_by("pk")
    clerks: dict[int, User] = {}
    seconds: dict[int, User] = {}
    approvers: dict[int, User] = {}
    for one in held:
        if one.unit_id is None:
            continue
        if one.role == Role.CLERK:
            if one.unit_id in clerks:
                seconds.setdefault(one.unit_id, one.user)
            else:
                clerks[one.unit_id] = one.user
        elif one.role == Role.APPROVER:
            approvers.setdefault(one.unit_id, one.user)
    people = {user.username: user for user in User.objects.filter(is_demo=True)}
    return Cast(clerks, seconds, approvers, people)


class Drive:
    """One demo case and the day on which its next thing happens."""

    def __init__(
        self, application: Application, cast: Cast, at: datetime, *, pace: int = 1, applicant: User | None = None
    ) -> None:
        """Begin on a day; each step takes `pace` working days; `applicant`: the founder unless it is somebody else."""
        self.application, self.cast, self.at, self.pace = application, cast, at, pace
        self.applicant = applicant or cast.people["founder"]

    def pass_days(self, days: int) -> None:
        """So many working days go by."""
        day = add_working_days(timezone.localdate(self.at), days)
        self.at = self.at + timedelta(days=(day - timezone.localdate(self.at)).days)

    def fresh(self) -> Application:
        """The case as it stands."""
        return Application.objects.select_related("subject", "payee", "unit", "town", "window").get(
            pk=self.application.pk
        )

    def step(self) -> Step | None:
        """The step at which it is now."""
        found = self.application.steps.filter(state=Step.State.OPEN).select_related("unit").order_by("position").first()
        if found is not None:
            found.application = self.fresh()
        return found

    def accept(self) -> None:
        """受理 by the clerk of whoever takes it in."""
        step = self.step()
        if step is not None and step.unit_id in self.cast.clerks:
            accept_application(self.fresh(), by=self.cast.clerks[step.unit_id], at=self.at)

    def review(self, *, before: str = "") -> None:
        """Every review up to a kind of step, or to the approval."""
        for _number in range(8):
            step = self.step()
            if step is None or step.kind not in _REVIEWS or step.kind == before:
                return
            clerk = self.cast.clerks.get(step.unit_id or 0)
            if clerk is None:
                return
            self.pass_days(self.pace)
            words = _WORDS.get(Kind(step.kind), "材料齐全，情况属实")
            if step.kind == Kind.REFERRAL:
                record_outcome(step, Outcome(Step.Result.PASSED, words=words), by=clerk, at=self.at)
            else:
                complete_step(step, Step.Result.PASSED, opinion=words, by=clerk, at=self.at)

    def propose(
        self, outcome: str, *, reasons: tuple[str, ...] = (), remark: str = "", amount: int | None = None
    ) -> Decision:
        """Put a decision forward, by the second clerk where there is one."""
        application = self.fresh()
        unit = application.unit_id
        clerk = self.cast.seconds.get(unit) or self.cast.clerks[unit]
        self.pass_days(self.pace)
        return propose_decision(
            application, outcome, reasons=reasons, remark=remark, amount=amount, by=clerk, at=self.at
        )

    def approve(self) -> Decision | None:
        """The approver of the unit agrees."""
        decision = open_decision(self.fresh())
        if decision is None:
            return None
        self.pass_days(self.pace)
        return approve_decision(decision, by=self.cast.approvers[self.application.unit_id], at=self.at)

    def end_notice(self) -> None:
        """Its public notice is over."""
        notice = PublicNotice.objects.filter(
            decisions__application=self.application, state=PublicNotice.State.RUNNING
        ).first()
        if notice is not None:
            self.at = max(self.at, self.at + timedelta(days=(notice.ends_on - timezone.localdate(self.at)).days + 1))
            end_notice(notice, by=None, at=self.at)
        publish_if_ready(self.fresh(), by=None, at=self.at)

    def grant(self) -> None:
        """From acceptance to a decision in force."""
        self.accept()
        self.review()
        self.propose(Decision.Outcome.GRANTED)
        self.approve()
        self.end_notice()

    def request(self) -> list[Payment]:
        """Ask finance to pay what is due."""
        request_due_of(self.fresh(), by=None, at=self.at)
        keys = [
            part.claim_key
            for entitlement in self.application.entitlements.all()
            for part in entitlement.instalments.all()
        ]
        return list(
            Payment.objects.filter(claim_key__in=keys, state=Payment.State.REQUESTED).select_related("line__unit")
        )

    def close(self) -> None:
        """What was paid ends its case."""
        close_paid_cases(at=self.at)


def begin(entry: dict[str, Any], subject: Any, cast: Cast, at: datetime) -> Application | None:
    """A draft at the counter with the facts of one of the policy's own examples; None where nobody sits there."""
    clerk = cast.clerks.get(subject.town_id)
    policy = current_catalogue().version_for(entry["policy"], timezone.localdate(at))
    if clerk is None or policy is None:
        return None
    given = policy.examples[entry.get("example", 0)].given
    answers = {key: show_value(value) for key, value in given.items() if value is not None and key != "registered_on"}
    draft = begin_application(policy.id, subject, by=clerk, at=at, answers=answers, channel=Application.Channel.COUNTER)
    if policy.pays.get("account"):
        give_account(
            draft, name=subject.name, number=_ACCOUNT.format(entry["number"]), bank="演示银行闵行支行", by=clerk, at=at
        )
    draft.documents.update(state=RequiredDocument.State.GIVEN, original_seen_at=at)
    return draft


def hand_in(application: Application, cast: Cast, at: datetime) -> Application:
    """Handed in at the counter."""
    clerk = cast.clerks[application.town_id or 0]
    return submit_application(application, pledge=True, insists=True, by=clerk, at=at)
