"""Registrations of programme with the packages below it."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammeConfig(AppConfig):
    """任务分解表 and what hangs on it."""

    name = "chuangju.programme"
    label = "programme"
    verbose_name = _("任务分解表")

    def ready(self) -> None:
        """Hand menus, action labels, attachment rights, metrics, checks and demo data downwards."""
        from chuangju.indicators.metrics import register_metric, register_task_names  # noqa: PLC0415 - models exist only now
        from chuangju.kernel.attachments import register_attachment_owner  # noqa: PLC0415
        from chuangju.kernel.audit import register_actions  # noqa: PLC0415
        from chuangju.kernel.demo import register_demo  # noqa: PLC0415
        from chuangju.kernel.integrity import register_check  # noqa: PLC0415
        from chuangju.kernel.preparation import register_tidying  # noqa: PLC0415
        from chuangju.programme import demo, indicators, menu  # noqa: PLC0415
        from chuangju.programme.access import can_read_note, can_read_version  # noqa: PLC0415
        from chuangju.programme.models import ProgressNote, TableVersion  # noqa: PLC0415
        from chuangju.programme.snapshots import find_snapshot_faults  # noqa: PLC0415
        from chuangju.programme.uploads import tidy_imports  # noqa: PLC0415
        from chuangju.ui.menus import register_menu  # noqa: PLC0415
        from chuangju.ui.tallies import register_tallies  # noqa: PLC0415

        register_actions(menu.ACTIONS)
        register_attachment_owner(ProgressNote, can_read_note)
        register_attachment_owner(TableVersion, can_read_version)
        register_check("programme.snapshots", find_snapshot_faults)
        register_tidying("programme.imports", tidy_imports)
        register_demo("programme", demo.load_demo, order=30)
        for section in menu.SECTIONS:
            register_menu(section)
        register_tallies("programme", menu.step_tallies)
        for metric in indicators.METRICS:
            register_metric(metric)
        register_task_names(indicators.task_names)
        self._register_work()
        self._register_words()
        self._register_reminders()
        self._register_plans()

    def _register_plans(self) -> None:
        """Everything about plans: how they go out, are found, talked about, told of, and which rows they carry out."""
        from chuangju.indicators.metrics import register_metric  # noqa: PLC0415 - as above
        from chuangju.kernel.attachments import register_attachment_owner  # noqa: PLC0415 - as above
        from chuangju.kernel.audit import register_actions  # noqa: PLC0415 - as above
        from chuangju.kernel.demo import register_demo  # noqa: PLC0415 - as above
        from chuangju.kernel.duties import register_duty  # noqa: PLC0415 - as above
        from chuangju.kernel.integrity import register_check  # noqa: PLC0415 - as above
        from chuangju.kernel.outbox import register_message_template  # noqa: PLC0415 - as above
        from chuangju.kernel.outgoing_papers import register_paper_template  # noqa: PLC0415 - as above
        from chuangju.kernel.search import register_search_source  # noqa: PLC0415 - as above
        from chuangju.kernel.threads import register_thread_owner  # noqa: PLC0415 - as above
        from chuangju.programme import demo_plans, panel_tools, plan_indicators, plan_menu, plan_words  # noqa: PLC0415 - as above
        from chuangju.programme.access import can_read_item_report  # noqa: PLC0415 - as above
        from chuangju.programme.models import Plan, PlanItemReport  # noqa: PLC0415 - as above
        from chuangju.programme.plan_content import find_plan_faults, plan_settings  # noqa: PLC0415 - as above
        from chuangju.programme.plan_messages import MESSAGES  # noqa: PLC0415 - as above
        from chuangju.programme.slots import register_row_tool  # noqa: PLC0415 - as above
        from chuangju.ui.menus import register_menu  # noqa: PLC0415 - as above
        from chuangju.ui.tallies import register_tallies  # noqa: PLC0415 - as above
        from chuangju.units.open_work import register_open_work  # noqa: PLC0415 - as above

        register_actions(plan_menu.ACTIONS)
        register_open_work(plan_words.OPEN_ITEMS)
        register_attachment_owner(PlanItemReport, can_read_item_report)
        register_check("programme.plans", find_plan_faults)
        register_demo("programme.plans", demo_plans.load_demo_plans, order=40)
        register_paper_template(plan_words.PLAN_PAPER)
        register_thread_owner(Plan, plan_words.PLAN_THREAD)
        for section in plan_menu.SECTIONS:
            register_menu(section)
        register_tallies("programme.plans", plan_menu.plan_tallies)
        for template in MESSAGES:
            register_message_template(template)
        for source in plan_words.SOURCES:
            register_search_source(source)
        for duty in plan_words.DUTIES:
            register_duty(duty)
        for metric in plan_indicators.METRICS:
            register_metric(metric)
        for code in plan_settings().tasks:
            for tool in plan_words.TOOLS:
                register_row_tool(code, tool)
        for code in panel_tools.panel_tasks():
            register_row_tool(code, panel_tools.TOOL)

    def _register_reminders(self) -> None:
        """Who is told of steps that are near, due or late."""
        from chuangju.kernel.demo import register_demo  # noqa: PLC0415 - as above
        from chuangju.kernel.duties import register_duty  # noqa: PLC0415 - as above
        from chuangju.kernel.outbox import register_message_template  # noqa: PLC0415 - as above
        from chuangju.programme import demo_reminders, reminders  # noqa: PLC0415 - as above

        register_demo("programme.reminders", demo_reminders.load_demo_reminders, order=90)
        for template in reminders.MESSAGES:
            register_message_template(template)
        register_duty(reminders.REMINDING)

    def _register_words(self) -> None:
        """What can be found, talked about, rated and verified on the spot."""
        from chuangju.kernel.checklists import register_checklist_owner, register_checklist_template  # noqa: PLC0415
        from chuangju.kernel.demo import register_demo  # noqa: PLC0415
        from chuangju.kernel.ratings import register_rating_owner  # noqa: PLC0415
        from chuangju.kernel.search import register_search_source  # noqa: PLC0415
        from chuangju.kernel.threads import register_thread_owner  # noqa: PLC0415
        from chuangju.programme import search, words  # noqa: PLC0415
        from chuangju.programme.demo_words import load_demo_words  # noqa: PLC0415
        from chuangju.programme.models import Milestone, ProgressNote, Task  # noqa: PLC0415

        for source in search.SOURCES:
            register_search_source(source)
        register_thread_owner(Task, words.TASK_THREAD)
        register_thread_owner(Milestone, words.MILESTONE_THREAD)
        register_rating_owner(ProgressNote, words.NOTE_RATING)
        register_checklist_owner(Milestone, words.MILESTONE_CHECKLIST)
        register_checklist_template(words.SITE_CHECK)
        register_demo("programme.words", load_demo_words, order=36)

    def _register_work(self) -> None:
        """What runs in the background and by itself."""
        from chuangju.kernel.demo import register_demo  # noqa: PLC0415 - as above
        from chuangju.kernel.duties import register_duty  # noqa: PLC0415 - as above
        from chuangju.kernel.jobs import register_job  # noqa: PLC0415 - as above
        from chuangju.programme import demo_jobs, duties, jobs, menu  # noqa: PLC0415 - as above
        from chuangju.units.open_work import register_open_work  # noqa: PLC0415 - as above

        register_demo("programme.jobs", demo_jobs.load_demo_jobs, order=35)
        register_open_work(menu.OPEN_STEPS)

        for kind in jobs.KINDS:
            register_job(kind)
        for duty in duties.DUTIES:
            register_duty(duty)
