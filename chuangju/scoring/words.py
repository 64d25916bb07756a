"""The words for what the audit events of scoring say, and what assessors and organisers are told."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.models import MessageTopic
from chuangju.kernel.outbox import MessageTemplate

ACTIONS: dict[str, str | Promise] = {
    "scoring.sheet_drafted": _("编制评分表"),
    "scoring.sheet_changed": _("修改评分表"),
    "scoring.sheet_published": _("发布评分表"),
    "scoring.sheet_discarded": _("放弃评分表"),
    "scoring.panel_opened": _("发起评审"),
    "scoring.panel_begun": _("开始评分"),
    "scoring.panel_moved": _("调整评分截止日期"),
    "scoring.panel_frozen": _("冻结评审"),
    "scoring.panel_closed": _("结束评审"),
    "scoring.subjects_added": _("加入参评对象"),
    "scoring.subject_withdrawn": _("参评对象退出"),
    "scoring.assigned": _("分派评审专家"),
    "scoring.spread": _("均衡分派"),
    "scoring.assessor_withdrawn": _("评审专家退出"),
    "scoring.reminded": _("催促评分"),
    "scoring.no_conflict_declared": _("声明无利益冲突"),
    "scoring.conflict_declared": _("声明回避"),
    "scoring.scores_kept": _("暂存评分"),
    "scoring.scores_submitted": _("提交评分"),
    "scoring.scores_returned": _("退回评分"),
    "scoring.papers_imported": _("录入纸质评分"),
}

# What assessors are told names the panel and never a subject: they come from outside, and panels may be blind.
MESSAGES = (
    MessageTemplate(
        key="scoring.assigned",
        subject=_("请参加评审：%(panel)s"),
        body=_("有参评对象等您评分，请在 %(day)s 前完成。评分前须先声明是否存在利益冲突。"),
        audience="any",
        topic=MessageTopic.WORK,
    ),
    MessageTemplate(
        key="scoring.due_soon",
        subject=_("评分即将截止：%(panel)s"),
        body=_("您还有 %(count)s 个参评对象没有评分，截止日期为 %(day)s。"),
        audience="any",
        topic=MessageTopic.WORK,
    ),
    MessageTemplate(
        key="scoring.overdue",
        subject=_("评分已过期：%(panel)s"),
        body=_("您还有 %(count)s 个参评对象没有评分，截止日期 %(day)s 已过，请尽快完成。"),
        audience="any",
        topic=MessageTopic.WORK,
    ),
    MessageTemplate(
        key="scoring.returned",
        subject=_("评分被退回：%(panel)s"),
        body=_("您对“%(subject)s”的评分被退回，请修改后重新提交。原因：%(reason)s"),
        audience="any",
        topic=MessageTopic.WORK,
    ),
    MessageTemplate(
        key="scoring.conflict",
        subject=_("专家声明回避：%(panel)s"),
        body=_("%(name)s对“%(subject)s”声明回避，请另派专家。"),
    ),
    MessageTemplate(
        key="scoring.complete",
        subject=_("评分已全部提交：%(panel)s"),
        body=_("所有分派的评分都已提交，可以查看结果并冻结。"),
    ),
    MessageTemplate(
        key="scoring.late",
        subject=_("评分过期未完成：%(panel)s"),
        body=_("截止日期 %(day)s 已过，还有 %(count)s 份评分没有提交。"),
    ),
)
