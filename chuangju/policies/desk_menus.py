"""What the policy officers' desk adds to the navigation and to the rows of the table, and the words for its audit events."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.kernel.addresses import address_of
from chuangju.policies.access import keeps_every_policy, policy_unit_ids
from chuangju.policies.desk_settings import desk_settings
from chuangju.policies.draft_access import DECIDERS, READERS, drafts_visible_to
from chuangju.policies.match_access import READERS as MATCH_READERS
from chuangju.policies.models import PolicyDraft
from chuangju.programme.slots import RowTool
from chuangju.ui.menus import MenuContext, MenuLink, MenuSection
from chuangju.units.access import STAFF_ROLES, units_of
from chuangju.units.models import Role

ACTIONS: dict[str, str | Promise] = {
    "policies.draft_begun": _("起草政策版本"),
    "policies.draft_changed": _("修改政策草稿"),
    "policies.draft_submitted": _("提交政策草稿"),
    "policies.draft_taken_back": _("撤回政策草稿"),
    "policies.draft_returned": _("退回政策草稿"),
    "policies.draft_discarded": _("放弃政策草稿"),
    "policies.version_published": _("发布政策版本"),
    "policies.match_started": _("发起匹配"),
    "policies.match_restarted": _("重新匹配"),
    "policies.match_removed": _("删除匹配"),
    "policies.simulation_saved": _("保存政策测算"),
    "policies.simulation_removed": _("删除政策测算"),
}


def draft_tallies(context: MenuContext) -> dict[str, QuerySet[Any]]:
    """Drafts that wait for this reader's decision."""
    on = timezone.localdate(context.at)
    if context.roles.isdisjoint(DECIDERS):
        return {}
    waiting = drafts_visible_to(context.user, on=on).filter(state=PolicyDraft.State.SUBMITTED)
    waiting = waiting.exclude(author_id=context.user.pk)
    if not keeps_every_policy(context.user, on=on):
        units = {unit.pk for unit in units_of(context.user, Role.APPROVER, on)} | policy_unit_ids(context.user, on=on)
        waiting = waiting.filter(unit__in=units)
    return {"policies.drafts": waiting}


def desk_links(context: MenuContext) -> list[MenuLink]:
    """The texts for all staff; drafts, with what waits for the reader."""
    if context.roles.isdisjoint(STAFF_ROLES):
        return []
    links = [MenuLink(pgettext_lazy("list", "政策文本"), address_of("policies:version_list"), key="policy-versions")]
    if not context.roles.isdisjoint(READERS):
        waiting = context.tally("policies.drafts")
        address = address_of("policies:draft_list")
        links.append(MenuLink(pgettext_lazy("list", "政策草稿"), address, str(waiting or ""), key="policy-drafts"))
    if not context.roles.isdisjoint(MATCH_READERS):
        links += [
            MenuLink(pgettext_lazy("list", "政策找企业"), address_of("policies:match_list"), key="matches"),
            MenuLink(pgettext_lazy("list", "政策测算"), address_of("policies:simulation_list"), key="simulations"),
        ]
    return links


SECTIONS = (MenuSection("policies.desk", _("政策与计算"), 44, "staff", desk_links),)
_TOOLS = (
    RowTool("policy_versions", pgettext_lazy("list", "政策文本"), "policies:version_list", STAFF_ROLES, order=102),
    RowTool("matches", pgettext_lazy("list", "政策找企业"), "policies:match_list", frozenset(MATCH_READERS), order=104),
    RowTool(
        "simulations",
        pgettext_lazy("list", "政策测算"),
        "policies:simulation_list",
        frozenset(MATCH_READERS),
        order=106,
    ),
)


def row_tools() -> list[tuple[str, RowTool]]:
    """Each tool with the task on whose row it hangs."""
    served = desk_settings()["tools"]
    return [(code, tool) for tool in _TOOLS for code in served[tool.key]]
