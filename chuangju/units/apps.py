"""Registrations of units with the packages below it."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

FOLLOW_UP_ACTIONS = {
    "units.follow_up_opened": _("差评转整改"),
    "units.follow_up_closed": _("办结差评整改"),
}


class UnitsConfig(AppConfig):
    """Makes the package known to Django, and itself known to kernel and ui."""

    name = "chuangju.units"
    label = "units"
    verbose_name = _("单位与人员")

    def ready(self) -> None:
        """Register what the audit log calls our actions, our data, and our part of the navigation."""
        from chuangju.kernel.audit import register_actions, register_role_resolver  # noqa: PLC0415 - models exist only now
        from chuangju.kernel.demo import register_demo  # noqa: PLC0415
        from chuangju.kernel.reference_data import register_reference_data  # noqa: PLC0415
        from chuangju.ui.menus import register_menu, register_role_source  # noqa: PLC0415
        from chuangju.ui.tallies import register_tallies  # noqa: PLC0415
        from chuangju.units.access import role_labels, roles_of, standing_of  # noqa: PLC0415
        from chuangju.units.demo import load_demo_accounts  # noqa: PLC0415
        from chuangju.units.menus import MENUS, tallies  # noqa: PLC0415
        from chuangju.units.reference_data import load_units  # noqa: PLC0415

        register_actions(
            {
                "units.account_created": _("新建账号"),
                "units.account_disabled": _("停用账号"),
                "units.account_enabled": _("启用账号"),
                "units.account_unlocked": _("解除锁定"),
                "units.alias_added": _("添加单位别名"),
                "units.alias_removed": _("删除单位别名"),
                "units.demo_switched": _("切换演示账号"),
                "units.group_added": _("新增单位组"),
                "units.group_alias_added": _("添加单位组写法"),
                "units.password_changed": _("修改密码"),
                "units.password_reset": _("重置密码"),
                "units.role_ended": _("结束角色"),
                "units.role_granted": _("授予角色"),
                "units.sign_in_failed": _("登录失败"),
                "units.signed_in": _("登录"),
                "units.signed_out": _("退出登录"),
                "units.unit_abolished": _("撤销单位"),
                "units.unit_added": _("新增单位"),
                "units.unit_renamed": _("单位更名"),
            }
        )
        register_role_resolver(role_labels)
        register_role_source(roles_of, standing_of)
        register_reference_data("units", load_units, 10)
        register_demo("units", load_demo_accounts, order=10)
        for section in MENUS:
            register_menu(section)
        register_tallies("units", tallies)
        self._register_calendar()
        self._register_sign_in()
        self._register_papers()
        self._register_words()
        self._register_messages()
        self._register_people()

    def _register_people(self) -> None:
        """Appointments, delegations, invitations and reviews: their words, duties, paper, demo and notice."""
        from chuangju.kernel.audit import register_actions  # noqa: PLC0415 - as above
        from chuangju.kernel.demo import register_demo  # noqa: PLC0415 - as above
        from chuangju.kernel.duties import register_duty  # noqa: PLC0415 - as above
        from chuangju.kernel.outbox import register_message_template  # noqa: PLC0415 - as above
        from chuangju.kernel.outgoing_papers import register_paper_template  # noqa: PLC0415 - as above
        from chuangju.kernel.search import register_search_source  # noqa: PLC0415 - as above
        from chuangju.ui.notices import register_shell_notice  # noqa: PLC0415 - as above
        from chuangju.units.appointment_search import APPOINTMENTS  # noqa: PLC0415 - as above
        from chuangju.units.demo_people import load_demo_people  # noqa: PLC0415 - as above
        from chuangju.units.member_lists import member_list_template  # noqa: PLC0415 - as above
        from chuangju.units.menus import acting_notices  # noqa: PLC0415 - as above
        from chuangju.units.people_duties import PEOPLE_DUTIES  # noqa: PLC0415 - as above
        from chuangju.units.people_words import PEOPLE_ACTIONS, PEOPLE_MESSAGES  # noqa: PLC0415 - as above

        register_actions(PEOPLE_ACTIONS)
        for template in PEOPLE_MESSAGES:
            register_message_template(template)
        for duty in PEOPLE_DUTIES:
            register_duty(duty)
        register_paper_template(member_list_template())
        register_shell_notice("stand_in", acting_notices)
        register_search_source(APPOINTMENTS)
        register_demo("units.people", load_demo_people, order=12)

    def _register_messages(self) -> None:
        """What people with a new account are told."""
        from chuangju.kernel.outbox import register_message_template  # noqa: PLC0415 - as above
        from chuangju.units import message_words  # noqa: PLC0415 - as above

        for template in message_words.MESSAGES:
            register_message_template(template)

    def _register_words(self) -> None:
        """What can be found, the search box of the shell, and what becomes of low ratings."""
        from django.urls import reverse_lazy  # noqa: PLC0415 - as above

        from chuangju.kernel.audit import register_actions  # noqa: PLC0415 - as above
        from chuangju.kernel.duties import register_duty  # noqa: PLC0415 - as above
        from chuangju.kernel.outbox import register_message_template  # noqa: PLC0415 - as above
        from chuangju.kernel.ratings import register_low_rating_handler  # noqa: PLC0415 - as above
        from chuangju.kernel.search import register_search_source  # noqa: PLC0415 - as above
        from chuangju.ui.search_box import register_search_box  # noqa: PLC0415 - as above
        from chuangju.units import follow_ups, search  # noqa: PLC0415 - as above
        from chuangju.units.open_work import register_open_work  # noqa: PLC0415 - as above

        for source in search.SOURCES:
            register_search_source(source)
        register_search_box(reverse_lazy("units:search"), reverse_lazy("units:search_suggest"))
        register_actions(FOLLOW_UP_ACTIONS)
        register_low_rating_handler(follow_ups.open_follow_up)
        for template in follow_ups.TEMPLATES:
            register_message_template(template)
        register_duty(follow_ups.REMINDING)
        register_open_work(follow_ups.OPEN_FOLLOW_UPS)

    def _register_papers(self) -> None:
        """Notices, the simplest of papers; the page that the code on every paper leads to; papers of the demo."""
        from chuangju.kernel.audit import register_actions  # noqa: PLC0415 - as above
        from chuangju.kernel.demo import register_demo  # noqa: PLC0415 - as above
        from chuangju.kernel.paper_templates import register_paper_template, register_verify_page  # noqa: PLC0415 - as above
        from chuangju.units import demo_papers, notices  # noqa: PLC0415 - as above

        register_actions({"units.notice_written": _("写通知"), "units.notice_changed": _("修改通知")})
        register_paper_template(notices.TEMPLATE)
        register_verify_page(notices.verify_page)
        register_demo("papers", demo_papers.load_demo_papers, order=20)

    def _register_calendar(self) -> None:
        """The file of a holiday notice is read by whoever sees the notice."""
        from django.utils import timezone  # noqa: PLC0415 - as above

        from chuangju.kernel.attachments import register_attachment_owner  # noqa: PLC0415 - as above
        from chuangju.kernel.demo import register_demo  # noqa: PLC0415 - as above
        from chuangju.kernel.models import HolidayNotice  # noqa: PLC0415 - as above
        from chuangju.units.access import is_staff_member  # noqa: PLC0415 - as above
        from chuangju.units.calendar_demo import load_demo_calendar  # noqa: PLC0415 - as above

        register_demo("units.calendar", load_demo_calendar, order=12)
        register_attachment_owner(HolidayNotice, lambda user, _notice: is_staff_member(user, timezone.localdate()))

    def _register_sign_in(self) -> None:
        """What the log calls our actions, and the messages that carry codes and tell of changes to one's account."""
        from chuangju.kernel.audit import register_actions  # noqa: PLC0415 - as above
        from chuangju.kernel.demo import register_demo  # noqa: PLC0415 - as above
        from chuangju.kernel.duties import register_duty  # noqa: PLC0415 - as above
        from chuangju.kernel.message_templates import register_message_template  # noqa: PLC0415 - as above
        from chuangju.units.demo_mobiles import load_demo_mobiles  # noqa: PLC0415 - as above
        from chuangju.units.log_registrations import register_account_words  # noqa: PLC0415 - as above
        from chuangju.units.sign_in_upkeep import SIGN_IN_DUTY  # noqa: PLC0415 - as above
        from chuangju.units.sign_in_words import SIGN_IN_ACTIONS, SIGN_IN_MESSAGES  # noqa: PLC0415 - as above

        register_actions(SIGN_IN_ACTIONS)
        register_account_words()
        for template in SIGN_IN_MESSAGES:
            register_message_template(template)
        register_duty(SIGN_IN_DUTY)
        register_demo("units.mobiles", load_demo_mobiles, order=11)
