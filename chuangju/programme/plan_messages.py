"""方案消息 - who is told what of a plan, and the sentences of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.message_templates import MessageTemplate
from chuangju.kernel.models import User
from chuangju.kernel.outbox import notify
from chuangju.programme.models import Plan, PlanAdjustment, PlanReview, PlanRound
from chuangju.units.appointment_register import officers_by_unit
from chuangju.units.models import Role, RoleAssignment, Unit

MESSAGES = (
    MessageTemplate(
        "programme.plan_round_opened",
        _("请反馈对《%(plan)s》的意见，%(due)s 前"),
        _("创建办就《%(plan)s》征求%(unit)s意见，请于 %(due)s 前反馈；没有意见的，也请点“无意见”。"),
    ),
    MessageTemplate(
        "programme.plan_round_due",
        _("%(unit)s还没有反馈对《%(plan)s》的意见"),
        _("反馈期限是 %(due)s。没有意见的，请点“无意见”；到期未反馈的，将按未反馈记入采纳情况表。"),
    ),
    MessageTemplate("programme.plan_to_decide", _("请审定《%(plan)s》"), _("创建办已提请领导小组审定。")),
    MessageTemplate("programme.plan_approved", _("《%(plan)s》已审定"), _("可以起草印发文书。")),
    MessageTemplate("programme.plan_returned", _("《%(plan)s》被退回"), _("退回原因：%(reason)s")),
    MessageTemplate(
        "programme.plan_issued",
        _("《%(plan)s》已印发，%(unit)s有 %(count)s 个事项"),
        _("文号：%(number)s。请按期限推进，并在完成后填报。"),
    ),
    MessageTemplate(
        "programme.plan_withdrawn",
        _("《%(plan)s》的印发文书已作废，方案暂不执行"),
        _("作废原因：%(reason)s。重新印发后再按新的文号推进；%(unit)s已完成的事项记录保留。"),
    ),
    MessageTemplate(
        "programme.plan_item_due",
        _("方案事项“%(item)s”将于 %(due)s 到期"),
        _("责任单位：%(unit)s。完成后请填报完成情况；不能按期的，请提出调整并说明理由。"),
    ),
    MessageTemplate(
        "programme.plan_item_late",
        _("方案事项“%(item)s”逾期 %(days)s 个工作日"),
        _("责任单位：%(unit)s，期限 %(due)s。请尽快填报；不能按期的，请提出调整并说明理由。"),
    ),
    MessageTemplate(
        "programme.adjustment_to_decide", _("《%(plan)s》有一项调整待批准"), _("%(change)s。理由：%(reason)s")
    ),
    MessageTemplate("programme.adjustment_decided", _("方案调整“%(change)s”：%(result)s"), _("批准意见：%(words)s")),
    MessageTemplate(
        "programme.review_opened", _("《%(plan)s》的自查总结应于 %(due)s 前提交"), _("内容已按记录填好，请补充评价。")
    ),
    MessageTemplate("programme.review_late", _("《%(plan)s》的自查总结已逾期"), _("提交期限是 %(due)s。")),
    MessageTemplate("programme.review_submitted", _("请阅《%(plan)s》的自查总结"), _("创建办已提交。")),
)


def name_of(unit: Unit) -> str:
    """The unit as the reader of the message calls it: asked in that reader's language."""
    return unit.shown_name


def holders_of(role: str, on: date) -> list[User]:
    """Whoever holds a role that is no unit's on a day: the programme office, the leading group."""
    held = RoleAssignment.objects.held_on(on).filter(role=role, unit__isnull=True, user__is_active=True)
    return list({one.user.pk: one.user for one in held.select_related("user").order_by("pk")}.values())


def tell(
    people: Iterable[User],
    key: str,
    about: models.Model,
    *,
    at: datetime,
    address: str,
    values: dict[str, object],
    once: str = "",
) -> int:
    """Tell several people the same; how many were told."""
    told = [notify(person, key, about, at=at, values=values, address=address, once_key=once) for person in people]
    return sum(message is not None for message in told)


def plan_address(plan: Plan) -> str:
    """The page of a plan."""
    return reverse("programme:plan", args=(plan.pk,))


def tell_leaders(plan: Plan, *, at: datetime) -> None:
    """The leading group has a plan to decide on."""
    people = holders_of(Role.LEADER, timezone.localdate(at))
    tell(people, "programme.plan_to_decide", plan, at=at, address=plan_address(plan), values={"plan": plan.title})


def tell_drafter(plan: Plan, key: str, *, at: datetime, reason: str = "") -> None:
    """Whoever drafted the plan learns what the leaders decided."""
    values: dict[str, object] = {"plan": plan.title, "reason": reason}
    tell([plan.drafted_by], key, plan, at=at, address=plan_address(plan), values=values)


def tell_asked(consultation: PlanRound, units: list[Unit], *, at: datetime) -> None:
    """The liaison officers of every unit that is asked."""
    officers = officers_by_unit(units, timezone.localdate(at))
    address = reverse("programme:plan_round", args=(consultation.pk,))
    for unit in units:
        values: dict[str, object] = {
            "plan": consultation.plan.title,
            "due": consultation.due_on,
            "unit": partial(name_of, unit),
        }
        tell(officers[unit.pk], "programme.plan_round_opened", consultation, at=at, address=address, values=values)


def tell_withdrawn(plan: Plan, *, reason: str, at: datetime) -> None:
    """The liaison officers of every unit that has something to do under the plan: it is not in force any more."""
    units = list(
        Unit.objects.filter(pk__in=plan.items.exclude(state="dropped").values("unit")).order_by("position", "pk")
    )
    officers = officers_by_unit(units, timezone.localdate(at))
    for unit in units:
        values: dict[str, object] = {"plan": plan.title, "reason": reason, "unit": partial(name_of, unit)}
        tell(officers[unit.pk], "programme.plan_withdrawn", plan, at=at, address=plan_address(plan), values=values)


def tell_issued(plan: Plan, *, at: datetime) -> None:
    """The liaison officers of every unit that has something to do under the plan."""
    counts: dict[Unit, int] = {}
    for item in plan.items.filter(state="open").select_related("unit"):
        counts[item.unit] = counts.get(item.unit, 0) + 1
    officers = officers_by_unit(counts, timezone.localdate(at))
    for unit, count in counts.items():
        values: dict[str, object] = {
            "plan": plan.title,
            "unit": partial(name_of, unit),
            "count": count,
            "number": plan.number,
        }
        tell(officers[unit.pk], "programme.plan_issued", plan, at=at, address=plan_address(plan), values=values)


def tell_proposed(adjustment: PlanAdjustment, *, is_small: bool, at: datetime) -> None:
    """Whoever may approve an adjustment: the office a small one, the leaders any other."""
    people = holders_of(Role.PROGRAMME_OFFICE if is_small else Role.LEADER, timezone.localdate(at))
    values: dict[str, object] = {
        "plan": adjustment.plan.title,
        "change": adjustment.__str__,
        "reason": adjustment.reason,
    }
    others = [person for person in people if person.pk != adjustment.proposed_by_id]
    address = reverse("programme:plan_adjustment", args=(adjustment.pk,))
    tell(others, "programme.adjustment_to_decide", adjustment, at=at, address=address, values=values)


def tell_adjusted(adjustment: PlanAdjustment, *, at: datetime) -> None:
    """Whoever proposed an adjustment learns what became of it."""
    if adjustment.proposed_by_id == adjustment.decided_by_id:
        return
    values: dict[str, object] = {
        "change": adjustment.__str__,
        "result": adjustment.get_state_display,
        "words": adjustment.decision or "—",
    }
    address = reverse("programme:plan_adjustment", args=(adjustment.pk,))
    tell([adjustment.proposed_by], "programme.adjustment_decided", adjustment, at=at, address=address, values=values)


def tell_of_review(review: PlanReview, key: str, role: str, *, at: datetime, once: str = "") -> int:
    """Office or leaders, of a review that is due, late or submitted; how many were told."""
    values: dict[str, object] = {"plan": review.plan.title, "due": review.due_on}
    address = reverse("programme:plan_review", args=(review.pk,))
    people = holders_of(role, timezone.localdate(at))
    return tell(people, key, review, at=at, address=address, values=values, once=once)
