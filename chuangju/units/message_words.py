"""消息的文字 - what units tells people whose account is new."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangju.kernel.message_templates import EMAIL, IN_APP, MessageTemplate
from chuangju.kernel.models import MessageTopic

MESSAGES = (
    MessageTemplate(
        "units.welcome",
        _("欢迎使用，您的账号已开通"),
        _("办理进度、文书送达和答复都会发到这里，也可以用短信或邮件提醒您。请在“消息设置”中选择提醒方式和免打扰时间。"),
        audience="public",
        topic=MessageTopic.CASES,
        channels=(IN_APP, EMAIL),
    ),
)
