"""What vouchers hand to the packages below: menus, actions, payments to providers, the duty that ends them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications import voucher_money
from chuangju.applications.grants import register_grant
from chuangju.applications.voucher_access import READERS
from chuangju.applications.vouchers import expire_vouchers, fund_vouchers, issue_voucher
from chuangju.budget.payments import register_payment_owner
from chuangju.kernel.audit import register_actions
from chuangju.kernel.duties import Duty, register_duty
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.programme.slots import RowTool, register_row_tool
from chuangju.ui.menus import MenuContext, MenuLink, MenuSection, register_menu
from chuangju.units.models import Role

ACTIONS: dict[str, str | Promise] = {
    "applications.voucher_issued": _("发放服务券"),
    "applications.voucher_ordered": _("用券下单"),
    "applications.voucher_answered": _("答复用券订单"),
    "applications.voucher_cancelled": _("取消用券订单"),
    "applications.voucher_confirmed": _("确认服务完成"),
    "applications.voucher_mended": _("更正收款账户"),
    "applications.voucher_settled": _("审核用券兑付"),
    "applications.voucher_paid": _("用券兑付到账"),
    "applications.voucher_returned": _("用券兑付被退回"),
    "applications.voucher_expired": _("服务券到期"),
    "applications.voucher_funded": _("服务券落实资金"),
    "applications.voucher_revoked": _("收回服务券"),
}
# The task of the table on whose row the list hangs (programme/data/task_codes.toml).
TASK = "service-agencies"
_OUTSIDE = frozenset({Role.ENTREPRENEUR, Role.PARTNER_OPERATOR})


def _links(context: MenuContext) -> list[MenuLink]:
    if context.roles.isdisjoint(READERS):
        return []
    return [MenuLink(pgettext_lazy("list", "服务券"), reverse("applications:voucher_list"), key="vouchers")]


def _own_links(context: MenuContext) -> list[MenuLink]:
    if context.roles.isdisjoint(_OUTSIDE):
        return []
    return [MenuLink(_("我的服务券和订单"), reverse("applications:my_vouchers"), key="my-vouchers")]


SECTIONS = (
    MenuSection("applications.vouchers", "", 48, "staff", _links),
    MenuSection("applications.own_vouchers", "", 49, "account", _own_links),
)
TOOL = RowTool("vouchers", pgettext_lazy("list", "服务券"), "applications:voucher_list", frozenset(READERS), order=114)


def end_vouchers(period: DutyPeriod) -> int:
    """Every day: vouchers whose last day has passed, and those for which there is money now; how many."""
    return expire_vouchers(on=period.on, at=period.at) + fund_vouchers(on=period.on, at=period.at)


DUTY = Duty(
    "applications.vouchers",
    _("结束到期的服务券、落实等待的资金"),
    "day",
    end_vouchers,
    catches_up=False,
    is_repeatable=True,
)


def register_vouchers() -> None:
    """Called once, when the application starts."""
    register_actions(ACTIONS)
    for section in SECTIONS:
        register_menu(section)
    register_row_tool(TASK, TOOL)
    register_payment_owner(voucher_money.PREFIX, voucher_money.OWNER)
    register_duty(DUTY)
    register_grant("voucher", issue_voucher)
