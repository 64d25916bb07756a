"""菜单 - what this package puts into the navigation, by role."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chuangju.ui.menus import MenuContext, MenuLink, MenuSection
from chuangju.units.access import STAFF_ROLES
from chuangju.units.models import Role


def staff_links(context: MenuContext) -> list[MenuLink]:
    """Units for everybody on the staff side; accounts and the audit log for those who keep or read them."""
    links = []
    if not context.roles.isdisjoint(STAFF_ROLES):
        links.append(MenuLink(_("成员单位"), reverse("units:unit_list"), key="units"))
    if not context.roles.isdisjoint({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR}):
        links.append(MenuLink(_("账号与角色"), reverse("units:account_list"), key="accounts"))
    if Role.AUDITOR in context.roles:
        links.append(MenuLink(_("审计记录"), reverse("units:audit_list"), key="audit"))
    return links


def account_links(context: MenuContext) -> list[MenuLink]:
    """One's own account, and the way out."""
    del context
    return [
        MenuLink(_("我的账号"), reverse("units:my_account"), key="my_account"),
        MenuLink(_("退出登录"), reverse("units:sign_out"), key="sign_out", is_post=True),
    ]


def demo_links(context: MenuContext) -> list[MenuLink]:
    """The switcher of demo mode; the shell shows it in no other mode."""
    del context
    return [MenuLink(_("切换演示账号"), reverse("units:demo_accounts"), key="demo_accounts")]


MENUS: tuple[MenuSection, ...] = (
    MenuSection("units", _("单位与人员"), 800, "staff", staff_links),
    MenuSection("account", _("账号"), 100, "account", account_links),
    MenuSection("demo", _("演示"), 100, "demo", demo_links),
)
