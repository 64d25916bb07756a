"""What the clerks' side adds to the navigation and to the rows of the table, and the words for its audit events."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chuangju.ui.menus import MenuSection

ACTIONS: dict[str, str | Promise] = {
    "applications.accepted": _("受理办件"),
    "applications.acceptance_refused": _("不予受理"),
    "applications.document_let_off": _("容缺或承诺受理"),
    "applications.document_checked": _("核对材料"),
    "applications.step_opened": _("开始环节"),
    "applications.step_completed": _("办结环节"),
    "applications.step_skipped": _("略过环节"),
    "applications.step_returned": _("退回环节"),
    "applications.step_assigned": _("分派环节"),
    "applications.step_taken_over": _("接办环节"),
    "applications.flag_raised": _("标记办件"),
    "applications.flag_lowered": _("解除标记"),
    "applications.correction_asked": _("一次性告知补正"),
    "applications.correction_answered": _("提交补正"),
    "applications.correction_cancelled": _("取消补正"),
    "applications.correction_expired": _("逾期未补正"),
    "applications.consulted": _("发起会签"),
    "applications.consultation_withdrawn": _("撤回会签"),
    "applications.visit_planned": _("约定现场核查"),
    "applications.referred": _("转外部办理"),
    "applications.suspended": _("暂停办件"),
    "applications.resumed": _("恢复办件"),
}
SECTIONS: tuple[MenuSection, ...] = ()
