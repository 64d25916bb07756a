"""What the check, the public pages of policies and the calculators add to menus, rows of the table, search and the audit log."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.kernel.search import ListedItem, SearchList
from chuangju.policies.check_reading import say
from chuangju.policies.current import current_catalogue
from chuangju.policies.policy_words import AUDIENCES, words_of
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
        MenuLink(_("我能享受什么"), reverse("policies:check"), key="check"),
        MenuLink(pgettext_lazy("list", "政策目录"), reverse("policies:catalogue"), key="policies"),
    ]


def account_links(context: MenuContext) -> list[MenuLink]:
    """The checks one keeps, for whoever comes from outside."""
    if not context.roles.isdisjoint(STAFF_ROLES):
        return []
    return [MenuLink(pgettext_lazy("list", "我的测算"), reverse("policies:saved_checks"), key="saved_checks")]


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


def _policies(_user: Any) -> Iterator[ListedItem]:
    """Policies in force, by title, summary, document and whom they are for."""
    for policy in current_catalogue().in_force(timezone.localdate()):
        source = policy.source
        words = f"{say(policy.summary)} {words_of(AUDIENCES, policy.audience)} {source.document} {source.number}"
        yield ListedItem(say(policy.title), reverse("policies:policy", args=(policy.id,)), words)


def _pages(_user: Any) -> Iterator[ListedItem]:
    """The check and the calculators, found by what people call them."""
    yield ListedItem(str(_("我能享受什么")), reverse("policies:check"), str(_("补贴 资格 测算 能领多少钱")))
    yield ListedItem(str(_("减税测算")), reverse("policies:tax_calculator"), str(_("税收优惠 减免 一年省多少")))
    yield ListedItem(str(_("贷款测算")), reverse("policies:loan_calculator"), str(_("担保贷款 利息 还款计划")))
    yield ListedItem(str(_("人才积分规划")), reverse("policies:planner_list"), str(_("居住证积分 落户 居转户")))


SEARCH = (
    SearchList("policies.pages", _("测算"), _pages, audience="any"),
    SearchList("policies.policy", pgettext_lazy("list", "政策"), _policies, audience="any"),
)
