"""Registrations of kernel with its own registries."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KernelConfig(AppConfig):
    """Makes the package known to Django."""

    name = "chuangju.kernel"
    label = "kernel"
    verbose_name = _("登录与系统")

    def ready(self) -> None:
        """Register guarded tables, action names and checks; abandoned files go when a request ends."""
        from django.core.signals import request_finished  # noqa: PLC0415 - models are ready only now

        from chuangju.kernel import attachments, audit, audit_checks, guards, integrity  # noqa: PLC0415

        guards.register_append_only_table(guards.AUDIT_EVENTS)
        guards.register_append_only_table(guards.AUDIT_STREAMS)
        audit.register_actions(
            {
                "kernel.file_attached": _("上传附件"),
                "kernel.demo_marked": _("标记为演示数据库"),
            }
        )
        integrity.register_check("audit_chains", audit_checks.find_chain_faults)
        integrity.register_check("audit_guards", audit_checks.find_guard_faults)
        integrity.register_check("audit_anchors", audit_checks.find_anchor_faults)
        integrity.register_check("attachments", attachments.find_attachment_faults)
        request_finished.connect(attachments.discard_abandoned_files, dispatch_uid="kernel.discard_abandoned_files")
