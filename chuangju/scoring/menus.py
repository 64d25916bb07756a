"""菜单 - what scoring adds to the navigation: panels for staff, what waits for an assessor in the account."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.kernel.addresses import address_of
from chuangju.scoring.access import READERS, own_assessments_visible_to
from chuangju.ui.menus import MenuContext, MenuLink, MenuSection
from chuangju.units.models import Role


def own_tallies(context: MenuContext) -> dict[str, QuerySet[Any]]:
    """Scores that wait for an assessor."""
    if Role.ASSESSOR not in context.roles:
        return {}
    return {"assessments.waiting": own_assessments_visible_to(context.user).awaited()}


def staff_links(context: MenuContext) -> list[MenuLink]:
    """Panels and sheets, for whoever runs or reads them."""
    if context.roles.isdisjoint(READERS):
        return []
    return [
        MenuLink(pgettext_lazy("list", "评审"), address_of("scoring:panel_list"), key="panels"),
        MenuLink(pgettext_lazy("list", "评分表"), address_of("scoring:sheet_list"), key="score_sheets"),
    ]


def account_links(context: MenuContext) -> list[MenuLink]:
    """What fell to an assessor."""
    if Role.ASSESSOR not in context.roles:
        return []
    waiting = context.tally("assessments.waiting")
    return [MenuLink(_("我的评审"), address_of("scoring:own_assessments"), str(waiting or ""), key="own_assessments")]


SECTIONS = (
    MenuSection("scoring", pgettext_lazy("list", "评审"), 350, "staff", staff_links, is_folded=True),
    MenuSection("scoring.own", "", 40, "account", account_links),
)
