"""What decisions and what follows them add to the navigation and to the rows of the table, and the words for audit events."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.access import DESK_READERS, desk_units, is_desk_reader
from chuangju.applications.decision_settings import decision_settings
from chuangju.applications.models import Decision, Objection, Obligation
from chuangju.kernel.addresses import address_of
from chuangju.programme.slots import RowTool
from chuangju.ui.menus import MenuContext, MenuLink, MenuSection
from chuangju.units.access import has_role
from chuangju.units.models import Role

FOUNDERS = (Role.ENTREPRENEUR, Role.STUDENT, Role.PARTNER_OPERATOR)

ACTIONS: dict[str, str | Promise] = {
    "applications.decision_proposed": _("拟定决定"),
    "applications.decision_approved": _("审定决定"),
    "applications.decision_returned": _("退回决定"),
    "applications.decision_published": _("公布决定"),
    "applications.decision_replaced": _("变更原决定"),
    "applications.entitled": _("核定权益"),
    "applications.obliged": _("设定后续义务"),
    "applications.notice_begun": _("开始公示"),
    "applications.notice_over": _("公示结束"),
    "applications.objection_made": _("提出公示异议"),
    "applications.objection_answered": _("答复公示异议"),
    "applications.instalment_changed": _("变更拨付期次"),
    "applications.standing_given": _("授予资格"),
    "applications.standing_suspended": _("暂停资格"),
    "applications.standing_resumed": _("恢复资格"),
    "applications.standing_revoked": _("撤销资格"),
    "applications.standing_ended": _("终止资格"),
    "applications.obligation_reported": _("报送后续义务"),
    "applications.obligation_settled": _("核实后续义务"),
    "applications.obligation_returned": _("退回补交的材料"),
    "applications.paper_extended": _("延长补交期限"),
    "applications.paper_overdue": _("容缺材料逾期"),
    "applications.check_overdue": _("承诺逾期未核查"),
    "applications.child_opened": _("由原办件立案"),
    "applications.hearing_held": _("听取陈述意见"),
    "applications.repaid": _("登记退回资金"),
    "applications.sample_drawn": _("抽取抽查名单"),
    "applications.sample_settled": _("抽查结论"),
}


def decision_tallies(context: MenuContext) -> dict[str, QuerySet[Any]]:
    """For the desk: proposals that wait for approval, objections, reports and overdue papers that wait for an answer."""
    on = timezone.localdate(context.at)
    units = desk_units(context.user, on)
    if not units:
        return {}
    proposed = Decision.objects.filter(state=Decision.State.PROPOSED, application__unit__in=units)
    reported = Obligation.objects.filter(
        Q(state=Obligation.State.REPORTED) | Q(state=Obligation.State.OPEN, overdue_at__isnull=False),
        Q(application__unit__in=units) | Q(application__town__in=units),
    )
    objections = Objection.objects.filter(state=Objection.State.RECEIVED, decision__application__unit__in=units)
    return {
        "applications.proposed": proposed,
        "applications.reported": reported,
        "applications.objections": objections,
    }


def decision_links(context: MenuContext) -> list[MenuLink]:
    """Decisions and what follows them, for whoever works at the desk."""
    if not is_desk_reader(context.user, timezone.localdate(context.at)):
        return []

    def link(label: str | Promise, name: str, tally: str, key: str) -> MenuLink:
        count = context.tally(tally) if tally else 0
        return MenuLink(label, reverse(f"applications:{name}"), str(count or ""), key=key)

    return [
        link(pgettext_lazy("list", "决定"), "decision_list", "applications.proposed", "decisions"),
        link(pgettext_lazy("list", "公示异议"), "objection_list", "applications.objections", "objections"),
        link(pgettext_lazy("list", "拨付期次"), "instalment_list", "", "instalments"),
        link(pgettext_lazy("list", "后续义务"), "obligation_list", "applications.reported", "obligations"),
        link(pgettext_lazy("list", "资格名册"), "standing_list", "", "standings"),
    ]


def public_links(_context: MenuContext) -> list[MenuLink]:
    """What everybody reads."""
    return [
        MenuLink(pgettext_lazy("list", "公示"), address_of("applications:notice_list"), key="notices"),
        MenuLink(pgettext_lazy("list", "资格名册"), address_of("applications:public_register"), key="public-register"),
    ]


def own_links(context: MenuContext) -> list[MenuLink]:
    """What a founder holds and still owes."""
    if not has_role(context.user, *FOUNDERS, on=timezone.localdate(context.at)):
        return []
    return [
        MenuLink(_("我的资格"), address_of("applications:my_standings"), key="my-standings"),
        MenuLink(pgettext_lazy("list", "后续义务"), address_of("applications:my_obligations"), key="my-obligations"),
    ]


_TOOLS = (
    RowTool(
        "decisions", pgettext_lazy("list", "决定"), "applications:decision_list", frozenset(DESK_READERS), order=120
    ),
    RowTool(
        "instalments",
        pgettext_lazy("list", "拨付期次"),
        "applications:instalment_list",
        frozenset(DESK_READERS),
        order=122,
    ),
    RowTool(
        "standings", pgettext_lazy("list", "资格名册"), "applications:standing_list", frozenset(DESK_READERS), order=124
    ),
)


def row_tools() -> list[tuple[str, RowTool]]:
    """Each tool with the task on whose row it hangs."""
    served = decision_settings()["tools"]
    return [(code, tool) for tool in _TOOLS for code in served[tool.key]]


SECTIONS: tuple[MenuSection, ...] = (
    MenuSection("applications.decisions", _("决定与后续"), 43, "staff", decision_links, is_folded=True),
    MenuSection("applications.public", "", 55, "public", public_links),
    MenuSection("applications.own", "", 21, "account", own_links),
)
