"""The sentences about decisions, notices, money and what follows: to applicants in words that they act on."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.message_templates import MessageTemplate
from chuangju.kernel.models import MessageTopic


def _told(key: str, subject: Promise, body: Promise, *, is_urgent: bool = False) -> MessageTemplate:
    """A message to applicants about their case."""
    return MessageTemplate(
        f"applications.{key}", subject, body, audience="public", topic=MessageTopic.CASES, is_urgent=is_urgent
    )


TEMPLATES: tuple[MessageTemplate, ...] = (
    _told(
        "in_notice",
        _("正在公示：%(title)s"),
        _("您的“%(title)s”（%(number)s）已审定，正在公示，%(until)s 结束。"),
        is_urgent=True,
    ),
    _told(
        "decided",
        _("已有结果：%(title)s"),
        _("您的“%(title)s”（%(number)s）：%(outcome)s。有异议的，请在 %(until)s 前提出。"),
        is_urgent=True,
    ),
    _told(
        "paid",
        _("已到账：%(title)s"),
        _("您的“%(title)s”（%(number)s）%(amount)s 已于 %(paid_on)s 拨付到账，请核对。"),
        is_urgent=True,
    ),
    _told(
        "payment_returned",
        _("拨付被退回：%(title)s"),
        _("您的“%(title)s”（%(number)s）%(amount)s 没有付成：%(reason)s。请登录更正收款账户，更正后重新拨付。"),
        is_urgent=True,
    ),
    _told(
        "instalment_stopped",
        _("停止拨付：%(title)s"),
        _("您的“%(title)s”（%(number)s）第 %(part)s 期停止拨付：%(reason)s。数据有误的，请联系承办单位更正。"),
    ),
    _told(
        "voucher_use_stopped",
        _("停止兑付：%(service)s"),
        _("您用“%(title)s”购买的“%(service)s”停止兑付：%(reason)s。数据有误的，请联系承办单位更正。"),
    ),
    _told(
        "standing_changed",
        _("资格变动：%(standing)s"),
        _("您的“%(standing)s”现在是“%(state)s”：%(reason)s"),
    ),
    _told(
        "standing_expiring",
        _("资格快到期：%(standing)s"),
        _("您的“%(standing)s”（%(code)s）%(until)s 到期，需要续期的，请在到期前申请。"),
    ),
    _told(
        "obligation_due",
        _("请报送：%(what)s"),
        _("“%(title)s”（%(number)s）：%(what)s，请在 %(due_on)s 前报送。"),
    ),
    _told(
        "obligation_late",
        _("逾期未报送：%(what)s"),
        _("“%(title)s”（%(number)s）：%(what)s，应于 %(due_on)s 前报送，已经逾期。"),
        is_urgent=True,
    ),
    _told(
        "paper_due",
        _("请补交：%(what)s"),
        _("您的“%(title)s”（%(number)s）受理时容缺的“%(what)s”，请在 %(due_on)s 前补交。"),
        is_urgent=True,
    ),
    _told(
        "paper_late",
        _("逾期未补交：%(what)s"),
        _("您的“%(title)s”（%(number)s）容缺的“%(what)s”应于 %(due_on)s 前补交，至今没有。%(follows)s"),
        is_urgent=True,
    ),
    _told(
        "paper_returned",
        _("补交的材料不符：%(what)s"),
        _("您为“%(title)s”（%(number)s）补交的“%(what)s”不符：%(reason)s。请在 %(due_on)s 前重新提交。"),
        is_urgent=True,
    ),
    _told(
        "paper_extended",
        _("补交期限延长：%(what)s"),
        _("您的“%(title)s”（%(number)s）容缺的“%(what)s”延期到 %(due_on)s 前补交（只延期一次）：%(reason)s"),
    ),
    _told(
        "paper_ended",
        _("终止办理：%(title)s"),
        _("您的“%(title)s”（%(number)s）终止办理。%(reason)s。条件仍符合的，可以重新申请。"),
        is_urgent=True,
    ),
    _told(
        "promise_broken",
        _("承诺经核查不实：%(what)s"),
        _("您为“%(title)s”（%(number)s）就“%(what)s”作出的承诺经核查不实：%(reason)s。%(follows)s"),
        is_urgent=True,
    ),
    _told(
        "child_begun",
        _("已收到：%(what)s"),
        _("关于“%(title)s”，已立案办理，编号 %(number)s，预计 %(due_on)s 前办结。"),
    ),
    _told(
        "hearing_asked",
        _("请陈述意见：%(title)s"),
        _("关于“%(title)s”（%(number)s）：%(reason)s。您可以在 %(due_on)s 前陈述意见、提交材料，也可以申请听证。"),
        is_urgent=True,
    ),
    _told(
        "repayment_due",
        _("请退回资金：%(title)s"),
        _("关于“%(title)s”（%(number)s），请在 %(due_on)s 前退回 %(amount)s。"),
        is_urgent=True,
    ),
)
