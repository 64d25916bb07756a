"""What financing hands to the packages below: menus, actions, a message, the tool on its row."""

from __future__ import annotations

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.financing import ANSWERED
from chuangju.applications.financing_access import STAFF
from chuangju.kernel.audit import register_actions
from chuangju.kernel.models import MessageTopic
from chuangju.kernel.outbox import MessageTemplate, register_message_template
from chuangju.programme.slots import RowTool, register_row_tool
from chuangju.ui.menus import MenuContext, MenuLink, MenuSection, register_menu
from chuangju.units.models import Role

ACTIONS: dict[str, str | Promise] = {
    "applications.financing_posted": _("发布融资需求"),
    "applications.financing_answered": _("答复融资需求"),
    "applications.financing_closed": _("结束融资需求"),
}
# The task of the table on whose row the list hangs (programme/data/task_codes.toml).
TASK = "sci-tech-start-up"
MESSAGE = MessageTemplate(
    key=ANSWERED,
    subject=_("%(institution)s 答复了您的融资需求：%(answer)s"),
    body=_("请登录查看方案和联系方式。"),
    audience="public",
    topic=MessageTopic.CASES,
)


def _links(context: MenuContext) -> list[MenuLink]:
    if context.roles.isdisjoint(STAFF):
        return []
    return [MenuLink(pgettext_lazy("list", "融资需求"), reverse("applications:need_list"), key="financing")]


def _own_links(context: MenuContext) -> list[MenuLink]:
    found = []
    if Role.BANK_OFFICER in context.roles:
        label = pgettext_lazy("list", "融资需求")
        found.append(MenuLink(label, reverse("applications:need_list"), key="financing"))
    if Role.ENTREPRENEUR in context.roles:
        found.append(MenuLink(_("我的融资需求"), reverse("applications:my_needs"), key="my-financing"))
    return found


SECTIONS = (
    MenuSection("applications.financing", "", 49, "staff", _links),
    MenuSection("applications.own_financing", "", 50, "account", _own_links),
)
TOOL = RowTool("financing", pgettext_lazy("list", "融资需求"), "applications:need_list", frozenset(STAFF), order=116)


def register_financing() -> None:
    """Called once, when the application starts."""
    register_actions(ACTIONS)
    register_message_template(MESSAGE)
    for section in SECTIONS:
        register_menu(section)
    register_row_tool(TASK, TOOL)
