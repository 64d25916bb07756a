"""方案事项 - set by the office while the plan is written, reported by the unit in charge once it is in force."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.attachments import attach_file
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm
from chuangju.programme.access import can_manage_table, can_report_for
from chuangju.programme.models import Plan, PlanItem, PlanItemReport, Task
from chuangju.programme.plans import LONGEST_TITLE, PlanRefused, checked_words, locked_plan, require_office
from chuangju.units.models import Unit

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MAX_FILES = 9
LONGEST_REPORT = 2000
LONGEST_PERSON = 50


def item_facts(item: PlanItem) -> dict[str, Any]:
    """What the history tells of an item; its revision is only a counter."""
    return {key: value for key, value in snapshot(item).items() if key != "revision"}


def locked_item(item: PlanItem, revision: int | None = None) -> PlanItem:
    """The item as it stands now, locked; stale where the form was made from an older revision."""
    fresh = PlanItem.objects.select_for_update().filter(pk=item.pk).first()
    if fresh is None or (revision is not None and fresh.revision != revision):
        raise StaleForm(_("该事项刚刚被他人修改过，请核对最新内容后再提交"))
    return fresh


def save_item(
    item: PlanItem, action: str, before: dict[str, Any], *, by: User, at: datetime, reason: str = ""
) -> PlanItem:
    """Write the changed item with its event."""
    item.revision += 1
    item.save()
    record_event(
        f"programme.{action}",
        item,
        by=by,
        at=at,
        before=before,
        after=item_facts(item),
        about=item.plan,
        reason=reason,
    )
    return item


def check_item(item: PlanItem, plan: Plan) -> None:
    """Title, dates and owner fit the plan; raises PlanRefused."""
    item.title = checked_words(item.title, empty=_("请填写事项名称"), longest=LONGEST_TITLE)
    item.person = " ".join(item.person.split())[:LONGEST_PERSON]
    if item.starts_on is not None and item.starts_on > item.due_on:
        raise PlanRefused(_("开始日期不能晚于完成期限"))
    if not plan.starts_on <= item.due_on <= plan.ends_on:
        said = {"start": plan.starts_on.isoformat(), "end": plan.ends_on.isoformat()}
        raise PlanRefused(_("完成期限须在方案的起止日期之内（%(start)s 至 %(end)s）") % said)
    if not item.unit.exists_on(item.due_on):
        raise PlanRefused(_("责任单位在完成期限当天已不存在，请选择承接单位"))
    others = plan.items.filter(title=item.title).exclude(state=PlanItem.State.DROPPED).exclude(pk=item.pk)
    if others.exists():
        raise PlanRefused(_("该方案已有同名的事项"))


def next_number(plan: Plan) -> int:
    """The number that a further item of the plan bears; numbers are never used again."""
    return int(plan.items.aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def add_item(  # noqa: PLR0913 - an item is all of this, each by name
    plan: Plan,
    *,
    title: str,
    task: Task,
    unit: Unit,
    due_on: date,
    starts_on: date | None = None,
    person: str = "",
    weight: int = 1,
    by: User,
    at: datetime,
) -> PlanItem:
    """The office puts an item into a plan that is being written; raises PlanRefused."""
    require_office(by, at)
    fresh = locked_plan(plan, *Plan.OPEN_STATES)
    item = PlanItem(
        plan=fresh,
        number=next_number(fresh),
        title=title,
        task=task,
        unit=unit,
        person=person,
        starts_on=starts_on,
        due_on=due_on,
        weight=weight,
    )
    check_item(item, fresh)
    item.save(force_insert=True)
    record_event("programme.plan_item_added", item, by=by, at=at, after=item_facts(item), about=fresh)
    return item


@transaction.atomic
def change_item(  # noqa: PLR0913 - an item is all of this, each by name
    item: PlanItem,
    *,
    title: str,
    task: Task,
    unit: Unit,
    due_on: date,
    starts_on: date | None,
    person: str,
    weight: int,
    revision: int,
    by: User,
    at: datetime,
) -> PlanItem:
    """The office rewrites an item while the plan is being written; raises PlanRefused, StaleForm."""
    require_office(by, at)
    plan = locked_plan(item.plan, *Plan.OPEN_STATES)
    fresh = locked_item(item, revision)
    before = item_facts(fresh)
    fresh.title, fresh.task, fresh.unit, fresh.person = title, task, unit, person
    fresh.starts_on, fresh.due_on, fresh.weight = starts_on, due_on, weight
    check_item(fresh, plan)
    if item_facts(fresh) == before:
        raise PlanRefused(_("没有任何改动"))
    return save_item(fresh, "plan_item_changed", before, by=by, at=at)


@transaction.atomic
def remove_item(item: PlanItem, *, by: User, at: datetime) -> None:
    """The office takes an item out while the plan is being written; one that units have spoken about is dropped."""
    require_office(by, at)
    plan = locked_plan(item.plan, *Plan.OPEN_STATES)
    fresh = locked_item(item)
    before = item_facts(fresh)
    if fresh.opinions.exists():
        fresh.state = PlanItem.State.DROPPED
        save_item(fresh, "plan_item_removed", before, by=by, at=at)
        return
    record_event("programme.plan_item_removed", fresh, by=by, at=at, before=before, about=plan)
    fresh.delete()


def _require_report(item: PlanItem, by: User, at: datetime) -> None:
    if not can_report_for(by, item.unit_id, on=timezone.localdate(at)):
        raise PlanRefused(_("只有责任单位的联络员或创建办可以填报这一事项"))
    if not item.plan.is_issued:
        raise PlanRefused(_("方案印发后才能填报事项"))
    if item.state != PlanItem.State.OPEN:
        raise PlanRefused(_("只能填报推进中的事项"))


@transaction.atomic
def report_item(
    item: PlanItem,
    *,
    text: str,
    done_on: date | None,
    files: Iterable[UploadedFile[Any]] = (),
    revision: int,
    by: User,
    at: datetime,
) -> PlanItemReport:
    """The unit in charge tells what it did, with files; with a day the item is done. Raises PlanRefused, StaleForm."""
    fresh = locked_item(item, revision)
    _require_report(fresh, by, at)
    words = text.strip()
    if not words:
        raise PlanRefused(_("请用一两句话写明完成情况"))
    if len(words) > LONGEST_REPORT:
        said = {"limit": LONGEST_REPORT, "count": len(words)}
        raise PlanRefused(_("不能超过 %(limit)d 字，现有 %(count)d 字") % said)
    if done_on is not None and done_on > timezone.localdate(at):
        raise PlanRefused(_("完成日期不能晚于今天"))
    enclosed = list(files)
    if len(enclosed) > MAX_FILES:
        raise PlanRefused(_("一次最多上传 %(count)d 个文件") % {"count": MAX_FILES})
    report = PlanItemReport.objects.create(
        item=fresh, unit=fresh.unit, text=words, is_done=done_on is not None, by=by, at=at
    )
    for upload in enclosed:
        attach_file(report, upload, by=by, at=at)
    record_event("programme.plan_item_reported", report, by=by, at=at, after=snapshot(report), about=fresh)
    if done_on is not None:
        before = item_facts(fresh)
        fresh.state, fresh.done_on = PlanItem.State.DONE, done_on
        save_item(fresh, "plan_item_completed", before, by=by, at=at)
    return report


@transaction.atomic
def reopen_item(item: PlanItem, *, reason: str, revision: int, by: User, at: datetime) -> PlanItem:
    """The office takes a closing back, with the reason; raises PlanRefused, StaleForm."""
    if not can_manage_table(by, on=timezone.localdate(at)):
        raise PlanRefused(_("只有创建办可以恢复事项"))
    fresh = locked_item(item, revision)
    if fresh.state != PlanItem.State.DONE or not fresh.plan.is_issued:
        raise PlanRefused(_("只能恢复已完成、所属方案仍在执行的事项"))
    if not reason.strip():
        raise PlanRefused(_("请写明恢复原因，它会记入历史"))
    before = item_facts(fresh)
    fresh.state, fresh.done_on = PlanItem.State.OPEN, None
    return save_item(fresh, "plan_item_reopened", before, by=by, at=at, reason=reason.strip())
