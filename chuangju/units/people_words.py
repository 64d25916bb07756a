"""人员的文字 - what the audit log calls the actions on appointments, delegations, invitations, and their messages."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from chuangju.kernel.message_templates import EMAIL, SMS, MessageTemplate
from chuangju.kernel.models import MessageTopic

PEOPLE_ACTIONS = {
    "units.access_reviewed": _("登记权限复核"),
    "units.appointed": _("任命"),
    "units.appointment_corrected": _("更正任命"),
    "units.appointment_ended": _("结束任命"),
    "units.delegation_ended": _("提前结束代岗"),
    "units.delegation_made": _("指定代岗人"),
    "units.duty_set": _("修改职责文本"),
    "units.invitation_accepted": _("接受邀请"),
    "units.invitation_lapsed": _("邀请失效"),
    "units.invitation_renewed": _("重新发送邀请"),
    "units.invitation_revoked": _("撤回邀请"),
    "units.invitation_sent": _("发出邀请"),
    "units.member_list_drafted": _("起草成员名单通知"),
    "units.proposal_decided": _("审定角色建议"),
    "units.roles_handed_over": _("工作交接"),
}

PEOPLE_MESSAGES = (
    MessageTemplate(
        "units.appointed",
        _("您被任命为%(unit)s%(kind)s"),
        _("自 %(day)s 起。职责见任命页；登录后能做什么，由安全保密管理员授予的角色决定。"),
    ),
    MessageTemplate(
        "units.appointment_ended",
        _("您不再担任%(unit)s%(kind)s"),
        _("最后一天是 %(day)s，感谢您的工作。"),
    ),
    MessageTemplate(
        "units.delegation_made",
        _("代岗：%(to_name)s代%(from_name)s"),
        _("%(starts_on)s 至 %(ends_on)s，由%(to_name)s代%(from_name)s履职，到期自动恢复。"),
        can_opt_out=False,
    ),
    MessageTemplate(
        "units.delegation_ended",
        _("代岗提前结束：%(to_name)s代%(from_name)s"),
        _("原定 %(starts_on)s 至 %(ends_on)s；现已结束，%(from_name)s恢复履职。"),
        can_opt_out=False,
    ),
    MessageTemplate(
        "units.delegation_last_day",
        _("代岗今日到期：%(to_name)s代%(from_name)s"),
        _("今天是最后一天，请当面交接未办完的事项；明天起由%(from_name)s恢复履职。"),
    ),
    MessageTemplate(
        "units.invited",
        _("邀请您开通账号"),
        _("%(name)s您好，请在 %(days)s 天内打开链接设置密码、开通账号：%(link)s 链接只能使用一次，请勿转发。"),
        audience="public",
        is_urgent=True,
        can_opt_out=False,
        topic=MessageTopic.SECURITY,
        channels=(SMS, EMAIL),
        is_secret=True,
        expires_after=timedelta(days=7),
    ),
    MessageTemplate(
        "units.invitation_accepted",
        _("%(name)s已开通账号"),
        _("登录名 %(username)s。建议的角色由安全保密管理员审定。"),
    ),
    MessageTemplate(
        "units.roles_proposed",
        _("有角色建议待审定：%(name)s"),
        _("%(name)s（%(username)s）已开通账号，请审定邀请时建议的角色。"),
    ),
    MessageTemplate(
        "units.role_granted",
        _("您已获授角色：%(role)s"),
        _("重新打开页面即可使用。"),
    ),
    MessageTemplate(
        "units.access_review_due",
        _("应进行权限复核"),
        _("请逐一核对全部账号的角色、任命和代岗，并登记复核。"),
        topic=MessageTopic.SECURITY,
        can_opt_out=False,
    ),
)
