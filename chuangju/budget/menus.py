"""What money adds to the navigation and to the rows of the table, and the words for its audit events."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.budget.access import PAYERS, READERS, batches_visible_to, payments_visible_to, reallocations_visible_to
from chuangju.budget.budget_settings import budget_settings
from chuangju.budget.models import Payment, PaymentBatch, Reallocation
from chuangju.kernel.addresses import address_of
from chuangju.programme.slots import RowTool
from chuangju.ui.menus import MenuContext, MenuLink, MenuSection
from chuangju.units.access import STAFF_ROLES
from chuangju.units.models import Role

ACTIONS: dict[str, str | Promise] = {
    "budget.line_entered": _("登记资金条目"),
    "budget.line_changed": _("修改资金条目"),
    "budget.line_opened": _("启用资金条目"),
    "budget.line_closed": _("资金条目年终结账"),
    "budget.plan": _("下达预算"),
    "budget.move": _("预算调剂"),
    "budget.reserve": _("预留资金"),
    "budget.commit": _("核定待拨资金"),
    "budget.release": _("释放资金"),
    "budget.pay": _("支付资金"),
    "budget.return": _("退票退回资金"),
    "budget.recover": _("追回资金"),
    "budget.carry": _("结转资金"),
    "budget.surrender": _("结余上缴"),
    "budget.reverse": _("冲正分录"),
    "budget.reallocation_proposed": _("提出预算调剂"),
    "budget.reallocation_approved": _("批准预算调剂"),
    "budget.reallocation_refused": _("不批准预算调剂"),
    "budget.reallocation_withdrawn": _("撤回预算调剂"),
    "budget.request_written": _("编制预算申请"),
    "budget.request_changed": _("修改预算申请"),
    "budget.request_submitted": _("上报预算申请"),
    "budget.target_added": _("添加绩效指标"),
    "budget.target_dropped": _("删除绩效指标"),
    "budget.payment_requested": _("申请拨付"),
    "budget.payment_mended": _("更正收款账户"),
    "budget.payment_stopped": _("停止拨付"),
    "budget.payment_paid": _("款项到账"),
    "budget.payment_failed": _("款项支付失败"),
    "budget.payment_returned": _("款项退票"),
    "budget.payment_recovered": _("追回款项"),
    "budget.batch_formed": _("组成拨付批次"),
    "budget.batch_changed": _("修改拨付批次"),
    "budget.batch_dissolved": _("撤销拨付批次"),
    "budget.batch_checked": _("联审拨付批次"),
    "budget.batch_approved": _("审批拨付批次"),
    "budget.batch_returned": _("退回拨付批次"),
    "budget.batch_sent": _("报送拨付批次"),
    "budget.batch_settled": _("结清拨付批次"),
    "budget.batch_exported": _("导出拨付明细表"),
    "budget.answers_taken": _("导入国库回执"),
}


def money_tallies(context: MenuContext) -> dict[str, QuerySet[Any]]:
    """Payments that wait for a batch, batches and reallocations that wait for this reader's approval."""
    on = timezone.localdate(context.at)
    found: dict[str, QuerySet[Any]] = {}
    if Role.FINANCE in context.roles:
        waiting = payments_visible_to(context.user, on).filter(state=Payment.State.REQUESTED, batch__isnull=True)
        found["budget.payments"] = waiting
    if Role.APPROVER in context.roles:
        mine = context.user.pk
        checked = batches_visible_to(context.user, on).filter(state=PaymentBatch.State.CHECKED)
        found["budget.batches"] = checked.exclude(checked_by=mine).exclude(created_by=mine)
        asked = reallocations_visible_to(context.user, on).filter(state=Reallocation.State.PROPOSED)
        found["budget.reallocations"] = asked.exclude(proposed_by=mine)
    return found


def staff_links(context: MenuContext) -> list[MenuLink]:
    """Lines, reallocations and requests for readers; payments and batches for finance and approvers."""
    if context.roles.isdisjoint(READERS):
        return []
    links = [MenuLink(pgettext_lazy("list", "资金条目"), address_of("budget:line_list"), key="budget-lines")]
    if not context.roles.isdisjoint(PAYERS):
        links += [
            MenuLink(
                pgettext_lazy("list", "拨付"),
                address_of("budget:payment_list"),
                str(context.tally("budget.payments") or ""),
                key="budget-payments",
            ),
            MenuLink(
                pgettext_lazy("list", "拨付批次"),
                address_of("budget:batch_list"),
                str(context.tally("budget.batches") or ""),
                key="budget-batches",
            ),
        ]
    return [
        *links,
        MenuLink(
            pgettext_lazy("list", "预算调剂"),
            address_of("budget:reallocation_list"),
            str(context.tally("budget.reallocations") or ""),
            key="budget-reallocations",
        ),
        MenuLink(pgettext_lazy("list", "预算申请"), address_of("budget:request_list"), key="budget-requests"),
    ]


def own_links(context: MenuContext) -> list[MenuLink]:
    """What is paid to people from outside."""
    if not context.roles.isdisjoint(STAFF_ROLES):
        return []
    return [MenuLink(pgettext_lazy("list", "我的款项"), address_of("budget:own_payments"), key="own-payments")]


SECTIONS = (
    MenuSection("budget", _("资金"), 46, "staff", staff_links),
    MenuSection("budget.own", "", 56, "account", own_links),
)
_TOOLS = (
    RowTool("budget_lines", pgettext_lazy("list", "资金条目"), "budget:line_list", READERS, order=110),
    RowTool("budget_payments", pgettext_lazy("list", "拨付"), "budget:payment_list", PAYERS, order=112),
    RowTool("budget_requests", pgettext_lazy("list", "预算申请"), "budget:request_list", READERS, order=114),
)


def row_tools() -> list[tuple[str, RowTool]]:
    """Each tool with the task on whose row it hangs."""
    return [(code, tool) for code in budget_settings().tasks for tool in _TOOLS]
