"""Bring a backup back into an empty database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.integrity import find_faults
from chuangju.kernel.refusals import Refused
from chuangju.kernel.restoring import restore_backup


class Command(BaseCommand):
    """Exit status 2 and one sentence where nothing was brought back; 1 where it was, but a check found a fault."""

    help = "把备份恢复到空库（SQLite 或 PostgreSQL），逐表核对散列值，再运行全部校验"

    def add_arguments(self, parser: CommandParser) -> None:
        """The file."""
        parser.add_argument("file", metavar="FILE", type=Path, help="备份文件")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, say what came back, and run every check."""
        try:
            back = restore_backup(options["file"].absolute(), at=timezone.now())
        except Refused as refused:
            raise CommandError(refused.sentence, returncode=2) from refused
        self.stdout.write(
            _("已恢复：%(tables)d 张表、%(rows)d 行、%(files)d 个附件，散列值全部一致。")
            % {"tables": back.tables, "rows": back.rows, "files": back.attachments}
        )
        if not back.has_keys:
            self.stdout.write(_("备份不含密钥：请把当时的密钥文件放回，否则读不出证件号码和手机号。"))
        faults = find_faults()
        for fault in faults:
            self.stdout.write(fault)
        if faults:
            raise CommandError(_("恢复后的校验发现 %(count)d 个问题") % {"count": len(faults)}, returncode=1)
        self.stdout.write(_("校验通过。"))
