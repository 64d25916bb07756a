"""What the check, the public pages of policies and the calculators add to menus, rows of the table, search and the audit log."""

from __future__ import annotations

import tomllib
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.kernel.addresses import address_of
from chuangju.programme.slots import RowTool
from chuangju.ui.menus import MenuContext, MenuLink, MenuSection
from chuangju.units.access import STAFF_ROLES

_DATA = Path(__file__).parent / "data" / "check.toml"

ACTIONS: dict[str, str | Promise] = {
    "policies.check_saved": _("保存测算"),
    "policies.check_removed": _("删除测算"),
    "policies.check_shared": _("分享测算"),
    "policies.reminder_asked": _("设定政策到时提醒"),
    "policies.reminder_stopped": _("取消政策到时提醒"),
}


def public_links(_context: MenuContext) -> list[MenuLink]:
    """By need: what one is entitled to comes first of all."""
    return [
        MenuLink(pgettext_lazy("menu", "我能享受什么"), address_of("policies:check"), key="check"),
        MenuLink(pgettext_lazy("list", "政策目录"), address_of("policies:catalogue"), key="policies"),
    ]


def account_links(context: MenuContext) -> list[MenuLink]:
    """The checks one keeps, for whoever comes from outside."""
    if not context.roles.isdisjoint(STAFF_ROLES):
        return []
    return [MenuLink(pgettext_lazy("list", "我的测算"), address_of("policies:saved_checks"), key="saved_checks")]


SECTIONS = (
    MenuSection("policies.public", "", 5, "public", public_links),
    MenuSection("policies.own", "", 55, "account", account_links),
)

_TOOLS = (
    RowTool("entitlements", _("我能享受什么"), "policies:check", STAFF_ROLES, order=20),
    RowTool("public_policies", pgettext_lazy("list", "政策目录"), "policies:catalogue", STAFF_ROLES, order=21),
    RowTool("tax_calculator", _("减税测算"), "policies:tax_calculator", STAFF_ROLES, order=22),
    RowTool("loan_calculator", _("贷款测算"), "policies:loan_calculator", STAFF_ROLES, order=22),
    RowTool("points_planner", _("人才积分规划"), "policies:planner_list", STAFF_ROLES, order=22),
)


def row_tools() -> list[tuple[str, RowTool]]:
    """Each tool with the task on whose row it hangs."""
    served = tomllib.loads(_DATA.read_text("utf-8"))["tools"]
    return [(code, tool) for tool in _TOOLS for code in served[tool.key]]
