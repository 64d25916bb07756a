"""What nominations hand to the packages below: actions, messages, the link in the navigation where a policy asks for one."""

from __future__ import annotations

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications import demo_nominations
from chuangju.applications.access import DESK_READERS
from chuangju.applications.nomination_rules import nominated_policies
from chuangju.kernel.addresses import address_of
from chuangju.kernel.audit import register_actions
from chuangju.kernel.demo import register_demo
from chuangju.kernel.models import MessageTopic, User
from chuangju.kernel.outbox import MessageTemplate, register_message_template
from chuangju.policies.current import known_catalogue
from chuangju.ui.menus import MenuContext, MenuLink, MenuSection, register_menu
from chuangju.units.access import ADMINISTRATOR_ROLES

ACTIONS: dict[str, str | Promise] = {
    "applications.nominated": _("推荐"),
    "applications.nomination_confirmed": _("确认推荐"),
    "applications.nomination_declined": _("谢绝推荐"),
    "applications.nomination_withdrawn": _("撤回推荐"),
}
MESSAGES = (
    MessageTemplate(
        key="applications.nominated",
        subject=_("%(nominator)s 推荐您：%(title)s"),
        body=_("请登录后确认或谢绝；确认后由您自己填写申请。"),
        audience="public",
        topic=MessageTopic.CASES,
    ),
    MessageTemplate(
        key="applications.nomination_answered",
        subject=_("%(who)s 对推荐的答复：%(answer)s"),
        body=_("事项：%(title)s"),
        audience="public",
        topic=MessageTopic.CASES,
        channels=("in_app",),
    ),
    MessageTemplate(
        key="applications.nomination_withdrawn",
        subject=_("%(nominator)s 撤回了对您的推荐：%(title)s"),
        body=_("理由：%(reason)s。没有其他推荐的，不能提交申请；已提交的由承办单位办理，推荐撤回后不能通过。"),
        audience="public",
        topic=MessageTopic.CASES,
    ),
    MessageTemplate(
        key="applications.nomination_gone",
        subject=_("推荐已撤回：%(title)s"),
        body=_("%(nominator)s 撤回了“%(title)s”（%(number)s）的推荐，理由：%(reason)s。没有新的推荐，不能同意支持。"),
        topic=MessageTopic.WORK,
    ),
)


def _links(context: MenuContext) -> list[MenuLink]:
    """Only where a policy in force asks for nominations; who may make them, the page itself says."""
    if not isinstance(context.user, User) or not nominated_policies(timezone.localdate(context.at), known_catalogue()):
        return []
    return [MenuLink(pgettext_lazy("list", "推荐"), address_of("applications:nominations"), key="nominations")]


def _own_links(context: MenuContext) -> list[MenuLink]:
    # The three administrators have no part in the programme's business.
    return _links(context) if context.roles.isdisjoint({*DESK_READERS, *ADMINISTRATOR_ROLES}) else []


def _staff_links(context: MenuContext) -> list[MenuLink]:
    return [] if context.roles.isdisjoint(DESK_READERS) else _links(context)


SECTIONS = (
    MenuSection("applications.nominations", "", 51, "staff", _staff_links),
    MenuSection("applications.own_nominations", "", 51, "account", _own_links),
)


def register_nominations() -> None:
    """Called once, when the application starts."""
    register_actions(ACTIONS)
    for template in MESSAGES:
        register_message_template(template)
    for section in SECTIONS:
        register_menu(section)
    register_demo("applications.nominations", demo_nominations.load_demo_nominations, order=77)
