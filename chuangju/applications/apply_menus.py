"""What applying adds to the navigation, and the words for its audit events."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.applicant_access import waiting_for
from chuangju.applications.life_events import life_events
from chuangju.kernel.addresses import address_of
from chuangju.kernel.models import User
from chuangju.policies.check_reading import say
from chuangju.ui.menus import MenuContext, MenuLink, MenuSection
from chuangju.units.access import has_role
from chuangju.units.models import Role

ACTIONS: dict[str, str | Promise] = {
    "applications.window_begun": _("开始常年受理"),
    "applications.begun": _("开始填写申请"),
    "applications.answered": _("填写申请"),
    "applications.fact_disputed": _("对数据提出异议"),
    "applications.account_given": _("填写收款账户"),
    "applications.document_given": _("提供材料"),
    "applications.document_reused": _("沿用以前的材料"),
    "applications.original_seen": _("核验原件"),
    "applications.submitted": _("提交申请"),
    "applications.withdrawn": _("撤回申请"),
    "applications.lapsed": _("办件失效"),
    "applications.frozen": _("留存数据快照"),
    "applications.rebased": _("改按新版政策"),
    "applications.kept": _("仍按原版政策"),
    "applications.role_asked": _("邀请参与办件"),
    "applications.role_answered": _("答复办件邀请"),
    "applications.role_ended": _("解除办件角色"),
    "applications.offers_begun": _("开始推送"),
    "applications.offers_made": _("推送完毕"),
    "applications.offered": _("推送免申即享"),
    "applications.offer_accepted": _("确认领取"),
    "applications.offer_declined": _("放弃领取"),
    "applications.bundle_begun": _("开始一件事"),
    "applications.bundle_noted": _("记录一件事的进展"),
}


def my_tallies(context: MenuContext) -> dict[str, QuerySet[Any]]:
    """For whoever applies: what waits for them."""
    if not isinstance(context.user, User):
        return {}
    return {"applications.waiting": waiting_for(context.user, timezone.localdate(context.at))}


def my_links(context: MenuContext) -> list[MenuLink]:
    """One's own cases, and how to open a business; for strangers only the latter."""
    links = [
        MenuLink(say(event.title), reverse("applications:life_event", args=(event.key,)), key=f"life-{event.key}")
        for event in life_events().values()
    ]
    if isinstance(context.user, User):
        waiting = context.tally("applications.waiting")
        label = pgettext_lazy("list", "我的办件")
        links.append(MenuLink(label, address_of("applications:my_cases"), str(waiting or ""), key="my-cases"))
    return links


def offer_links(context: MenuContext) -> list[MenuLink]:
    """Offering what a match run found, for whoever keeps policies."""
    if not has_role(context.user, Role.POLICY_OFFICER, Role.PROGRAMME_OFFICE, on=timezone.localdate(context.at)):
        return []
    return [MenuLink(_("推送免申即享"), address_of("applications:offer_runs"), key="offer-runs")]


SECTIONS: tuple[MenuSection, ...] = (
    MenuSection("applications.my", "", 20, "public", my_links),
    MenuSection("applications.offers", _("免申即享"), 47, "staff", offer_links, is_folded=True),
)
