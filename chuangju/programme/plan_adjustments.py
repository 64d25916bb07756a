"""方案调整 - an issued plan changes only like this: proposed with the reason, decided, with before and after kept.

A date moved by at most `PLAN_SMALL_ADJUSTMENT_WORKING_DAYS` from the one issued is the office's to approve; counted from
the issued date, so that many small moves do not make a large one. Everything else is the leading group's.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm
from chuangju.kernel.working_days import add_working_days
from chuangju.programme.access import can_decide_plans, can_manage_table, can_report_for, reporting_unit_ids
from chuangju.programme.models import Plan, PlanAdjustment, PlanItem, Task
from chuangju.programme.plan_items import check_item, item_facts, locked_item, next_number, save_item
from chuangju.programme.plan_messages import tell_adjusted, tell_proposed
from chuangju.programme.plans import PlanRefused, checked_words, locked_plan
from chuangju.units.models import Unit

LONGEST_REASON = 500
# Told by the event of the item itself.
_NOT_TOLD = {"before", "after"}
Kind = PlanAdjustment.Kind


def _facts(adjustment: PlanAdjustment) -> dict[str, Any]:
    """What the history tells of an adjustment."""
    return {key: value for key, value in snapshot(adjustment).items() if key not in _NOT_TOLD}


def is_small(adjustment: PlanAdjustment) -> bool:
    """Whether the office may approve it: a date at most so many working days after the one issued, or an earlier one."""
    item = adjustment.item
    if adjustment.kind != Kind.DATE or item is None or adjustment.new_due_on is None:
        return False
    issued = item.first_due_on or item.due_on
    return adjustment.new_due_on <= add_working_days(issued, settings.PLAN_SMALL_ADJUSTMENT_WORKING_DAYS)


def can_decide_adjustment(user: User, adjustment: PlanAdjustment, *, on: date) -> bool:
    """The leading group decides all of them, the office the small ones."""
    return can_decide_plans(user, on=on) or (can_manage_table(user, on=on) and is_small(adjustment))


@transaction.atomic
def propose_adjustment(  # noqa: PLR0913 - an adjustment is all of this, each by name
    plan: Plan,
    *,
    kind: str,
    reason: str,
    item: PlanItem | None = None,
    new_due_on: date | None = None,
    new_unit: Unit | None = None,
    new_title: str = "",
    new_task: Task | None = None,
    by: User,
    at: datetime,
) -> PlanAdjustment:
    """The unit in charge, or the office, asks for a change of an issued plan; raises PlanRefused."""
    fresh = locked_plan(plan, Plan.State.ISSUED)
    found = PlanAdjustment(
        plan=fresh,
        item=item,
        kind=kind,
        new_title=new_title,
        new_task=new_task,
        new_unit=new_unit,
        new_due_on=new_due_on,
        reason=checked_words(reason, empty=_("请写明调整理由"), longest=LONGEST_REASON),
        proposed_by=by,
        proposed_at=at,
    )
    _require_proposer(found, by, timezone.localdate(at))
    if item is not None and kind != Kind.ADD:
        _check_waiting(item, fresh)
    _keep_what_counts(found)
    _applied(found)
    found.save(force_insert=True)
    record_event("programme.adjustment_proposed", found, by=by, at=at, after=_facts(found), about=fresh)
    tell_proposed(found, is_small=is_small(found), at=at)
    return found


def _require_proposer(adjustment: PlanAdjustment, by: User, on: date) -> None:
    if adjustment.kind not in Kind.values:
        raise PlanRefused(_("请选择调整内容"))
    if can_manage_table(by, on=on):
        return
    unit = adjustment.item.unit_id if adjustment.item else adjustment.new_unit_id
    if unit is None or not can_report_for(by, unit, on=on):
        raise PlanRefused(_("只有责任单位的联络员或创建办可以提出调整"))


def _check_waiting(item: PlanItem, plan: Plan) -> None:
    fresh = locked_item(item)
    if fresh.plan_id != plan.pk:
        raise PlanRefused(_("所选内容不属于这份方案"))
    if fresh.state != PlanItem.State.OPEN:
        raise PlanRefused(_("只能调整推进中的事项"))
    if fresh.adjustments.filter(state=PlanAdjustment.State.PROPOSED).exists():
        raise PlanRefused(_("该事项已有待批准的调整"))


def _keep_what_counts(adjustment: PlanAdjustment) -> None:
    """Forget what was typed for another kind of adjustment, and refuse what the kind lacks."""
    kind = adjustment.kind
    if kind == Kind.ADD:
        adjustment.item = None
    elif adjustment.item is None:
        raise PlanRefused(_("请选择要调整的事项"))
    if kind in {Kind.DATE, Kind.ADD} and adjustment.new_due_on is None:
        raise PlanRefused(_("请填写新的完成期限"))
    if kind in {Kind.OWNER, Kind.ADD} and adjustment.new_unit is None:
        raise PlanRefused(_("请选择责任单位"))
    if kind == Kind.ADD and adjustment.new_task is None:
        raise PlanRefused(_("请选择事项服务的任务"))
    if kind not in {Kind.DATE, Kind.ADD}:
        adjustment.new_due_on = None
    if kind not in {Kind.OWNER, Kind.ADD}:
        adjustment.new_unit = None
    if kind != Kind.ADD:
        adjustment.new_title, adjustment.new_task = "", None


def _applied(adjustment: PlanAdjustment) -> PlanItem:
    """The item as the adjustment would have it, not saved; raises PlanRefused where the plan does not allow it."""
    plan, kind = adjustment.plan, adjustment.kind
    if kind == Kind.ADD:
        if adjustment.new_task is None or adjustment.new_unit is None or adjustment.new_due_on is None:
            raise PlanRefused(_("新增事项须写明任务、责任单位和期限"))
        item = PlanItem(
            plan=plan,
            number=next_number(plan),
            title=adjustment.new_title,
            task=adjustment.new_task,
            unit=adjustment.new_unit,
            due_on=adjustment.new_due_on,
        )
        check_item(item, plan)
        return item
    if adjustment.item is None:
        raise PlanRefused(_("请选择要调整的事项"))
    # Another copy: what is tried out here is not what the adjustment points to.
    item = PlanItem.objects.select_related("unit", "plan").get(pk=adjustment.item.pk)
    if kind == Kind.DROP:
        item.state = PlanItem.State.DROPPED
        return item
    if kind == Kind.DATE and adjustment.new_due_on is not None:
        if adjustment.new_due_on == item.due_on:
            raise PlanRefused(_("新的期限与现在的期限相同"))
        item.due_on = adjustment.new_due_on
        if item.starts_on is not None and item.starts_on > item.due_on:
            item.starts_on = item.due_on
    if kind == Kind.OWNER and adjustment.new_unit is not None:
        if adjustment.new_unit == item.unit:
            raise PlanRefused(_("新的责任单位与现在的相同"))
        item.unit, item.person = adjustment.new_unit, ""
    check_item(item, plan)
    return item


def _in_words(item: PlanItem) -> dict[str, str]:
    """What an adjustment may touch, as its table prints it in its one language."""
    return {
        "事项": item.title,
        "责任单位": item.unit.name,
        "完成期限": item.due_on.isoformat(),
        "状态": {"open": "推进中", "done": "已完成", "dropped": "已取消"}[item.state],
    }


@transaction.atomic
def decide_adjustment(
    adjustment: PlanAdjustment, *, is_approved: bool, words: str, by: User, at: datetime
) -> PlanAdjustment:
    """Approve an adjustment, which changes the plan at once, or refuse it with words. Raises PlanRefused, StaleForm."""
    plan = locked_plan(adjustment.plan, Plan.State.ISSUED)
    fresh = PlanAdjustment.objects.select_for_update().get(pk=adjustment.pk)
    if fresh.state != PlanAdjustment.State.PROPOSED:
        raise StaleForm(_("该调整刚刚已由他人处理，请核对最新内容"))
    if not can_decide_adjustment(by, fresh, on=timezone.localdate(at)):
        raise PlanRefused(_("这一调整须由领导小组的领导批准"))
    said = " ".join(words.split())[:LONGEST_REASON]
    if not is_approved and not said:
        raise PlanRefused(_("请写明不批准的理由"))
    before = _facts(fresh)
    fresh.state = PlanAdjustment.State.APPROVED if is_approved else PlanAdjustment.State.REJECTED
    fresh.decided_by, fresh.decided_at, fresh.decision = by, at, said
    if is_approved:
        _carry_out(fresh, by=by, at=at)
    fresh.save()
    action = "programme.adjustment_approved" if is_approved else "programme.adjustment_rejected"
    record_event(action, fresh, by=by, at=at, before=before, after=_facts(fresh), about=plan, reason=said)
    tell_adjusted(fresh, at=at)
    return fresh


def _carry_out(adjustment: PlanAdjustment, *, by: User, at: datetime) -> None:
    """Change the plan as approved; the item may have been closed while the adjustment waited."""
    if adjustment.kind == Kind.ADD:
        item = _applied(adjustment)
        item.first_due_on = None
        item.save(force_insert=True)
        record_event("programme.plan_item_added", item, by=by, at=at, after=item_facts(item), about=adjustment.plan)
        adjustment.item, adjustment.after = item, _in_words(item)
        return
    if adjustment.item is None:
        raise PlanRefused(_("请选择要调整的事项"))
    old = locked_item(adjustment.item)
    if old.state != PlanItem.State.OPEN:
        raise PlanRefused(_("该事项已经完成或取消，不能再调整"))
    facts = item_facts(old)
    item = _applied(adjustment)
    adjustment.before, adjustment.after = _in_words(old), _in_words(item)
    save_item(item, "plan_item_adjusted", facts, by=by, at=at, reason=adjustment.reason)


@transaction.atomic
def withdraw_adjustment(adjustment: PlanAdjustment, *, by: User, at: datetime) -> PlanAdjustment:
    """Whoever proposed it, another officer of the unit, or the office takes a waiting adjustment back. Raises PlanRefused."""
    plan = locked_plan(adjustment.plan)
    fresh = PlanAdjustment.objects.select_for_update().get(pk=adjustment.pk)
    if fresh.state != PlanAdjustment.State.PROPOSED:
        raise StaleForm(_("该调整刚刚已由他人处理，请核对最新内容"))
    on = timezone.localdate(at)
    unit = fresh.item.unit_id if fresh.item else fresh.new_unit_id
    if not can_manage_table(by, on=on) and unit not in reporting_unit_ids(by, on=on):
        raise PlanRefused(_("只有提出单位或创建办可以撤回调整"))
    before: dict[str, Any] = _facts(fresh)
    fresh.state = PlanAdjustment.State.WITHDRAWN
    fresh.save()
    record_event("programme.adjustment_withdrawn", fresh, by=by, at=at, before=before, after=_facts(fresh), about=plan)
    return fresh
