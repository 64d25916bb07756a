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

        register_actions(menu.ACTIONS)
        register_attachment_owner(ProgressNote, can_read_note)
        register_attachment_owner(TableVersion, can_read_version)
        register_check("programme.snapshots", find_snapshot_faults)
        register_tidying("programme.imports", tidy_imports)
        register_demo("programme", demo.load_demo, order=30)
        for section in menu.SECTIONS:
            register_menu(section)
        for metric in indicators.METRICS:
            register_metric(metric)
        register_task_names(indicators.task_names)
