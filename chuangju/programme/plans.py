"""起草方案 - how the office writes a plan: its span, its sections, in the open states alone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import Paper, User
from chuangju.kernel.refusals import Refused, StaleForm
from chuangju.programme.access import can_manage_table
from chuangju.programme.models import Plan, PlanSection, TableVersion
from chuangju.programme.plan_content import plan_settings

LONGEST_TITLE = 200
LONGEST_HEADING = 100
LONGEST_TEXT = 10_000


class PlanRefused(Refused):
    """The plan cannot be written, sent on or decided like this; the sentence says why."""


def require_office(by: User, at: datetime) -> None:
    """Refuse whoever is not of the programme office."""
    if not can_manage_table(by, on=timezone.localdate(at)):
        raise PlanRefused(_("只有创建办可以起草和修改方案"))


def plan_facts(plan: Plan) -> dict[str, Any]:
    """What the history tells of a plan: its outside; the words themselves stand in its rounds and its issued text."""
    return {key: value for key, value in snapshot(plan).items() if key not in {"revision", "issued_content"}}


def locked_plan(plan: Plan, *states: str, revision: int | None = None) -> Plan:
    """The plan as it stands now, locked; refused in any other state, or where the form was made from an older one."""
    take_locks(f"programme.plan:{plan.pk}")
    fresh = Plan.objects.select_for_update().filter(pk=plan.pk).first()
    if fresh is None or (revision is not None and fresh.revision != revision):
        raise StaleForm(_("该方案刚刚被他人修改或处理过，请核对最新内容后再提交"))
    if states and fresh.state not in states:
        raise PlanRefused(_("方案现在的状态是“%(state)s”，不能这样办理") % {"state": fresh.get_state_display()})
    return fresh


def save_plan(plan: Plan, action: str, before: dict[str, Any], *, by: User, at: datetime, reason: str = "") -> Plan:
    """Write the changed plan with its event; part of every step that a plan takes."""
    plan.revision += 1
    plan.save()
    record_event(f"programme.{action}", plan, by=by, at=at, before=before, after=plan_facts(plan), reason=reason)
    return plan


def checked_words(text: str, *, empty: str, longest: int) -> str:
    """A line of text without stray blanks; refused where it is empty or too long."""
    words = " ".join(text.split())
    if not words:
        raise PlanRefused(empty)
    if len(words) > longest:
        raise PlanRefused(_("不能超过 %(limit)d 字，现有 %(count)d 字") % {"limit": longest, "count": len(words)})
    return words


def _check_place(plan: Plan) -> None:
    """The plan fits where it says it belongs: its span, its overall plan, and what it replaces."""
    if plan.ends_on < plan.starts_on:
        raise PlanRefused(_("结束日期不能早于起始日期"))
    if plan.kind == Plan.Kind.STAGE:
        if plan.parent is None or plan.parent.kind != Plan.Kind.OVERALL:
            raise PlanRefused(_("请选择阶段方案所属的总体方案"))
        if plan.starts_on < plan.parent.starts_on or plan.ends_on > plan.parent.ends_on:
            raise PlanRefused(_("阶段方案的起止日期须在总体方案的起止日期之内"))
    else:
        plan.parent = None
    if plan.replaces is not None and (plan.replaces.kind != plan.kind or not plan.replaces.is_issued):
        raise PlanRefused(_("只能替代同一种类、已印发的方案"))


@transaction.atomic
def draft_plan(  # noqa: PLR0913 - a plan is all of this, each by name
    *,
    kind: str,
    title: str,
    version: TableVersion,
    starts_on: date,
    ends_on: date,
    openness: str,
    parent: Plan | None = None,
    replaces: Plan | None = None,
    by: User,
    at: datetime,
) -> Plan:
    """Begin a plan with the usual headings; raises PlanRefused."""
    require_office(by, at)
    plan = Plan(
        kind=kind,
        title=checked_words(title, empty=_("请填写方案标题"), longest=LONGEST_TITLE),
        version=version,
        starts_on=starts_on,
        ends_on=ends_on,
        openness=_checked_openness(openness),
        parent=parent,
        replaces=replaces,
        drafted_by=by,
        drafted_at=at,
    )
    _check_place(plan)
    plan.save(force_insert=True)
    for position, heading in enumerate(plan_settings().outline, 1):
        PlanSection.objects.create(plan=plan, position=position, heading=heading)
    record_event("programme.plan_drafted", plan, by=by, at=at, after=plan_facts(plan))
    return plan


def _checked_openness(openness: str) -> str:
    if openness not in Paper.Openness.values:
        raise PlanRefused(_("请选择公开属性"))
    return openness


@transaction.atomic
def change_plan(  # noqa: PLR0913 - a plan is all of this, each by name
    plan: Plan,
    *,
    title: str,
    version: TableVersion,
    starts_on: date,
    ends_on: date,
    openness: str,
    parent: Plan | None,
    replaces: Plan | None,
    revision: int,
    by: User,
    at: datetime,
) -> Plan:
    """Correct the outside of a plan that is being written; raises PlanRefused, StaleForm."""
    require_office(by, at)
    fresh = locked_plan(plan, *Plan.OPEN_STATES, revision=revision)
    before = plan_facts(fresh)
    fresh.title = checked_words(title, empty=_("请填写方案标题"), longest=LONGEST_TITLE)
    fresh.version, fresh.starts_on, fresh.ends_on = version, starts_on, ends_on
    fresh.openness, fresh.parent, fresh.replaces = _checked_openness(openness), parent, replaces
    _check_place(fresh)
    outside = fresh.items.filter(due_on__gt=ends_on).order_by("due_on").first()
    if outside is not None:
        raise PlanRefused(_("事项“%(title)s”的期限晚于方案的结束日期") % {"title": outside.title})
    if plan_facts(fresh) == before:
        raise PlanRefused(_("没有任何改动"))
    return save_plan(fresh, "plan_changed", before, by=by, at=at)


@transaction.atomic
def discard_plan(plan: Plan, *, by: User, at: datetime) -> None:
    """Throw away a draft that nobody was asked about; the log keeps that it was there. Raises PlanRefused."""
    require_office(by, at)
    fresh = locked_plan(plan, Plan.State.DRAFT)
    if fresh.rounds.exists() or fresh.stages.exists():
        raise PlanRefused(_("已征求过意见或下设阶段方案的方案不能删除"))
    before = plan_facts(fresh)
    record_event("programme.plan_discarded", fresh, by=by, at=at, before=before)
    fresh.sections.all().delete()
    fresh.items.all().delete()
    fresh.delete()


def _section_facts(section: PlanSection) -> dict[str, Any]:
    return {key: value for key, value in snapshot(section).items() if key != "revision"}


def _checked_text(text: str) -> str:
    words = text.replace("\r\n", "\n").strip()
    if len(words) > LONGEST_TEXT:
        said = {"limit": LONGEST_TEXT, "count": len(words)}
        raise PlanRefused(_("不能超过 %(limit)d 字，现有 %(count)d 字") % said)
    return words


@transaction.atomic
def add_section(plan: Plan, *, heading: str, text: str, by: User, at: datetime) -> PlanSection:
    """Add a part to the text, at its end; raises PlanRefused."""
    require_office(by, at)
    fresh = locked_plan(plan, *Plan.OPEN_STATES)
    last = fresh.sections.aggregate(last=Max("position"))["last"] or 0
    section = PlanSection.objects.create(
        plan=fresh,
        position=last + 1,
        heading=checked_words(heading, empty=_("请填写章节标题"), longest=LONGEST_HEADING),
        text=_checked_text(text),
    )
    record_event("programme.plan_section_added", section, by=by, at=at, after=_section_facts(section), about=fresh)
    return section


@transaction.atomic
def change_section(
    section: PlanSection, *, heading: str, text: str, position: int, revision: int, by: User, at: datetime
) -> PlanSection:
    """Write a part of the text anew; raises PlanRefused, StaleForm."""
    require_office(by, at)
    plan = locked_plan(section.plan, *Plan.OPEN_STATES)
    fresh = PlanSection.objects.select_for_update().filter(pk=section.pk).first()
    if fresh is None or fresh.revision != revision:
        raise StaleForm(_("该章节刚刚被他人修改过，请核对最新内容后再提交"))
    before = _section_facts(fresh)
    fresh.heading = checked_words(heading, empty=_("请填写章节标题"), longest=LONGEST_HEADING)
    fresh.text, fresh.position = _checked_text(text), position
    if _section_facts(fresh) == before:
        raise PlanRefused(_("没有任何改动"))
    fresh.revision += 1
    fresh.save()
    record_event(
        "programme.plan_section_changed",
        fresh,
        by=by,
        at=at,
        before=before,
        after=_section_facts(fresh),
        about=plan,
    )
    return fresh


@transaction.atomic
def remove_section(section: PlanSection, *, by: User, at: datetime) -> None:
    """Take a part out of the text; one that units have spoken about stays. Raises PlanRefused."""
    require_office(by, at)
    plan = locked_plan(section.plan, *Plan.OPEN_STATES)
    fresh = plan.sections.filter(pk=section.pk).first()
    if fresh is None:
        raise StaleForm(_("该章节刚刚被他人修改过，请核对最新内容后再提交"))
    if fresh.opinions.exists():
        raise PlanRefused(_("已有单位对该章节提出意见，不能删除，可以改写"))
    record_event("programme.plan_section_removed", fresh, by=by, at=at, before=_section_facts(fresh), about=plan)
    fresh.delete()
