"""The sentences of the clerks' side: to applicants about their case, to staff about what lies on their desk."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangju.kernel.message_templates import MessageTemplate
from chuangju.kernel.models import MessageTopic

_CASES, _WORK = MessageTopic.CASES, MessageTopic.WORK

TEMPLATES: tuple[MessageTemplate, ...] = (
    MessageTemplate(
        "applications.accepted",
        _("已受理：%(title)s"),
        _("您的“%(title)s”（%(number)s）已受理，预计 %(due_on)s 前办结。"),
        audience="public",
        topic=_CASES,
    ),
    MessageTemplate(
        "applications.not_accepted",
        _("不予受理：%(title)s"),
        _("您的“%(title)s”（%(number)s）不予受理。理由：%(reason)s"),
        audience="public",
        topic=_CASES,
        is_urgent=True,
    ),
    MessageTemplate(
        "applications.correction_asked",
        _("请补正：%(title)s"),
        _("您的“%(title)s”（%(number)s）有 %(count)s 项需要补正，请在 %(due_on)s 前一次补齐。期间办理时限暂停。"),
        audience="public",
        topic=_CASES,
        is_urgent=True,
        can_opt_out=False,
    ),
    MessageTemplate(
        "applications.correction_expiring",
        _("补正快到期：%(title)s"),
        _("您的“%(title)s”（%(number)s）请在 %(due_on)s 前补正，逾期视为撤回申请。"),
        audience="public",
        topic=_CASES,
        is_urgent=True,
    ),
    MessageTemplate(
        "applications.correction_expired",
        _("逾期未补正：%(title)s"),
        _("您的“%(title)s”（%(number)s）逾期没有补正，视为撤回。条件仍符合的，可以重新申请。"),
        audience="public",
        topic=_CASES,
    ),
    MessageTemplate(
        "applications.visit_planned",
        _("将现场核查：%(title)s"),
        _("关于“%(title)s”（%(number)s），%(unit)s将于 %(day)s 到现场核查，请准备好原件。"),
        audience="public",
        topic=_CASES,
    ),
    MessageTemplate(
        "applications.suspended",
        _("暂停办理：%(title)s"),
        _("您的“%(title)s”（%(number)s）暂停办理。原因：%(reason)s"),
        audience="public",
        topic=_CASES,
    ),
    MessageTemplate(
        "applications.resumed",
        _("恢复办理：%(title)s"),
        _("您的“%(title)s”（%(number)s）恢复办理。"),
        audience="public",
        topic=_CASES,
    ),
    MessageTemplate(
        "applications.step_assigned",
        _("有办件交您办理：%(title)s"),
        _("“%(title)s”（%(number)s）的“%(step)s”由您承办。"),
        topic=_WORK,
    ),
    MessageTemplate(
        "applications.consulted",
        _("请会签：%(title)s"),
        _("“%(title)s”（%(number)s）请贵单位于 %(due_on)s 前答复：%(question)s"),
        topic=_WORK,
    ),
    MessageTemplate(
        "applications.corrected",
        _("申请人已补正：%(title)s"),
        _("“%(title)s”（%(number)s）的申请人已补正，请继续办理。"),
        topic=_WORK,
    ),
    MessageTemplate(
        "applications.paper_given",
        _("已补交，请核对：%(what)s"),
        _("“%(title)s”（%(number)s）容缺的“%(what)s”已补交，请核对。"),
        topic=_WORK,
    ),
    MessageTemplate(
        "applications.paper_overdue",
        _("容缺材料逾期：%(what)s"),
        _("“%(title)s”（%(number)s）容缺的“%(what)s”应于 %(due_on)s 前补交，至今没有。%(follows)s"),
        topic=_WORK,
    ),
    MessageTemplate(
        "applications.promise_due",
        _("请核查承诺：%(what)s"),
        _("“%(title)s”（%(number)s）以承诺代替的“%(what)s”，请在 %(due_on)s 前核查。"),
        topic=_WORK,
    ),
    MessageTemplate(
        "applications.promise_late",
        _("承诺逾期未核查：%(what)s"),
        _("“%(title)s”（%(number)s）以承诺代替的“%(what)s”应于 %(due_on)s 前核查，已逾期，请督促。"),
        topic=_WORK,
    ),
    MessageTemplate(
        "applications.step_due",
        _("办件快到期：%(title)s"),
        _("“%(title)s”（%(number)s）的“%(step)s”应于 %(due_on)s 前办结。"),
        topic=_WORK,
    ),
    MessageTemplate(
        "applications.step_late",
        _("办件已逾期：%(title)s"),
        _("“%(title)s”（%(number)s）的“%(step)s”应于 %(due_on)s 办结，已逾期，请督促。"),
        topic=_WORK,
    ),
)
