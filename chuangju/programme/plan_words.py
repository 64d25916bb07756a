"""方案登记 - what plans hand to the packages below: their thread, their paper, their sources of search, their duties, their tool."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.kernel.duties import Duty
from chuangju.kernel.models import Paper, User
from chuangju.kernel.outgoing_papers import PaperTemplate
from chuangju.kernel.search import SearchSource
from chuangju.kernel.threads import ThreadRules
from chuangju.programme.access import (
    Reader,
    can_manage_plan,
    can_read_plan,
    can_write_about_plan,
    is_reader,
    own_plan_items,
    plan_items_visible_to,
    plans_visible_to,
    reads_every_plan,
)
from chuangju.programme.models import ConsultedUnit, Plan, PlanItem, PlanSection
from chuangju.programme.plan_decisions import PAPER, issue_plan, withdraw_issue
from chuangju.programme.plan_messages import holders_of, plan_address
from chuangju.programme.plan_papers import plan_document
from chuangju.programme.plan_reminders import open_reviews, remind_of_plans
from chuangju.programme.slots import RowTool
from chuangju.units.access import STAFF_ROLES
from chuangju.units.appointment_register import officers_by_unit
from chuangju.units.models import Role, Unit
from chuangju.units.open_work import OpenWork

_FIRST_WORDS = 400


def _is_staff(user: Reader) -> bool:
    return is_reader(user, on=timezone.localdate())


def _issue_on_seal(paper: Paper, *, by: User, at: Any) -> None:
    issue_plan(paper, by=by, at=at)


def _withdraw_on_void(paper: Paper, *, by: User, at: Any) -> None:
    withdraw_issue(paper, by=by, at=at)


def _people_of(plan: Plan) -> Iterable[User]:
    """The office, and the liaison officers of the units that have a part in the plan and may read it."""
    on = timezone.localdate()
    asked = ConsultedUnit.objects.filter(round__plan=plan).values("unit")
    wanted = Q(pk__in=asked)
    if plan.was_issued:
        wanted |= Q(pk__in=plan.items.values("unit"))
    officers = officers_by_unit(Unit.objects.filter(wanted), on)
    return [*holders_of(Role.PROGRAMME_OFFICE, on), *(user for users in officers.values() for user in users)]


def _reads_thread(user: Any, plan: Plan) -> bool:
    return _is_staff(user) and can_read_plan(user, plan)


def _papers_of(user: User) -> Q:
    """The papers that issue plans stand in the list of the office and the leaders."""
    return Q() if reads_every_plan(user, on=timezone.localdate()) else Q(pk__in=())


def _staff_plans(user: Reader) -> QuerySet[Plan]:
    found = plans_visible_to(user, on=timezone.localdate())
    return found if _is_staff(user) else found.none()


def _public_plans(_user: Reader) -> QuerySet[Plan]:
    return plans_visible_to(None, on=timezone.localdate())


def _staff_items(user: Reader) -> QuerySet[PlanItem]:
    found = plan_items_visible_to(user, on=timezone.localdate()).exclude(state=PlanItem.State.DROPPED)
    return found if _is_staff(user) else found.none()


def _text_of(plan: Plan) -> str:
    words = " ".join(f"{section.heading} {section.text[:_FIRST_WORDS]}" for section in plan.sections.all())
    return f"{plan.number} {words}".strip()


def _issued_text_of(plan: Plan) -> str:
    """The words as issued: what the public may find."""
    sections = (plan.issued_content or {}).get("sections", [])
    words = " ".join(f"{section['heading']} {section['text'][:_FIRST_WORDS]}" for section in sections)
    return f"{plan.number} {words}".strip()


def _plans_of_section(section: PlanSection) -> QuerySet[Plan]:
    return Plan.objects.filter(pk=section.plan_id)


PLAN_THREAD = ThreadRules(
    can_read=_reads_thread,
    can_write=lambda user, plan: isinstance(user, User) and can_write_about_plan(user, plan),
    people=_people_of,
    address=plan_address,
)
PLAN_PAPER = PaperTemplate(
    key=PAPER,
    label=_("印发工作方案"),
    build=plan_document,
    can_manage=can_manage_plan,
    can_read=_reads_thread,
    on_sealed=_issue_on_seal,
    on_voided=_withdraw_on_void,
    void_warning=_("方案随之停止执行，回到已审定待印发；被它替代的方案恢复执行，责任单位会收到消息"),
    listed_for=_papers_of,
    address=plan_address,
)
SOURCES = (
    SearchSource(
        key="programme.plan",
        label=_("工作方案"),
        model=Plan,
        visible_to=_staff_plans,
        title=lambda plan: plan.title,
        address=plan_address,
        text=_text_of,
        names=lambda plan: (plan.title,),
        moment=lambda plan: plan.drafted_at,
        records=lambda: Plan.objects.prefetch_related("sections"),
        follows=((PlanSection, _plans_of_section),),
    ),
    SearchSource(
        key="programme.plan_item",
        label=_("方案事项"),
        model=PlanItem,
        visible_to=_staff_items,
        title=lambda item: item.title,
        address=lambda item: reverse("programme:plan_item", args=(item.pk,)),
        text=lambda item: f"{item.unit.name} · {item.plan.title}",
        names=lambda item: (item.title,),
        records=lambda: PlanItem.objects.select_related("unit", "plan"),
    ),
    SearchSource(
        key="programme.public_plan",
        label=_("工作方案"),
        model=Plan,
        visible_to=_public_plans,
        title=lambda plan: plan.title,
        address=lambda plan: reverse("programme:public_plan", args=(plan.pk,)),
        text=_issued_text_of,
        names=lambda plan: (plan.title,),
        audience="public",
    ),
)
# What a liaison officer who changes post leaves to the successor.
OPEN_ITEMS = OpenWork(
    "programme.plan_items",
    _("未完成的方案事项"),
    lambda user, on: own_plan_items(user, on=on).count(),
    lambda: f"{reverse('programme:plan_item_list')}?unit=mine&state=open",
)
DUTIES = (
    Duty("programme.plan_reviews", _("生成到期的自查总结"), "day", open_reviews, order=55),
    # After downtime only today's state is told: yesterday's reminder would be wrong today.
    Duty(
        "programme.plan_reminders",
        _("方案事项、征求意见和总结提醒"),
        "day",
        remind_of_plans,
        catches_up=False,
        order=62,
    ),
)
TOOLS = (
    RowTool("plans", pgettext_lazy("list", "工作方案"), "programme:plan_list", STAFF_ROLES, order=10),
    RowTool("plan_items", _("方案事项和进度"), "programme:plan_item_list", STAFF_ROLES, order=20),
    RowTool("plan_calendar", _("方案日程"), "programme:plan_calendar", STAFF_ROLES, order=30),
    RowTool(
        "plan_adjustments", pgettext_lazy("list", "方案调整"), "programme:plan_adjustment_list", STAFF_ROLES, order=40
    ),
    RowTool("plan_reviews", _("半年和年度自查总结"), "programme:plan_review_list", STAFF_ROLES, order=50),
)
