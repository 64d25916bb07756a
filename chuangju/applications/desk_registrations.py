"""What the clerks' side hands to the packages below: duties, messages, menus, lists of visits, who reads files and papers."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.applications import desk_menus, desk_messages, referrals, unit_successions, visits
from chuangju.applications.access import can_act_in_step, can_read_application
from chuangju.applications.desk_duties import DUTIES
from chuangju.applications.models import Step
from chuangju.applications.step_assignments import open_steps_of
from chuangju.applications.step_kinds import register_step_behaviour
from chuangju.kernel.attachments import register_attachment_owner
from chuangju.kernel.audit import register_actions
from chuangju.kernel.checklists import (
    ChecklistRules,
    ChecklistTemplate,
    register_checklist_owner,
    register_checklist_template,
)
from chuangju.kernel.duties import register_duty
from chuangju.kernel.outbox import register_message_template
from chuangju.programme.slots import register_row_tool
from chuangju.ui.menus import register_menu
from chuangju.ui.tallies import register_tallies
from chuangju.units.closings import UnitWork, register_unit_work
from chuangju.units.open_work import OpenWork, register_open_work


def register_desk() -> None:
    """Called once, when the application starts."""
    register_actions(desk_menus.ACTIONS)
    for template in desk_messages.TEMPLATES:
        register_message_template(template)
    for section in desk_menus.SECTIONS:
        register_menu(section)
    register_tallies("applications.desk", desk_menus.desk_tallies)
    for code, tool in desk_menus.row_tools():
        register_row_tool(code, tool)
    for duty in DUTIES:
        register_duty(duty)
    register_step_behaviour(Step.Kind.REFERRAL, on_open=referrals.mark_outside, on_done=referrals.mark_inside)
    register_attachment_owner(Step, _reads_step)
    register_checklist_owner(Step, ChecklistRules(_reads_step, _ticks, _address))
    items = visits.visit_items()
    register_checklist_template(ChecklistTemplate(visits.LIST_KEY, _("现场核查清单"), Step, items))
    register_unit_work(
        UnitWork("applications.cases", _("未办结的办件"), lambda unit: unit_successions.open_cases_of(unit).count())
    )
    register_open_work(
        OpenWork(
            "applications.steps",
            _("承办的办件环节"),
            lambda user, _on: open_steps_of(user).count(),
            lambda: reverse("applications:workbench"),
        )
    )


def _reads_step(user: Any, step: Step) -> bool:
    return can_read_application(user, step.application, timezone.localdate())


def _ticks(user: Any, step: Step) -> bool:
    return can_act_in_step(user, step, timezone.localdate())


def _address(step: Step) -> str:
    return f"/cases/{step.application_id}/"
