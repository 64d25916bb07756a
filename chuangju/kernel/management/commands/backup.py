"""Write the whole installation into one file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.backups import make_backup
from chuangju.kernel.preparation import has_open_migrations
from chuangju.kernel.refusals import Refused


class Command(BaseCommand):
    """Exit status 2 and one sentence where no backup could be made."""

    help = "备份数据库、附件、审计锚和密钥到一个文件；服务可以照常运行"

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, and whether the keys go along."""
        parser.add_argument("file", metavar="FILE", type=Path, help="备份文件，例如 /backup/chuangju-2026-11-23.tar.gz")
        parser.add_argument("--without-keys", action="store_true", help="不含个人信息的加密密钥（须另行保管）")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it and say what it holds."""
        if has_open_migrations():
            raise CommandError(_("数据表尚未建立或不是最新，请先启动一次服务（script/server）。"), returncode=2)
        try:
            made = make_backup(options["file"].absolute(), has_keys=not options["without_keys"], at=timezone.now())
        except Refused as refused:
            raise CommandError(refused.sentence, returncode=2) from refused
        self.stdout.write(
            _("已备份到 %(file)s：%(tables)d 张表、%(rows)d 行、%(files)d 个附件。")
            % {"file": made.file, "tables": made.tables, "rows": made.rows, "files": made.attachments}
        )
        self.stdout.write(f"SHA-256 {made.sha256}")
        if made.has_keys:
            self.stdout.write(_("备份内含个人信息的加密密钥，请按密钥的要求保管。"))
        else:
            self.stdout.write(_("备份不含密钥：请另行保管密钥文件，缺少它就读不出证件号码和手机号。"))
