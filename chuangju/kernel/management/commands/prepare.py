"""Make the installation ready to start: tables, reference data and, in demo mode, demo data."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.preparation import prepare_installation
from chuangju.kernel.refusals import Refused


class Command(BaseCommand):
    """Run before each start of the server; quick when there is nothing to do."""

    help = "准备安装：建表、载入基础数据；演示模式下载入演示数据"
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """One line per step; one sentence where the server must not start."""
        try:
            prepare_installation(at=timezone.now(), tell=self.stdout.write)
        except Refused as refused:
            raise CommandError(refused.sentence, returncode=2) from refused
        except (OperationalError, OSError) as error:
            told = {"folder": settings.DATA_DIR, "error": error}
            raise CommandError(
                _("无法读写数据库或数据目录 %(folder)s，请检查磁盘空间和权限：%(error)s") % told, returncode=2
            ) from error
