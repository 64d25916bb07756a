"""What guaranteed loans add to the navigation and the rows of the table, and the words for their audit events."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.loan_access import READERS
from chuangju.applications.loan_settings import loan_settings
from chuangju.kernel.addresses import address_of
from chuangju.programme.slots import RowTool
from chuangju.ui.menus import MenuContext, MenuLink, MenuSection
from chuangju.units.models import Role

ACTIONS: dict[str, str | Promise] = {
    "applications.loan_signed": _("登记借款合同"),
    "applications.loan_moved": _("贷款变动"),
    "applications.loan_file_read": _("导入银行流水"),
    "applications.interest_changed": _("计算贴息期次"),
    "applications.interest_mended": _("更正收款账户"),
    "applications.interest_settled": _("核定贴息"),
    "applications.interest_stopped": _("停止贴息"),
    "applications.interest_paid": _("贴息到账"),
    "applications.interest_returned": _("贴息被退回"),
}


def _links(context: MenuContext) -> list[MenuLink]:
    """For the desk's readers."""
    if context.roles.isdisjoint(set(READERS) - {Role.BANK_OFFICER}):
        return []
    return [MenuLink(pgettext_lazy("list", "担保贷款"), address_of("applications:loan_list"), key="loans")]


def _bank_links(context: MenuContext) -> list[MenuLink]:
    """For a bank, which has no desk here."""
    if Role.BANK_OFFICER not in context.roles:
        return []
    return [MenuLink(pgettext_lazy("list", "担保贷款"), address_of("applications:loan_list"), key="loans")]


SECTIONS = (
    MenuSection("applications.loans", "", 47, "staff", _links),
    MenuSection("applications.bank_loans", "", 48, "account", _bank_links),
)
_TOOL = RowTool(
    "loans",
    pgettext_lazy("list", "担保贷款"),
    "applications:loan_list",
    frozenset(set(READERS) - {Role.BANK_OFFICER}),
    order=112,
)


def row_tools() -> list[tuple[str, RowTool]]:
    """The tool with each task on whose row it hangs."""
    return [(code, _TOOL) for code in loan_settings()["tasks"]]
