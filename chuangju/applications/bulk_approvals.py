"""批量审定 - many proposed decisions at once: what is chosen is shown with its money and its warnings, and only what was seen is approved.

Each decision is approved by itself, under its own locks and by the rules for one: four eyes, conditions, exclusions, money.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.case_money import line_of, parts_of, submission_claim
from chuangju.applications.claim_conflicts import conflicts_of
from chuangju.applications.decision_outcomes import is_granting
from chuangju.applications.decision_rights import may_approve
from chuangju.applications.decisions import DecisionRefused, approve_decision
from chuangju.applications.evaluation import evaluate, pinned_policy
from chuangju.applications.flags import blocking_flag, open_flags
from chuangju.applications.models import Application, Decision, Step
from chuangju.applications.nomination_cases import is_nomination_gone
from chuangju.applications.review_facts import latest_snapshot
from chuangju.budget.ledger import balances_of, claim_balances
from chuangju.budget.models import BudgetLine
from chuangju.kernel.models import User
from chuangju.kernel.money import format_yuan


@dataclass(frozen=True)
class Seen:
    """A decision as somebody saw it: another state of it is not approved in their name."""

    decision: UUID
    revision: int


@dataclass(frozen=True)
class ApprovalLine:
    """One case that was picked: its proposal, what stands in the way of approving it, what deserves a second look."""

    step: Step
    decision: Decision | None
    obstacle: str
    warnings: tuple[str, ...] = ()
    line: BudgetLine | None = None
    # What it would take from the line beyond what the case holds already, in fen.
    wanted: int = 0

    @property
    def is_possible(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.obstacle

    @property
    def amount(self) -> int | None:
        """What was proposed, in fen."""
        return self.decision.amount if self.decision is not None else None

    @property
    def remark(self) -> str:
        """What the one who proposed it wrote."""
        return self.decision.remark if self.decision is not None else ""

    @property
    def seen(self) -> str:
        """What the form sends back: step, decision and the state of it that was shown."""
        found = self.decision
        return f"{self.step.pk}:{found.pk}:{found.revision}" if found is not None else ""


@dataclass(frozen=True)
class LineMoney:
    """What the chosen cases take from one budget line."""

    line: BudgetLine
    count: int
    wanted: int
    available: int

    @property
    def left(self) -> int:
        """What would be left; below nothing where it is not enough."""
        return self.available - self.wanted

    @property
    def is_enough(self) -> bool:
        """Whether the line pays for all of them."""
        return self.left >= 0


def look_at_approvals(steps: Sequence[Step], *, by: User, at: datetime) -> list[ApprovalLine]:
    """For each step what would be approved; nothing is changed."""
    proposals = {
        one.application_id: one
        for one in Decision.objects.filter(
            application__in=[step.application_id for step in steps], state=Decision.State.PROPOSED
        ).select_related("proposed_by")
    }
    on = timezone.localdate(at)
    return [_look_at(step, proposals.get(step.application_id), by=by, on=on) for step in steps]


def money_of(lines: Iterable[ApprovalLine]) -> list[LineMoney]:
    """Line by line what those that can be approved take from it, and what there is."""
    found: dict[int, list[ApprovalLine]] = {}
    for one in lines:
        if one.is_possible and one.line is not None:
            found.setdefault(one.line.pk, []).append(one)
    return [
        LineMoney(group[0].line, len(group), sum(one.wanted for one in group), balances_of(group[0].line).available)
        for group in found.values()
        if group[0].line is not None
    ]


def total_of(lines: Iterable[ApprovalLine]) -> int:
    """The money of all grants that can be approved, in fen."""
    return sum(one.amount or 0 for one in lines if one.is_possible)


def read_seen(given: Iterable[str]) -> dict[int, Seen]:
    """What the form sent back, by step; whatever is no such thing is left out."""
    found: dict[int, Seen] = {}
    for text in given:
        step, _colon, rest = text.partition(":")
        key, _colon, revision = rest.partition(":")
        if step.isascii() and step.isdecimal() and revision.isascii() and revision.isdecimal():
            try:
                found[int(step)] = Seen(UUID(key), int(revision))
            except ValueError:
                continue
    return found


def approve_seen(step: Step, seen: Mapping[int, Seen], *, opinion: str, by: User, at: datetime) -> Decision:
    """Approve the decision of a step if it still is the one that was seen; raises DecisionRefused."""
    wanted = seen.get(step.pk)
    decision = Decision.objects.filter(pk=wanted.decision, application=step.application_id).first() if wanted else None
    if wanted is None or decision is None:
        raise DecisionRefused(_("没有核对过这一件，请回到名单重新核对"))
    return approve_decision(decision, revision=wanted.revision, opinion=opinion, by=by, at=at)


def _look_at(step: Step, decision: Decision | None, *, by: User, on: date) -> ApprovalLine:
    if decision is None:
        return ApprovalLine(step, None, _obstacle_without(step))
    application = decision.application = step.application
    obstacle = _obstacle(step, decision, by=by, on=on)
    if obstacle or not is_granting(decision):
        return ApprovalLine(step, decision, obstacle, _marks_of(application))
    evaluation = evaluate(application, on=on)
    parts = parts_of(decision, evaluation.policy)
    line = line_of(application, evaluation.policy, on=on) if parts else None
    held = claim_balances(submission_claim(application)).reserved if parts else 0
    warnings = [*_marks_of(application)]
    if evaluation.verdict != "eligible":
        warnings.append(_("按现在的数据不符合条件或缺数据"))
    elif evaluation.money != decision.amount:
        warnings.append(_("规则测算 %(amount)s，与拟定金额不同") % {"amount": format_yuan(evaluation.money or 0)})
    snapshot = latest_snapshot(application)
    if snapshot is not None and snapshot.amount != evaluation.money:
        warnings.append(_("提交后数据有变化"))
    warnings += [
        _("与“%(title)s”只能享受其一") % {"title": one.title}
        for one in conflicts_of(application, evaluation.policy)
        if not one.is_same
    ]
    if parts and line is None:
        warnings.append(_("本年度没有这项政策的资金条目"))
    wanted = max(0, sum(part.amount for part in parts) - held)
    return ApprovalLine(step, decision, "", tuple(warnings), line, wanted)


def _obstacle_without(step: Step) -> str:
    if step.state != Step.State.OPEN:
        return _("已经办结")
    return _("还没有拟定决定") if step.kind == Step.Kind.APPROVE else _("还没有到审定环节")


def _obstacle(step: Step, decision: Decision, *, by: User, on: date) -> str:
    if step.state != Step.State.OPEN or step.kind != Step.Kind.APPROVE:
        return _obstacle_without(step)
    if decision.batch_id is not None:
        return _("在评选名单上，随名单审定")
    if not may_approve(by, decision, on=on):
        return _("应由另一名审批人审定")
    flag = blocking_flag(step.application)
    if flag is not None:
        return str(flag.get_kind_display())
    is_gone = is_granting(decision) and is_nomination_gone(step.application, pinned_policy(step.application))
    return _("推荐已撤回") if is_gone else ""


def _marks_of(application: Application) -> tuple[str, ...]:
    return tuple(str(flag.get_kind_display()) for flag in open_flags(application))
