"""演示方案 - an overall plan in force (some items done, one late), a stage plan on which units are asked, reviews that fell due.

Every step goes through the same functions that the pages call, at the moment when it would have happened.
"""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.models import Paper, User
from chuangju.kernel.outgoing_papers import hand_over_paper, record_seal
from chuangju.kernel.working_days import add_working_days, is_working_day
from chuangju.papers.documents import Block, PaperDocument, Paragraph, SignedBy
from chuangju.programme.models import Plan, PlanAdjustment, PlanItem, PlanReview, TableVersion, Task
from chuangju.programme.plan_adjustments import decide_adjustment, propose_adjustment
from chuangju.programme.plan_consultations import (
    answer_without_opinion,
    close_round,
    decide_opinion,
    give_opinion,
    open_round,
)
from chuangju.programme.plan_decisions import approve_plan, draft_issue, submit_plan
from chuangju.programme.plan_items import add_item, report_item
from chuangju.programme.plan_papers import RECIPIENTS, issuer
from chuangju.programme.plan_reminders import remind_of_plans
from chuangju.programme.plan_reviews import note_review, open_due_reviews, submit_review
from chuangju.programme.plans import change_section, draft_plan
from chuangju.units.models import Role, RoleAssignment, Unit
from chuangju.units.names import resolve_name

_ROUND_DAYS = 7
# The overall plan is old enough for its first items to have been done since.
_LONG_AGO = timedelta(days=400)


def _moment(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=timezone.get_default_timezone())


def _holder(role: Role, unit: Unit | None = None) -> User | None:
    held = RoleAssignment.objects.filter(role=role, user__is_demo=True).select_related("user").order_by("pk")
    found = (held.filter(unit=unit) if unit else held).first()
    return found.user if found else None


def _working(day: date) -> date:
    return day if is_working_day(day) else add_working_days(day, -1)


def _unit(name: str, on: date) -> Unit | None:
    found = resolve_name(name, on=on)
    return found if isinstance(found, Unit) else None


class _Teller:
    """The people and tasks that the story needs, and the day on which it is told."""

    def __init__(self, office: User, leader: User, version: TableVersion, on: date) -> None:
        self.office, self.leader, self.on = office, leader, on
        rows = version.rows.select_related("task")
        self.tasks: dict[int, Task] = {row.number: row.task for row in rows}

    def due_day(self, entry: dict[str, Any]) -> date:
        """When an item of the demo is due; what is done or ahead by days, what is late by working days."""
        if "late" in entry:
            return add_working_days(self.on, -entry["late"])
        return _working(self.on + timedelta(days=entry["due"]))

    def draft(self, told: dict[str, Any], at: datetime, **outside: Any) -> Plan:
        """A plan with its words and items, as the office wrote them."""
        plan = draft_plan(
            title=told["title"],
            openness=Paper.Openness.OPEN,
            by=self.office,
            at=at,
            **outside,
        )
        sections = list(plan.sections.order_by("position"))
        for section, words in zip(sections, told["section"], strict=False):
            change_section(
                section,
                heading=words["heading"],
                text=words["text"],
                position=section.position,
                revision=section.revision,
                by=self.office,
                at=at,
            )
        for section in sections[len(told["section"]) :]:
            section.delete()
        for entry in told["item"]:
            self._add_item(plan, entry, at)
        return plan

    def _add_item(self, plan: Plan, entry: dict[str, Any], at: datetime) -> None:
        unit, due = _unit(entry["unit"], self.on), self.due_day(entry)
        if "first" in entry:
            due = add_working_days(due, -entry["first"])
        if unit is None or entry["row"] not in self.tasks:
            return
        add_item(
            plan,
            title=entry["title"],
            task=self.tasks[entry["row"]],
            unit=unit,
            due_on=due,
            starts_on=max(plan.starts_on, due - timedelta(days=120)),
            person=entry.get("person", ""),
            weight=entry.get("weight", 1),
            by=self.office,
            at=at,
        )

    def issue(self, plan: Plan, told: dict[str, Any], day: date) -> None:
        """Asked, decided, approved, sealed: the plan is in force from that day."""
        asked = {item.unit for item in plan.items.select_related("unit")}
        opened = _moment(add_working_days(day, -20), 10)
        due = add_working_days(day, -20 + _ROUND_DAYS)
        consultation = open_round(plan, units=asked, due_on=due, words=told["words"], by=self.office, at=opened)
        for place, line in enumerate(consultation.asked.select_related("unit").order_by("unit__position")):
            officer = _holder(Role.LIAISON_OFFICER, line.unit)
            if officer is None:
                continue
            moment = opened + timedelta(days=1, minutes=7 * place)
            if place:
                answer_without_opinion(line, by=officer, at=moment)
                continue
            words = "逾期事项建议写明在哪一次会议上说明。"
            opinion = give_opinion(line, text=words, section=plan.sections.last(), by=officer, at=moment)
            decide_opinion(
                opinion, result="adopted", reason="", revision=1, by=self.office, at=moment + timedelta(days=2)
            )
        close_round(consultation, by=self.office, at=_moment(due + timedelta(days=1), 9))
        plan.refresh_from_db()
        submit_plan(plan, revision=plan.revision, by=self.office, at=_moment(due + timedelta(days=2), 9))
        plan.refresh_from_db()
        approved = add_working_days(day, -3)
        approve_plan(
            plan,
            meeting=told["meeting"],
            approved_on=approved,
            revision=plan.revision,
            by=self.leader,
            at=_moment(approved, 16),
        )
        self._seal(plan, told["number"].format(year=day.year), day)

    def _seal(self, plan: Plan, number: str, day: date) -> None:
        # Loaded here: writing a document takes a library that nobody else at a start needs.
        from chuangju.papers.pdf_papers import document_pdf  # noqa: PLC0415 - as said above

        at = _moment(add_working_days(day, -1), 9)
        paper = draft_issue(plan, recipient=RECIPIENTS, by=self.office, at=at)
        paper = hand_over_paper(paper, by=self.office, at=at + timedelta(hours=1))
        words: list[Block] = [Paragraph("这里是用印扫描件，仅供演示，没有印章。"), SignedBy(issuer(), day)]
        scan = ContentFile(document_pdf(PaperDocument(plan.title, words, number=number)), name="用印扫描件（演示）.pdf")
        record_seal(paper, number=number, sealed_on=day, scan=scan, by=self.office, at=_moment(day, 15))
        plan.refresh_from_db()

    def report(self, plan: Plan, told: dict[str, Any]) -> None:
        """What was moved, and what was done since, by the units in charge."""
        for entry in told["item"]:
            item = plan.items.filter(title=entry["title"]).select_related("unit", "plan").first()
            officer = _holder(Role.LIAISON_OFFICER, item.unit) if item else None
            if item is None or officer is None:
                continue
            if "first" in entry:
                self._move(item, self.due_day(entry), officer)
                item.refresh_from_db()
            if "done" in entry:
                done = _working(self.on + timedelta(days=entry["done"]))
                report_item(
                    item,
                    text=f"“{item.title}”已经完成，材料已归档（演示）。",
                    done_on=done,
                    revision=item.revision,
                    by=officer,
                    at=_moment(done, 16),
                )

    def _move(self, item: PlanItem, due: date, officer: User) -> None:
        asked = _moment(add_working_days(item.due_on, -4), 11)
        found = propose_adjustment(
            item.plan,
            kind=PlanAdjustment.Kind.DATE,
            item=item,
            new_due_on=due,
            reason="部分受理点正在搬迁，标牌须重新制作",
            by=officer,
            at=asked,
        )
        decide_adjustment(found, is_approved=True, words="同意", by=self.office, at=asked + timedelta(hours=4))

    def consult(self, plan: Plan, told: dict[str, Any]) -> None:
        """The stage plan went out three working days ago; some have answered, others have not."""
        asked = told["consultation"]
        at = _moment(add_working_days(self.on, -3), 10)
        units = [unit for name in asked["units"] if (unit := _unit(name, self.on)) is not None]
        due = add_working_days(self.on, 2)
        consultation = open_round(plan, units=units, due_on=due, words=told["words"], by=self.office, at=at)
        lines = {line.unit.name: line for line in consultation.asked.select_related("unit")}
        for name in asked["no_opinion"]:
            unit = _unit(name, self.on)
            officer = _holder(Role.LIAISON_OFFICER, unit) if unit else None
            if unit is not None and officer is not None:
                answer_without_opinion(lines[unit.name], by=officer, at=at + timedelta(hours=5))
        for entry in asked["opinion"]:
            unit = _unit(entry["unit"], self.on)
            officer = _holder(Role.LIAISON_OFFICER, unit) if unit else None
            if unit is None or officer is None:
                continue
            give_opinion(
                lines[unit.name],
                text=entry["text"],
                suggestion=entry["suggestion"],
                section=plan.sections.filter(position=entry.get("section", 0)).first(),
                item=plan.items.filter(number=entry.get("item", 0)).first(),
                by=officer,
                at=at + timedelta(days=1),
            )

    def review(self, at: datetime) -> None:
        """Reviews fell due by themselves; the earlier ones are written and noted, the latest one waits."""
        open_due_reviews(on=self.on, at=at)
        for review in PlanReview.objects.order_by("due_on").select_related("plan")[: max(0, self._reviews() - 1)]:
            written = submit_review(
                review,
                overall="各项事项总体按方案推进，重点事项已完成（演示）。",
                problems="个别事项准备时间偏紧。",
                next_steps="加强与责任单位的月度会商。",
                revision=review.revision,
                by=self.office,
                at=_moment(review.due_on, 10),
            )
            noted = _moment(add_working_days(review.due_on, 2), 17)
            note_review(written, words="已阅，请继续抓好落实。", revision=written.revision, by=self.leader, at=noted)

    def _reviews(self) -> int:
        return PlanReview.objects.count()


def load_demo_plans(at: datetime) -> None:
    """Add the plans to an installation that has the demo's table and accounts; nothing where it has not."""
    version = TableVersion.objects.filter(state=TableVersion.State.CURRENT).first()
    office, leader = _holder(Role.PROGRAMME_OFFICE), _holder(Role.LEADER)
    if version is None or office is None or leader is None:
        return
    on = timezone.localdate(at)
    told = tomllib.loads(files("chuangju.programme").joinpath("data/demo_plans.toml").read_text(encoding="utf-8"))
    teller = _Teller(office, leader, version, on)
    year = (on - _LONG_AGO).year
    issued = add_working_days(date(year, 3, 1), 20)
    overall = teller.draft(
        told["overall"],
        _moment(add_working_days(issued, -30), 9),
        kind=Plan.Kind.OVERALL,
        version=TableVersion.objects.filter(effective_from__lte=issued).order_by("-number").first() or version,
        starts_on=date(year, 3, 1),
        ends_on=date(year + 2, 12, 31),
    )
    teller.issue(overall, told["overall"], issued)
    teller.report(overall, told["overall"])
    stage = teller.draft(
        told["stage"],
        _moment(add_working_days(on, -6), 14),
        kind=Plan.Kind.STAGE,
        parent=overall,
        version=version,
        starts_on=on.replace(day=1),
        ends_on=min(overall.ends_on, on + timedelta(days=200)),
    )
    teller.consult(stage, told["stage"])
    teller.review(at)
    day = _moment(on, 0)
    remind_of_plans(DutyPeriod(on=on, start=day, end=day + timedelta(days=1), at=at))
