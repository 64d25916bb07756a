"""菜单 - what this package puts into the navigation, by role."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.kernel.addresses import address_of
from chuangju.kernel.models import User
from chuangju.kernel.outbox import messages_visible_to
from chuangju.ui.menus import MenuContext, MenuLink, MenuSection
from chuangju.units.access import STAFF_ROLES, stood_in_for
from chuangju.units.access_reviews import recent_reviews
from chuangju.units.appointment_register import units_lacking_somebody
from chuangju.units.job_access import DUTY_READERS, KEEPERS
from chuangju.units.models import Role
from chuangju.units.proposals import decidable_proposals


def tallies(context: MenuContext) -> dict[str, QuerySet[Any]]:
    """What this reader has not read, and what waits for office and administrators."""
    on = timezone.localdate(context.at)
    counted: dict[str, QuerySet[Any]] = {}
    if isinstance(context.user, User):
        counted["messages.unread"] = messages_visible_to(context.user).filter(read_at__isnull=True)
    if not context.roles.isdisjoint({Role.PROGRAMME_OFFICE, Role.LEADER}):
        counted["seats.missing"] = units_lacking_somebody(on)
    if Role.SECURITY_ADMINISTRATOR in context.roles:
        counted["proposals"] = decidable_proposals()
    if not context.roles.isdisjoint({Role.SECURITY_ADMINISTRATOR, Role.AUDITOR}):
        counted["reviews.recent"] = recent_reviews(on)
    return counted


def staff_links(context: MenuContext) -> list[MenuLink]:
    """Units and what every unit has to do with: seats, stand-ins, working days, papers."""
    links = []
    if not context.roles.isdisjoint(STAFF_ROLES):
        links.append(MenuLink(_("成员单位"), address_of("units:unit_list"), key="units"))
        links.append(_seats_link(context))
        links.append(MenuLink(_("请假代岗"), address_of("units:delegation_list"), key="delegations"))
        links.append(MenuLink(_("工作日历"), address_of("units:calendar"), key="calendar"))
        links.append(MenuLink(pgettext_lazy("list", "文书"), address_of("units:paper_list"), key="papers"))
    if not context.roles.isdisjoint({Role.PROGRAMME_OFFICE, Role.LEADER, Role.LIAISON_OFFICER}):
        links.append(MenuLink(_("差评整改"), address_of("units:follow_up_list"), key="follow_ups"))
    return links


def _seats_link(context: MenuContext) -> MenuLink:
    """Who answers for which unit; office and leaders see how many units lack somebody."""
    label, url = _("联络员与分管领导"), address_of("units:seat_list")
    if context.roles.isdisjoint({Role.PROGRAMME_OFFICE, Role.LEADER}):
        return MenuLink(label, url, key="seats")
    missing = context.tally("seats.missing")
    return MenuLink(label, url, str(missing or ""), "late" if missing else "", "seats")


def administrators_links(context: MenuContext) -> list[MenuLink]:
    """Accounts, invitations, roles waiting for a decision, the review of all accounts when it is due, the audit log."""
    links = []
    if not context.roles.isdisjoint({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR}):
        links.append(MenuLink(_("账号与角色"), address_of("units:account_list"), key="accounts"))
    if Role.SYSTEM_ADMINISTRATOR in context.roles:
        links.append(MenuLink(_("邀请人员"), address_of("units:invitation_list"), key="invitations"))
    if Role.SECURITY_ADMINISTRATOR in context.roles:
        waiting = context.tally("proposals")
        links.append(MenuLink(_("角色建议"), address_of("units:proposal_list"), str(waiting or ""), key="proposals"))
    if not context.roles.isdisjoint({Role.SECURITY_ADMINISTRATOR, Role.AUDITOR}):
        is_due = not context.tally("reviews.recent")
        address = address_of("units:access_review")
        links.append(MenuLink(_("权限复核"), address, "1" if is_due else "", "late" if is_due else "", "access_review"))
    if Role.AUDITOR in context.roles:
        links.append(MenuLink(_("审计记录"), address_of("units:audit_list"), key="audit"))
    return links


def acting_notices(context: MenuContext) -> list[str]:
    """In whose place the reader acts; costs no query, for the roles are known."""
    names = stood_in_for(context.user, timezone.localdate(context.at))
    return [str(_("您正在代%(name)s履职") % {"name": name}) for name in names]


def work_links(context: MenuContext) -> list[MenuLink]:
    """What runs in the background and by itself, for those who keep the programme running and for the auditor."""
    links = []
    if not context.roles.isdisjoint(KEEPERS):
        links.append(MenuLink(pgettext_lazy("list", "后台任务"), address_of("units:job_list"), key="jobs"))
    if not context.roles.isdisjoint(DUTY_READERS):
        links.append(MenuLink(pgettext_lazy("list", "例行事务"), address_of("units:duty_list"), key="duties"))
    if Role.SYSTEM_ADMINISTRATOR in context.roles:
        links.append(MenuLink(pgettext_lazy("list", "消息投递"), address_of("units:delivery_list"), key="deliveries"))
    return links


def account_links(context: MenuContext) -> list[MenuLink]:
    """What one has not read yet, one's own account, and the way out."""
    unread = context.tally("messages.unread")
    return [
        MenuLink(pgettext_lazy("list", "消息"), address_of("units:message_list"), str(unread or ""), key="messages"),
        MenuLink(_("我的账号"), address_of("units:my_account"), key="my_account"),
        MenuLink(_("退出登录"), address_of("units:sign_out"), key="sign_out", is_post=True),
    ]


def demo_links(context: MenuContext) -> list[MenuLink]:
    """The switcher of demo mode and everything that was sent; the shell shows them in no other mode."""
    del context
    return [
        MenuLink(_("切换演示账号"), address_of("units:demo_accounts"), key="demo_accounts"),
        MenuLink(_("演示消息"), address_of("units:demo_outbox"), key="demo_outbox"),
    ]


MENUS: tuple[MenuSection, ...] = (
    MenuSection("units", _("单位与人员"), 800, "staff", staff_links, is_folded=True),
    MenuSection("administrators", _("账号与权限"), 825, "staff", administrators_links),
    MenuSection("work", _("系统运行"), 850, "staff", work_links),
    MenuSection("account", _("账号"), 100, "account", account_links),
    MenuSection("demo", _("演示"), 100, "demo", demo_links),
)
