"""审定与印发 - the leading group approves a plan or sends it back; the sealed paper puts it into force; later it ends."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.models import Paper, User
from chuangju.kernel.outgoing_papers import draft_paper, papers_about
from chuangju.programme.access import can_decide_plans
from chuangju.programme.models import Opinion, Plan, PlanItem
from chuangju.programme.plan_content import content_of
from chuangju.programme.plan_messages import tell_drafter, tell_issued, tell_leaders, tell_withdrawn
from chuangju.programme.plans import (
    PlanRefused,
    checked_words,
    locked_plan,
    plan_facts,
    require_office,
    save_plan,
)
from chuangju.programme.snapshots import content_hash

PAPER = "programme.plan"
LONGEST_REASON = 500
LONGEST_MEETING = 200


@transaction.atomic
def submit_plan(plan: Plan, *, revision: int, by: User, at: datetime) -> Plan:
    """The office lays the plan before the leading group, every opinion decided; raises PlanRefused, StaleForm."""
    require_office(by, at)
    fresh = locked_plan(plan, Plan.State.COLLATING, revision=revision)
    pending = Opinion.objects.filter(asked__round__plan=fresh, result=Opinion.Result.PENDING).count()
    if pending:
        raise PlanRefused(_("还有 %(count)d 条意见没有写明采纳情况") % {"count": pending})
    empty = fresh.sections.filter(text="").order_by("position").first()
    if empty is not None:
        raise PlanRefused(_("章节“%(heading)s”还没有正文") % {"heading": empty.heading})
    if not fresh.items.exclude(state=PlanItem.State.DROPPED).exists():
        raise PlanRefused(_("方案至少要有一个章节和一个事项"))
    before = plan_facts(fresh)
    fresh.state, fresh.returned_reason = Plan.State.PROPOSED, ""
    save_plan(fresh, "plan_submitted", before, by=by, at=at)
    tell_leaders(fresh, at=at)
    return fresh


def _require_leader(by: User, at: datetime) -> None:
    if not can_decide_plans(by, on=timezone.localdate(at)):
        raise PlanRefused(_("只有领导小组的领导可以审定方案"))


@transaction.atomic
def approve_plan(plan: Plan, *, meeting: str, approved_on: date, revision: int, by: User, at: datetime) -> Plan:
    """A leader records that the leading group approved the plan, where and when; raises PlanRefused, StaleForm."""
    _require_leader(by, at)
    fresh = locked_plan(plan, Plan.State.PROPOSED, revision=revision)
    if approved_on > timezone.localdate(at):
        raise PlanRefused(_("审定日期不能晚于今天"))
    before = plan_facts(fresh)
    fresh.meeting = checked_words(meeting, empty=_("请写明审定的会议或方式"), longest=LONGEST_MEETING)
    fresh.approved_on, fresh.approved_by, fresh.state = approved_on, by, Plan.State.APPROVED
    save_plan(fresh, "plan_approved", before, by=by, at=at)
    tell_drafter(fresh, "programme.plan_approved", at=at)
    return fresh


@transaction.atomic
def return_plan(plan: Plan, *, reason: str, revision: int, by: User, at: datetime) -> Plan:
    """A leader sends the plan back with the reason; the office writes on. Raises PlanRefused, StaleForm."""
    _require_leader(by, at)
    fresh = locked_plan(plan, Plan.State.PROPOSED, revision=revision)
    words = checked_words(reason, empty=_("请写明退回原因"), longest=LONGEST_REASON)
    before = plan_facts(fresh)
    fresh.state, fresh.returned_reason = Plan.State.COLLATING, words
    save_plan(fresh, "plan_returned", before, by=by, at=at, reason=words)
    tell_drafter(fresh, "programme.plan_returned", at=at, reason=words)
    return fresh


@transaction.atomic
def take_back_approved(plan: Plan, *, reason: str, revision: int, by: User, at: datetime) -> Plan:
    """The office finds a fault before the issue: the plan is written on and approved anew. Raises PlanRefused, StaleForm."""
    require_office(by, at)
    fresh = locked_plan(plan, Plan.State.PROPOSED, Plan.State.APPROVED, revision=revision)
    if living_paper(fresh) is not None:
        raise PlanRefused(_("印发文书已经起草，请先作废文书再收回方案"))
    words = checked_words(reason, empty=_("请写明收回原因"), longest=LONGEST_REASON)
    before = plan_facts(fresh)
    fresh.state, fresh.meeting, fresh.approved_on, fresh.approved_by = Plan.State.COLLATING, "", None, None
    return save_plan(fresh, "plan_taken_back", before, by=by, at=at, reason=words)


def living_paper(plan: Plan) -> Paper | None:
    """The paper by which the plan is being, or was, issued."""
    return papers_about(plan).filter(template_key=PAPER).exclude(state=Paper.State.VOIDED).first()


@transaction.atomic
def draft_issue(plan: Plan, *, recipient: str, by: User, at: datetime) -> Paper:
    """Begin the paper that issues an approved plan; asked again, the one that is under way. Raises PlanRefused."""
    require_office(by, at)
    fresh = locked_plan(plan, Plan.State.APPROVED)
    return living_paper(fresh) or draft_paper(
        PAPER, fresh, title=fresh.title, recipient=recipient, openness=fresh.openness, by=by, at=at
    )


@transaction.atomic
def issue_plan(paper: Paper, *, by: User, at: datetime) -> Plan:
    """The seal is recorded: the plan is in force, its text frozen with its hash, its dates kept. Raises PlanRefused."""
    subject = paper.subject
    if not isinstance(subject, Plan):
        raise PlanRefused(_("该文书不是印发方案的文书"))
    plan = locked_plan(subject, Plan.State.APPROVED)
    before = plan_facts(plan)
    plan.items.update(first_due_on=F("due_on"))
    plan.number, plan.issued_on, plan.state = paper.number, paper.sealed_on, Plan.State.ISSUED
    plan.issued_content = content_of(plan)
    plan.sha256 = content_hash(plan.issued_content)
    if plan.replaces is not None:
        old = locked_plan(plan.replaces)
        if old.is_issued:
            old_facts = plan_facts(old)
            old.state, old.ended_on = Plan.State.SUPERSEDED, paper.sealed_on
            save_plan(old, "plan_superseded", old_facts, by=by, at=at, reason=f"由《{plan.title}》替代")
    save_plan(plan, "plan_issued", before, by=by, at=at)
    tell_issued(plan, at=at)
    return plan


@transaction.atomic
def withdraw_issue(paper: Paper, *, by: User, at: datetime) -> Plan | None:
    """The paper that issued a plan is void: the plan is as approved again, and the one it replaced is back in force.

    None where the paper's plan is no longer in force, or another paper has issued it.
    """
    subject = paper.subject
    plan = locked_plan(subject) if isinstance(subject, Plan) else None
    if plan is None or not plan.is_issued or plan.number != paper.number:
        return None
    before, issued_on = plan_facts(plan), plan.issued_on
    plan.items.update(first_due_on=None)
    plan.number, plan.issued_on, plan.state = "", None, Plan.State.APPROVED
    plan.issued_content, plan.sha256 = None, ""
    save_plan(plan, "plan_issue_withdrawn", before, by=by, at=at, reason=paper.void_reason)
    old = locked_plan(plan.replaces) if plan.replaces is not None else None
    if old is not None and old.state == Plan.State.SUPERSEDED and old.ended_on == issued_on:
        old_facts = plan_facts(old)
        old.state, old.ended_on = Plan.State.ISSUED, None
        save_plan(old, "plan_reinstated", old_facts, by=by, at=at, reason=f"《{plan.title}》的印发文书作废")
    tell_withdrawn(plan, reason=paper.void_reason, at=at)
    return plan


@transaction.atomic
def end_plan(plan: Plan, *, reason: str, revision: int, by: User, at: datetime) -> Plan:
    """The office closes a plan that has run its course, or is given up, with the words; raises PlanRefused, StaleForm."""
    require_office(by, at)
    fresh = locked_plan(plan, Plan.State.ISSUED, revision=revision)
    words = checked_words(reason, empty=_("请写明结束方案的说明"), longest=LONGEST_REASON)
    if fresh.stages.filter(state=Plan.State.ISSUED).exists():
        raise PlanRefused(_("下设的阶段方案还在执行，请先结束阶段方案"))
    before = plan_facts(fresh)
    fresh.state, fresh.ended_on = Plan.State.ENDED, timezone.localdate(at)
    return save_plan(fresh, "plan_ended", before, by=by, at=at, reason=words)
