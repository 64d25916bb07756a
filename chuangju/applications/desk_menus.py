"""What the clerks' side adds to the navigation and to the rows of the table, and the words for its audit events."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.access import DESK_READERS
from chuangju.applications.desk_settings import desk_settings
from chuangju.applications.workbench import Tab, desk_of, tab_steps
from chuangju.kernel.addresses import address_of
from chuangju.programme.slots import RowTool
from chuangju.ui.menus import MenuContext, MenuLink, MenuSection
from chuangju.units.models import Role

ACTIONS: dict[str, str | Promise] = {
    "applications.accepted": _("受理办件"),
    "applications.acceptance_refused": _("不予受理"),
    "applications.document_let_off": _("容缺或承诺受理"),
    "applications.document_checked": _("核对材料"),
    "applications.step_opened": _("开始环节"),
    "applications.step_completed": _("办结环节"),
    "applications.step_skipped": _("略过环节"),
    "applications.step_returned": _("退回环节"),
    "applications.passed_on": _("移交承接单位"),
    "applications.step_assigned": _("分派环节"),
    "applications.step_taken_over": _("接办环节"),
    "applications.flag_raised": _("标记办件"),
    "applications.flag_lowered": _("解除标记"),
    "applications.correction_asked": _("一次性告知补正"),
    "applications.correction_answered": _("提交补正"),
    "applications.correction_cancelled": _("取消补正"),
    "applications.correction_expired": _("逾期未补正"),
    "applications.consulted": _("发起会签"),
    "applications.consultation_withdrawn": _("撤回会签"),
    "applications.visit_planned": _("约定现场核查"),
    "applications.referred": _("转外部办理"),
    "applications.suspended": _("暂停办件"),
    "applications.resumed": _("恢复办件"),
}


def desk_tallies(context: MenuContext) -> dict[str, QuerySet[Any]]:
    """What waits for this reader at their desk."""
    on = timezone.localdate(context.at)
    if context.roles.isdisjoint({Role.CLERK, Role.APPROVER, Role.LIAISON_OFFICER}):
        return {}
    return {"applications.todo": tab_steps(Tab.MINE, desk_of(context.user, on), sealed=frozenset())}


def desk_links(context: MenuContext) -> list[MenuLink]:
    """The workbench with what waits, the counter for clerks, and what was referred to a bank."""
    if Role.BANK_OFFICER in context.roles:
        address = address_of("applications:referred_list")
        return [MenuLink(pgettext_lazy("list", "转来的办件"), address, key="referred")]
    if context.roles.isdisjoint(DESK_READERS):
        return []
    waiting = context.tally("applications.todo")
    address = address_of("applications:workbench")
    links = [MenuLink(_("办件工作台"), address, str(waiting or ""), key="cases")]
    if Role.CLERK in context.roles:
        links.append(MenuLink(_("窗口代办"), address_of("applications:counter"), key="counter"))
    return links


SECTIONS = (MenuSection("applications.desk", _("办件"), 42, "staff", desk_links),)
_TOOLS = (
    RowTool("cases", _("办件工作台"), "applications:workbench", frozenset(DESK_READERS), order=90),
    RowTool("counter", _("窗口代办"), "applications:counter", frozenset({Role.CLERK}), order=92),
)


def row_tools() -> list[tuple[str, RowTool]]:
    """Each tool with the task on whose row it hangs."""
    served = desk_settings()["tools"]
    return [(code, tool) for tool in _TOOLS for code in served[tool.key]]
