"""登录的文字 - what the audit log calls the actions of signing in, and the messages that go with them."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from chuangju.kernel.message_templates import SMS, MessageTemplate
from chuangju.kernel.models import MessageTopic

SIGN_IN_ACTIONS = {
    "units.city_linked": _("关联统一身份"),
    "units.factor_added": _("添加第二重验证"),
    "units.factor_removed": _("移除第二重验证"),
    "units.factors_reset": _("重置第二重验证"),
    "units.founder_registered": _("创业者开通账号"),
    "units.identity_confirmed": _("再次确认身份"),
    "units.recovery_code_used": _("使用恢复码"),
    "units.recovery_codes_made": _("生成恢复码"),
    "units.reset_asked": _("申请重置三员账号"),
    "units.reset_decided": _("核准重置三员账号"),
    "units.second_factor_failed": _("第二重验证失败"),
    "units.sessions_ended": _("结束登录会话"),
}

SIGN_IN_MESSAGES = (
    MessageTemplate(
        "units.mobile_code",
        _("登录验证码"),
        _("%(code)s，%(minutes)s 分钟内有效。请勿告诉他人；如非本人操作，请忽略。"),
        audience="public",
        is_urgent=True,
        can_opt_out=False,
        topic=MessageTopic.SECURITY,
        channels=(SMS,),
        is_secret=True,
        expires_after=timedelta(minutes=5),
    ),
    MessageTemplate(
        "units.factor_added",
        _("您的账号添加了第二重验证：%(factor)s"),
        _("如果不是您本人添加的，请立即修改密码并联系系统管理员。"),
        audience="any",
        can_opt_out=False,
        topic=MessageTopic.SECURITY,
    ),
    MessageTemplate(
        "units.factor_removed",
        _("您的账号移除了第二重验证：%(factor)s"),
        _("如果不是您本人移除的，请立即修改密码并联系系统管理员。"),
        audience="any",
        can_opt_out=False,
        topic=MessageTopic.SECURITY,
    ),
    MessageTemplate(
        "units.factors_reset",
        _("系统管理员重置了您的第二重验证"),
        _(
            "办理人：%(name)s。原因：%(reason)s。您在各处的登录已结束，下次登录时请重新设置。如果您没有提出过，请立即联系安全保密管理员。"
        ),
        audience="any",
        is_urgent=True,
        can_opt_out=False,
        topic=MessageTopic.SECURITY,
    ),
    MessageTemplate(
        "units.reset_asked",
        _("有人申请重置您的%(what)s"),
        _("申请人：%(name)s。原因：%(reason)s。如果不是您本人提出的，请立即联系另一位管理员，不要核准。"),
        audience="any",
        is_urgent=True,
        can_opt_out=False,
        topic=MessageTopic.SECURITY,
    ),
    MessageTemplate(
        "units.reset_to_decide",
        _("请核准：重置%(whose)s的%(what)s"),
        _("申请人：%(name)s。原因：%(reason)s。请先向%(whose)s本人核实。"),
        is_urgent=True,
        can_opt_out=False,
        topic=MessageTopic.SECURITY,
    ),
    MessageTemplate(
        "units.reset_decided",
        _("重置%(whose)s的%(what)s：%(result)s"),
        _("核准意见：%(words)s"),
        can_opt_out=False,
        topic=MessageTopic.SECURITY,
    ),
    MessageTemplate(
        "units.recovery_code_used",
        _("您的账号用恢复码登录了一次"),
        _("还剩 %(left)s 个恢复码。如果不是您本人，请立即修改密码并联系系统管理员。"),
        audience="any",
        is_urgent=True,
        can_opt_out=False,
        topic=MessageTopic.SECURITY,
    ),
)
