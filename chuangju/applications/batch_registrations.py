"""What rounds and selection lists hand to the packages below: menus, actions, messages, papers, subjects of panels, duties."""

from __future__ import annotations

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications import batch_checks, batch_letters, batch_messages, demo_selection, panel_cases, window_notes
from chuangju.applications.window_access import READERS
from chuangju.applications.window_changes import close_due_windows
from chuangju.kernel.audit import register_actions
from chuangju.kernel.demo import register_demo
from chuangju.kernel.duties import Duty, register_duty
from chuangju.kernel.integrity import register_check
from chuangju.kernel.outbox import register_message_template
from chuangju.kernel.outgoing_papers import register_paper_template
from chuangju.policies.apply_links import register_apply_notes
from chuangju.programme.slots import RowTool, register_row_tool
from chuangju.scoring.subjects import PanelSubject, register_panel_subject
from chuangju.ui.menus import MenuContext, MenuLink, MenuSection, register_menu

ACTIONS: dict[str, str | Promise] = {
    "applications.window_prepared": _("设立申报批次"),
    "applications.window_changed": _("修改申报批次"),
    "applications.window_opened": _("公布申报批次"),
    "applications.window_closed": _("截止受理"),
    "applications.panel_opened": _("组织专家评审"),
    "applications.batch_drawn": _("拟定评选名单"),
    "applications.batch_refreshed": _("更新评选名单"),
    "applications.batch_cut": _("移动入围线"),
    "applications.batch_moved": _("调整名次"),
    "applications.batch_frozen": _("锁定名单"),
    "applications.batch_proposed": _("名单报审定"),
    "applications.batch_approved": _("审定名单"),
    "applications.batch_returned": _("退回名单"),
    "applications.batch_shown": _("公示名单"),
    "applications.batch_published": _("公布名单"),
    "applications.batch_followed": _("生成递补名单"),
    "applications.winner_left": _("入围者退出"),
}
# The task of the table on whose row the rounds hang (programme/data/task_codes.toml).
TASK = "sci-tech-start-up"


def _links(context: MenuContext) -> list[MenuLink]:
    if context.roles.isdisjoint(READERS):
        return []
    return [
        MenuLink(pgettext_lazy("list", "申报批次"), reverse("applications:window_list"), key="windows"),
        MenuLink(pgettext_lazy("list", "评选名单"), reverse("applications:batch_list"), key="selections"),
    ]


SECTION = MenuSection("applications.windows", "", 47, "staff", _links)
TOOL = RowTool("windows", pgettext_lazy("list", "申报批次"), "applications:window_list", frozenset(READERS), order=118)
DUTY = Duty(
    "applications.windows", _("截止到期的申报批次"), "day", close_due_windows, catches_up=False, is_repeatable=True
)


def register_batches() -> None:
    """Called once, when the application starts."""
    register_actions(ACTIONS)
    register_menu(SECTION)
    register_row_tool(TASK, TOOL)
    for template in batch_messages.TEMPLATES:
        register_message_template(template)
    register_paper_template(batch_letters.TEMPLATE)
    register_panel_subject(
        panel_cases.PREFIX,
        PanelSubject(
            label=_("办件"),
            address=panel_cases.address_of_case,
            papers=panel_cases.papers_of_case,
            people_of_many=panel_cases.people_of_cases,
            follow=panel_cases.take_results,
        ),
    )
    register_apply_notes(window_notes.open_rounds)
    register_check("applications.selections", batch_checks.find_batch_faults)
    register_duty(DUTY)
    register_demo("applications.selections", demo_selection.load_demo_selection, order=78)
