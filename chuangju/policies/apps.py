"""Registrations of policies with the packages below it."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PoliciesConfig(AppConfig):
    """The catalogue of policies, what each person is entitled to, matching and simulation."""

    name = "chuangju.policies"
    label = "policies"
    verbose_name = _("政策")

    def ready(self) -> None:
        """Hand menus, action names and the rest downwards."""
        from chuangju.kernel.audit import register_actions  # noqa: PLC0415 - models exist only now
        from chuangju.policies import menus  # noqa: PLC0415
        from chuangju.ui.menus import register_menu  # noqa: PLC0415

        register_actions(menus.ACTIONS)
        for section in menus.SECTIONS:
            register_menu(section)
