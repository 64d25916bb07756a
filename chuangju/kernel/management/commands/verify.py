"""Recompute what can be recomputed and say what is off."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from chuangju.kernel.integrity import checks, find_faults
from chuangju.kernel.models import Attachment, AuditEvent
from chuangju.kernel.preparation import has_open_migrations


class Command(BaseCommand):
    """Exit status 1 and one sentence per fault, or one line that says what was checked."""

    help = "校验审计链、锚、附件等；有问题时逐条说明并以状态 1 退出"

    def handle(self, *args: Any, **options: Any) -> None:
        """Run every registered check."""
        if has_open_migrations():
            raise CommandError(_("数据表尚未建立或不是最新，请先启动一次服务（script/server）。"), returncode=2)
        faults = find_faults()
        for fault in faults:
            self.stdout.write(fault)
        if faults:
            sys.exit(1)
        self.stdout.write(
            _("校验通过：%(checks)s 项检查，%(events)s 个审计事件，%(files)s 个附件，未发现问题。")
            % {"checks": len(checks), "events": AuditEvent.objects.count(), "files": Attachment.objects.count()}
        )
