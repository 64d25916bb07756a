"""菜单 - what this package adds to the navigation, and the words for what its audit events say."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.addresses import address_of
from chuangju.kernel.models import MessageTopic
from chuangju.kernel.outbox import MessageTemplate
from chuangju.ui.menus import MenuContext, MenuLink, MenuSection
from chuangju.units.access import STAFF_ROLES
from chuangju.ventures.access import (
    READERS,
    can_import_parties,
    can_import_registers,
    can_verify_claims,
    claims_visible_to,
)
from chuangju.ventures.models import Claim

ACTIONS: dict[str, str | Promise] = {
    "ventures.party_added": _("登记主体"),
    "ventures.party_changed": _("更正主体"),
    "ventures.party_checked": _("核实主体"),
    "ventures.party_merged": _("合并主体"),
    "ventures.party_parted": _("撤销合并"),
    "ventures.relation_added": _("登记主体关系"),
    "ventures.relation_changed": _("更正主体关系"),
    "ventures.relation_ended": _("结束主体关系"),
    "ventures.relation_removed": _("删除主体关系"),
    "ventures.claim_made": _("申请代表企业"),
    "ventures.claim_papers_asked": _("通知补正材料"),
    "ventures.claim_papers_added": _("补充证明材料"),
    "ventures.claim_confirmed": _("确认代表关系"),
    "ventures.claim_refused": _("未通过代表申请"),
    "ventures.claim_withdrawn": _("撤回代表申请"),
    "ventures.claim_ended": _("解除代表关系"),
    "ventures.claim_lapsed": _("代表关系到期"),
    "ventures.import_started": _("上传名册"),
    "ventures.import_confirmed": _("确认导入名册"),
    "ventures.import_discarded": _("放弃导入名册"),
    "ventures.import_written": _("写入名册"),
    "ventures.register_started": _("上传企业名录"),
    "ventures.register_mapped": _("指定企业名录的列"),
    "ventures.register_confirmed": _("启用企业名录"),
    "ventures.register_discarded": _("放弃企业名录"),
    "ventures.fact_recorded": _("登记数据项"),
    "ventures.fact_disputed": _("对数据项提出异议"),
    "ventures.fact_settled": _("核实数据项的异议"),
    "ventures.list_joined": _("列入名单"),
    "ventures.list_left": _("退出名单"),
}

# Told to whoever made the claim. They act for a firm, so the content may go out; no number stands in it.
MESSAGES = (
    MessageTemplate(
        key="ventures.claim_confirmed",
        subject=_("您现在可以代表“%(name)s”办事"),
        body=_("您代表“%(name)s”的申请已经核实确认，可以代表该企业办理事项。"),
        audience="public",
        topic=MessageTopic.CASES,
    ),
    MessageTemplate(
        key="ventures.claim_papers_asked",
        subject=_("您代表“%(name)s”的申请需要补充材料"),
        body=_("还缺：%(missing)s。补充后继续核实，补充前不计入办理时限。"),
        audience="public",
        topic=MessageTopic.CASES,
    ),
    MessageTemplate(
        key="ventures.claim_refused",
        subject=_("您代表“%(name)s”的申请未通过"),
        body=_("原因：%(reason)s。可以补充材料后重新申请，或到窗口办理。"),
        audience="public",
        topic=MessageTopic.CASES,
    ),
    MessageTemplate(
        key="ventures.claim_ended",
        subject=_("您与“%(name)s”的代表关系已解除"),
        body=_("原因：%(reason)s。如有疑问，请与受理窗口联系。"),
        audience="public",
        topic=MessageTopic.CASES,
    ),
    MessageTemplate(
        key="ventures.claim_lapsed",
        subject=_("您与“%(name)s”的代表关系已到期"),
        body=_("授权期限已满，或预约的窗口核实逾期未办。需要继续代表该企业的，请重新申请。"),
        audience="public",
        topic=MessageTopic.CASES,
    ),
)


def claim_tallies(context: MenuContext) -> dict[str, QuerySet[Any]]:
    """Claims that wait for a clerk."""
    on = timezone.localdate(context.at)
    if not can_verify_claims(context.user, on):
        return {}
    return {"claims.pending": claims_visible_to(context.user, on).filter(state=Claim.State.PENDING)}


def staff_links(context: MenuContext) -> list[MenuLink]:
    """The register for its readers; claims that wait, for clerks; import for whoever keeps the whole district's."""
    if context.roles.isdisjoint(READERS):
        return []
    on = timezone.localdate(context.at)
    links = [MenuLink(_("主体名册"), address_of("ventures:party_list"), key="parties")]
    if can_verify_claims(context.user, on):
        waiting = context.tally("claims.pending")
        links.append(MenuLink(_("代表关系核实"), address_of("ventures:claim_list"), str(waiting or ""), key="claims"))
    if can_import_parties(context.user, on):
        links.append(MenuLink(_("导入名册"), address_of("ventures:import_start"), key="party_import"))
    if can_import_registers(context.user, on):
        links.append(MenuLink(_("企业名录"), address_of("ventures:register_list"), key="registers"))
    return links


def account_links(context: MenuContext) -> list[MenuLink]:
    """The firms one acts for, for whoever comes from outside."""
    if not context.roles.isdisjoint(STAFF_ROLES):
        return []
    return [MenuLink(_("我代表的企业"), address_of("ventures:own_ventures"), key="own_ventures")]


SECTIONS = (
    MenuSection("ventures", _("主体"), 300, "staff", staff_links),
    MenuSection("ventures.own", "", 50, "account", account_links),
)
