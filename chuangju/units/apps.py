"""Registrations of units with the packages below it."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


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
        from chuangju.units.access import role_labels, roles_of  # noqa: PLC0415
        from chuangju.units.demo import load_demo_accounts  # noqa: PLC0415
        from chuangju.units.menus import MENUS  # noqa: PLC0415
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
        register_role_source(roles_of)
        register_reference_data("units", load_units, 10)
        register_demo("units", load_demo_accounts, order=10)
        for section in MENUS:
            register_menu(section)
