"""落实节点 - how the office sets the steps under a measure, and how the units that owe them close them."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused, StaleForm
from chuangju.programme.access import can_manage_table, can_report_for
from chuangju.programme.models import Measure, Milestone
from chuangju.units.models import Unit

LONGEST_TITLE = 200


class MilestoneRefused(Refused):
    """The milestone cannot be set, changed or closed like this; the sentence says why."""


def _facts(milestone: Milestone) -> dict[str, object]:
    """What the history tells of a step; its revision is only a counter."""
    return {key: value for key, value in snapshot(milestone).items() if key != "revision"}


def _require_office(by: User, at: datetime) -> None:
    if not can_manage_table(by, on=timezone.localdate(at)):
        raise MilestoneRefused(_("只有创建办可以设定和调整落实节点"))


def _checked_title(title: str) -> str:
    text = " ".join(title.split())
    if not text:
        raise MilestoneRefused(_("请填写落实节点的名称"))
    if len(text) > LONGEST_TITLE:
        raise MilestoneRefused(_("落实节点的名称不能超过 %(count)d 字") % {"count": LONGEST_TITLE})
    return text


def _check_title_free(measure: Measure, title: str, *, besides: Milestone | None = None) -> None:
    """No two steps under one measure go by the same name; those given up do not count."""
    take_locks(f"programme.measure:{measure.pk}")
    others = measure.milestones.filter(title=title).exclude(state=Milestone.State.DROPPED)
    if (others.exclude(pk=besides.pk) if besides else others).exists():
        raise MilestoneRefused(_("该举措下已有同名的落实节点"))


def _locked(milestone: Milestone, revision: int) -> Milestone:
    """The milestone as it stands now, locked; refused when the form was made from an older revision."""
    fresh = Milestone.objects.select_for_update().get(pk=milestone.pk)
    if fresh.revision != revision:
        raise StaleForm(_("该落实节点刚刚被他人修改过，请核对最新内容后再提交"))
    return fresh


def _save_changed(
    milestone: Milestone, action: str, before: dict[str, object], *, by: User, at: datetime, reason: str
) -> None:
    milestone.revision += 1
    milestone.save()
    record_event(
        f"programme.{action}",
        milestone,
        by=by,
        at=at,
        before=before,
        after=_facts(milestone),
        about=milestone.measure.task,
        reason=reason,
    )


@transaction.atomic
def add_milestone(
    measure: Measure, *, title: str, unit: Unit, due_on: date | None, by: User, at: datetime
) -> Milestone:
    """The office sets a step under a measure; raises MilestoneRefused."""
    _require_office(by, at)
    text = _checked_title(title)
    _check_title_free(measure, text)
    milestone = Milestone.objects.create(
        measure=measure, title=text, unit=unit, due_on=due_on, created_by=by, created_at=at
    )
    record_event("programme.milestone_added", milestone, by=by, at=at, after=_facts(milestone), about=measure.task)
    return milestone


@transaction.atomic
def change_milestone(  # noqa: PLR0913 - a milestone is all of this, each by name
    milestone: Milestone,
    *,
    title: str,
    unit: Unit,
    due_on: date | None,
    reason: str,
    revision: int,
    by: User,
    at: datetime,
) -> Milestone:
    """The office corrects a step, with the reason; raises MilestoneRefused, StaleForm."""
    _require_office(by, at)
    fresh = _locked(milestone, revision)
    if fresh.state != Milestone.State.OPEN:
        raise MilestoneRefused(_("已完成或已取消的落实节点不能修改，请先恢复为推进中"))
    if not reason.strip():
        raise MilestoneRefused(_("请写明调整原因，它会记入历史"))
    before = _facts(fresh)
    fresh.title, fresh.unit, fresh.due_on = _checked_title(title), unit, due_on
    if _facts(fresh) == before:
        raise MilestoneRefused(_("没有任何改动"))
    _check_title_free(fresh.measure, fresh.title, besides=fresh)
    _save_changed(fresh, "milestone_changed", before, by=by, at=at, reason=reason.strip())
    return fresh


@transaction.atomic
def complete_milestone(milestone: Milestone, *, done_on: date, revision: int, by: User, at: datetime) -> Milestone:
    """The unit that owes the step, or the office, closes it; raises MilestoneRefused, StaleForm."""
    fresh = _locked(milestone, revision)
    if not can_report_for(by, fresh.unit_id, on=timezone.localdate(at)):
        raise MilestoneRefused(_("只有责任单位的联络员或创建办可以确认完成"))
    if fresh.state != Milestone.State.OPEN:
        raise MilestoneRefused(_("只能确认推进中的落实节点"))
    if done_on > timezone.localdate(at):
        raise MilestoneRefused(_("完成日期不能晚于今天"))
    before = _facts(fresh)
    fresh.state, fresh.done_on = Milestone.State.DONE, done_on
    _save_changed(fresh, "milestone_completed", before, by=by, at=at, reason="")
    return fresh


@transaction.atomic
def reopen_milestone(milestone: Milestone, *, reason: str, revision: int, by: User, at: datetime) -> Milestone:
    """The office takes a closing back, with the reason; raises MilestoneRefused, StaleForm."""
    _require_office(by, at)
    fresh = _locked(milestone, revision)
    if fresh.state == Milestone.State.OPEN:
        raise MilestoneRefused(_("该落实节点本来就在推进中"))
    if not reason.strip():
        raise MilestoneRefused(_("请写明恢复原因，它会记入历史"))
    _check_title_free(fresh.measure, fresh.title, besides=fresh)
    before = _facts(fresh)
    fresh.state, fresh.done_on = Milestone.State.OPEN, None
    _save_changed(fresh, "milestone_reopened", before, by=by, at=at, reason=reason.strip())
    return fresh


@transaction.atomic
def drop_milestone(milestone: Milestone, *, reason: str, revision: int, by: User, at: datetime) -> Milestone:
    """The office gives a step up, with the reason; it stays on record. Raises MilestoneRefused, StaleForm."""
    _require_office(by, at)
    fresh = _locked(milestone, revision)
    if fresh.state != Milestone.State.OPEN:
        raise MilestoneRefused(_("只能取消推进中的落实节点"))
    if not reason.strip():
        raise MilestoneRefused(_("请写明取消原因，它会记入历史"))
    before = _facts(fresh)
    fresh.state = Milestone.State.DROPPED
    _save_changed(fresh, "milestone_dropped", before, by=by, at=at, reason=reason.strip())
    return fresh
