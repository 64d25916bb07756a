"""申请消息 - what the applicant's side is told while applying."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangju.kernel.models import MessageTopic
from chuangju.kernel.outbox import MessageTemplate

_QUIET = ("in_app",)
MESSAGES = (
    MessageTemplate(
        key="applications.role_asked",
        subject=_("%(person)s 请您参与办件：%(title)s"),
        body=_("角色：%(part)s。请登录后同意或拒绝。"),
        audience="public",
        topic=MessageTopic.CASES,
    ),
    MessageTemplate(
        key="applications.role_answered",
        subject=_("%(person)s 的答复：%(answer)s"),
        body=_("办件：%(title)s"),
        audience="public",
        topic=MessageTopic.CASES,
        channels=_QUIET,
    ),
    MessageTemplate(
        key="applications.offered",
        subject=_("您可以直接领取：%(title)s"),
        body=_("不用申请，登录后点“确认领取”即可，金额 %(amount)s。最迟 %(until)s 答复；不需要的可以放弃。"),
        audience="public",
        topic=MessageTopic.CASES,
    ),
)
