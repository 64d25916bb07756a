"""What decisions and what follows them add to the navigation and to the rows of the table, and the words for audit events."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chuangju.ui.menus import MenuSection

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
    "applications.child_opened": _("由原办件立案"),
    "applications.hearing_held": _("听取陈述意见"),
    "applications.repaid": _("登记退回资金"),
    "applications.sample_drawn": _("抽取抽查名单"),
    "applications.sample_settled": _("抽查结论"),
}
SECTIONS: tuple[MenuSection, ...] = ()
