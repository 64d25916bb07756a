"""What the gap between entitled and enjoyed hands to the packages below: menu, action, tool on its row."""

from __future__ import annotations

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chuangju.applications.relief_uptake import READERS
from chuangju.kernel.audit import register_actions
from chuangju.programme.slots import RowTool, register_row_tool
from chuangju.ui.menus import MenuContext, MenuLink, MenuSection, register_menu

ACTIONS: dict[str, str | Promise] = {"applications.uptake_entered": _("登记享受情况")}
# The task of the table on whose row the page hangs (programme/data/task_codes.toml).
TASK = "tax-relief"


def _links(context: MenuContext) -> list[MenuLink]:
    if context.roles.isdisjoint(READERS):
        return []
    return [MenuLink(_("应享未享"), reverse("applications:uptake_list"), key="uptake")]


SECTION = MenuSection("applications.uptake", "", 50, "staff", _links)
TOOL = RowTool("uptake", _("应享未享"), "applications:uptake_list", frozenset(READERS), order=118)


def register_uptake() -> None:
    """Called once, when the application starts."""
    register_actions(ACTIONS)
    register_menu(SECTION)
    register_row_tool(TASK, TOOL)
