"""What applying adds to the navigation, and the words for its audit events."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chuangju.ui.menus import MenuSection

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
    "applications.frozen": _("留存数据快照"),
    "applications.rebased": _("改按新版政策"),
    "applications.kept": _("仍按原版政策"),
    "applications.role_asked": _("邀请参与办件"),
    "applications.role_answered": _("答复办件邀请"),
    "applications.role_ended": _("解除办件角色"),
    "applications.offered": _("推送免申即享"),
    "applications.offer_accepted": _("确认领取"),
    "applications.offer_declined": _("放弃领取"),
    "applications.bundle_begun": _("开始一件事"),
    "applications.bundle_noted": _("记录一件事的进展"),
}
SECTIONS: tuple[MenuSection, ...] = ()
