"""The sentences to applicants about selection lists: in reserve, dropped out."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangju.kernel.message_templates import MessageTemplate
from chuangju.kernel.models import MessageTopic

TEMPLATES: tuple[MessageTemplate, ...] = (
    MessageTemplate(
        "applications.in_reserve",
        _("候补：%(title)s"),
        _("您的“%(title)s”（%(number)s）列为候补第 %(place)s 名；有入围者退出时按次序递补，我们会通知您。"),
        audience="public",
        topic=MessageTopic.CASES,
        is_urgent=True,
    ),
    MessageTemplate(
        "applications.dropped_out",
        _("已登记退出：%(title)s"),
        _("您的“%(title)s”（%(number)s）已登记退出：%(reason)s。如有误，请尽快联系承办单位。"),
        audience="public",
        topic=MessageTopic.CASES,
        is_urgent=True,
    ),
)
