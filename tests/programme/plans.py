"""Plans for tests, brought by the product's own functions as far as a test needs them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile

from chuangju.kernel.models import Paper, User
from chuangju.kernel.outgoing_papers import hand_over_paper, record_seal
from chuangju.kernel.working_days import add_working_days
from chuangju.programme.demo_pictures import demo_picture
from chuangju.programme.models import Plan, PlanItem, PlanRound, PlanSection, TableVersion
from chuangju.programme.plan_consultations import answer_without_opinion, close_round, open_round
from chuangju.programme.plan_decisions import approve_plan, draft_issue, issue_plan, submit_plan
from chuangju.programme.plan_items import add_item
from chuangju.programme.plans import change_section, draft_plan
from chuangju.units.models import Role
from tests import people
from tests.programme.conftest import row_of, unit_called

FIRST_DAY, LAST_DAY = date(2026, 1, 1), date(2026, 12, 31)


@dataclass
class Planner:
    """The office at work on plans of one version; every step is the product's own."""

    version: TableVersion
    office: User
    leader: User
    now: datetime
    count: int = 0

    def draft(self, title: str = "创建工作总体方案", **given: Any) -> Plan:
        """A plan with its usual headings and no words yet."""
        outside = {
            "kind": Plan.Kind.OVERALL,
            "version": self.version,
            "starts_on": FIRST_DAY,
            "ends_on": LAST_DAY,
            "openness": Paper.Openness.OPEN,
        }
        return draft_plan(title=title, **{**outside, **given}, by=self.office, at=self.now)

    def item(
        self, plan: Plan, title: str = "发布宣传计划", row: int = 1, unit: str = "区财政局", **given: Any
    ) -> PlanItem:
        """An item of a plan that is being written."""
        given.setdefault("due_on", self.now.date() + timedelta(days=60))
        task = row_of(self.version, row).task
        return add_item(plan, title=title, task=task, unit=unit_called(unit), **given, by=self.office, at=self.now)

    def write(self, plan: Plan) -> None:
        """Words in every section."""
        for section in plan.sections.filter(text=""):
            self.reword(section, f"{section.heading}的内容。")

    def reword(self, section: PlanSection, text: str) -> PlanSection:
        """A section with other words."""
        section.refresh_from_db()
        return change_section(
            section,
            heading=section.heading,
            text=text,
            position=section.position,
            revision=section.revision,
            by=self.office,
            at=self.now,
        )

    def written(self, **given: Any) -> Plan:
        """A plan that could be sent round: with words and one item."""
        plan = self.draft(**given)
        self.write(plan)
        self.item(plan)
        return plan

    def ask(self, plan: Plan, *units: str, due_on: date | None = None) -> PlanRound:
        """Send a plan round to units, 区财政局 where none is named."""
        asked = [unit_called(name) for name in units or ("区财政局",)]
        due = due_on or add_working_days(self.now.date(), 5)
        return open_round(plan, units=asked, due_on=due, by=self.office, at=self.now)

    def officer(self, unit: str) -> User:
        """The liaison officer of a unit."""
        found = unit_called(unit)
        return people.make_user(f"officer-{found.code}", Role.LIAISON_OFFICER, unit=found)

    def collected(self, plan: Plan) -> Plan:
        """The plan after a round in which nobody had an opinion."""
        consultation = self.ask(plan)
        line = consultation.asked.get()
        answer_without_opinion(line, by=self.officer("区财政局"), at=self.now)
        close_round(consultation, by=self.office, at=self.now)
        return self.fresh(plan)

    def proposed(self, plan: Plan) -> Plan:
        """The plan before the leading group."""
        plan = self.collected(plan)
        return submit_plan(plan, revision=plan.revision, by=self.office, at=self.now)

    def approved(self, plan: Plan) -> Plan:
        """The plan approved."""
        plan = self.proposed(plan)
        return approve_plan(
            plan,
            meeting="领导小组会议",
            approved_on=self.now.date(),
            revision=plan.revision,
            by=self.leader,
            at=self.now,
        )

    def seal(self, plan: Plan) -> Paper:
        """The paper of an approved plan, with its number and scan."""
        self.count += 1
        paper = draft_issue(plan, recipient="各单位", by=self.office, at=self.now)
        paper = hand_over_paper(paper, by=self.office, at=self.now)
        scan = ContentFile(demo_picture(self.count), name="用印扫描件.jpg")
        return record_seal(
            paper,
            number=f"创建办〔2026〕{self.count}号",
            sealed_on=self.now.date(),
            scan=scan,
            by=self.office,
            at=self.now,
        )

    def issue(self, plan: Plan) -> Plan:
        """All the way to the issued plan; what the sealed paper says, without drawing its files each time."""
        self.count += 1
        plan = self.approved(plan)
        paper = Paper(subject=plan, number=f"创建办〔2026〕{self.count}号", sealed_on=self.now.date())
        issue_plan(paper, by=self.office, at=self.now)
        return self.fresh(plan)

    def issued(self, *items: dict[str, Any], **given: Any) -> Plan:
        """An issued plan with the given items (one where none are given)."""
        plan = self.draft(**given)
        self.write(plan)
        for entry in items or ({},):
            self.item(plan, **entry)
        return self.issue(plan)

    @staticmethod
    def fresh(plan: Plan) -> Plan:
        """The plan as it is stored now."""
        return Plan.objects.select_related("version", "parent").get(pk=plan.pk)
