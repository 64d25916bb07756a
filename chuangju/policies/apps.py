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
        from chuangju.policies.log_registrations import register_policy_words  # noqa: PLC0415
        from chuangju.ui.menus import register_menu  # noqa: PLC0415

        register_actions(menus.ACTIONS)
        register_policy_words()
        for section in menus.SECTIONS:
            register_menu(section)
        self._register_life()
        self._register_desk()
        self._register_check()

    def _register_check(self) -> None:
        """What am I entitled to: pages for everybody, calculators, what somebody keeps, reminders."""
        from chuangju.kernel.audit import register_actions  # noqa: PLC0415 - models exist only now
        from chuangju.kernel.demo import register_demo  # noqa: PLC0415
        from chuangju.kernel.duties import register_duty  # noqa: PLC0415
        from chuangju.kernel.outbox import register_message_template  # noqa: PLC0415
        from chuangju.kernel.search import register_search_list  # noqa: PLC0415
        from chuangju.policies import check_menus, check_reminders, demo_checks, search  # noqa: PLC0415
        from chuangju.programme.slots import register_row_tool  # noqa: PLC0415
        from chuangju.ui.menus import register_menu  # noqa: PLC0415

        register_actions(check_menus.ACTIONS)
        for section in check_menus.SECTIONS:
            register_menu(section)
        for code, tool in check_menus.row_tools():
            register_row_tool(code, tool)
        for listed in search.LISTS:
            register_search_list(listed)
        register_duty(check_reminders.DUTY)
        for template in check_reminders.MESSAGES:
            register_message_template(template)
        register_demo("policies.checks", demo_checks.load_demo_checks, order=70)

    def _register_desk(self) -> None:
        """The policy officers' desk: texts, drafts and their publication, match runs, simulations."""
        from chuangju.kernel.audit import register_actions  # noqa: PLC0415 - models exist only now
        from chuangju.kernel.demo import register_demo  # noqa: PLC0415
        from chuangju.kernel.duties import register_duty  # noqa: PLC0415
        from chuangju.kernel.guards import register_append_only_table  # noqa: PLC0415
        from chuangju.kernel.integrity import register_check  # noqa: PLC0415
        from chuangju.kernel.jobs import register_job  # noqa: PLC0415
        from chuangju.kernel.preparation import register_tidying  # noqa: PLC0415
        from chuangju.policies import (  # noqa: PLC0415
            demo_matches,
            desk_menus,
            match_jobs,
            match_retention,
            published_guard,
            publishing,
            simulation_work,
        )
        from chuangju.policies.match_runs import tidy_matches  # noqa: PLC0415
        from chuangju.programme.slots import register_row_tool  # noqa: PLC0415
        from chuangju.ui.menus import register_menu  # noqa: PLC0415
        from chuangju.ui.tallies import register_tallies  # noqa: PLC0415

        register_actions(desk_menus.ACTIONS)
        register_append_only_table(published_guard.PUBLISHED)
        register_check("policies.published", publishing.find_published_faults)
        for section in desk_menus.SECTIONS:
            register_menu(section)
        register_tallies("policies.desk", desk_menus.draft_tallies)
        for kind in (*match_jobs.KINDS, *simulation_work.KINDS):
            register_job(kind)
        register_tidying("policies.matches", tidy_matches)
        register_duty(match_retention.DUTY)
        for code, tool in desk_menus.row_tools():
            register_row_tool(code, tool)
        register_demo("policies.matches", demo_matches.load_demo_matches, order=72)

    def _register_life(self) -> None:
        """How policies are made and until when they hold, packages, fees: pages, reminders, figures, search, demo."""
        from chuangju.indicators.metrics import register_metric  # noqa: PLC0415 - models exist only now
        from chuangju.kernel.attachments import register_attachment_owner  # noqa: PLC0415
        from chuangju.kernel.audit import register_actions  # noqa: PLC0415
        from chuangju.kernel.demo import register_demo  # noqa: PLC0415
        from chuangju.kernel.duties import register_duty  # noqa: PLC0415
        from chuangju.kernel.integrity import register_check  # noqa: PLC0415
        from chuangju.kernel.outbox import register_message_template  # noqa: PLC0415
        from chuangju.kernel.reference_data import register_reference_data  # noqa: PLC0415
        from chuangju.kernel.search import register_search_source  # noqa: PLC0415
        from chuangju.policies import demo_making, expiry_reminders, life_indicators, life_menus, search  # noqa: PLC0415
        from chuangju.policies.access import can_read_step  # noqa: PLC0415
        from chuangju.policies.making_checks import find_making_faults  # noqa: PLC0415
        from chuangju.policies.models import PolicyStep  # noqa: PLC0415
        from chuangju.policies.shipped_records import catalogue_stamp, enter_shipped_records  # noqa: PLC0415
        from chuangju.programme.slots import register_row_tool  # noqa: PLC0415
        from chuangju.ui.menus import register_menu  # noqa: PLC0415
        from chuangju.ui.tallies import register_tallies  # noqa: PLC0415

        register_actions(life_menus.ACTIONS)
        register_attachment_owner(PolicyStep, can_read_step)
        register_check("policies.making", find_making_faults)
        register_reference_data("policies.records", enter_shipped_records, 50, version=catalogue_stamp())
        register_demo("policies.making", demo_making.load_demo_making, order=60)
        for section in life_menus.SECTIONS:
            register_menu(section)
        register_tallies("policies.life", life_menus.expiry_tallies)
        for code, tool in life_menus.row_tools():
            register_row_tool(code, tool)
        register_duty(expiry_reminders.DUTY)
        for template in expiry_reminders.MESSAGES:
            register_message_template(template)
        for metric in life_indicators.METRICS:
            register_metric(metric)
        for source in search.SOURCES:
            register_search_source(source)
