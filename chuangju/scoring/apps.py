"""Registrations of scoring with the packages below it."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScoringConfig(AppConfig):
    """Score sheets, panels, assessors and what they come to."""

    name = "chuangju.scoring"
    label = "scoring"
    verbose_name = _("评审")

    def ready(self) -> None:
        """Hand action names, messages, guards, checks and reference data downwards."""
        from chuangju.kernel.audit import register_actions  # noqa: PLC0415 - models exist only now
        from chuangju.kernel.guards import register_append_only_table  # noqa: PLC0415
        from chuangju.kernel.integrity import register_check  # noqa: PLC0415
        from chuangju.kernel.outbox import register_message_template  # noqa: PLC0415
        from chuangju.kernel.reference_data import register_reference_data  # noqa: PLC0415
        from chuangju.scoring import guards, words  # noqa: PLC0415
        from chuangju.scoring.freezing import find_panel_faults  # noqa: PLC0415
        from chuangju.scoring.sheets import files_version, load_sheets  # noqa: PLC0415

        register_actions(words.ACTIONS)
        for template in words.MESSAGES:
            register_message_template(template)
        register_append_only_table(guards.FROZEN_RESULTS)
        register_check("scoring.panels", find_panel_faults)
        register_reference_data("scoring.sheets", load_sheets, 50, version=files_version())
        self._register_pages()

    def _register_pages(self) -> None:
        """Menus, what can be found, who is reminded, demo data."""
        from chuangju.kernel.demo import register_demo  # noqa: PLC0415 - models exist only now
        from chuangju.kernel.duties import register_duty  # noqa: PLC0415
        from chuangju.kernel.search import register_search_source  # noqa: PLC0415
        from chuangju.scoring import demo, menus, reminders, search  # noqa: PLC0415
        from chuangju.ui.menus import register_menu  # noqa: PLC0415
        from chuangju.ui.tallies import register_tallies  # noqa: PLC0415

        for section in menus.SECTIONS:
            register_menu(section)
        register_tallies("scoring", menus.own_tallies)
        for source in search.SOURCES:
            register_search_source(source)
        register_duty(reminders.REMINDING)
        register_demo("scoring", demo.load_demo_panels, order=60)
