"""What the comparison of step days hands to the packages below: menu, tool on its rows, link on the pages of policies."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chuangju.applications.access import DESK_READERS
from chuangju.applications.step_days import step_day_settings
from chuangju.policies.apply_links import register_policy_report
from chuangju.programme.slots import RowTool, register_row_tool
from chuangju.rules.policy import Policy
from chuangju.ui.menus import MenuContext, MenuLink, MenuSection, register_menu

LABEL = _("环节用时对比")


def _links(context: MenuContext) -> list[MenuLink]:
    if context.roles.isdisjoint(DESK_READERS):
        return []
    return [MenuLink(LABEL, reverse("applications:step_days"), key="step-days")]


def _report(policy: Policy) -> str:
    return f"{reverse('applications:step_days')}?policy={policy.id}"


SECTION = MenuSection("applications.step_days", "", 48, "staff", _links)
TOOL = RowTool("step_days", LABEL, "applications:step_days", frozenset(DESK_READERS), order=119)


def register_step_days() -> None:
    """Called once, when the application starts."""
    register_menu(SECTION)
    for code in step_day_settings()["tasks"]:
        register_row_tool(code, TOOL)
    register_policy_report("step_days", LABEL, _report, roles=DESK_READERS)
