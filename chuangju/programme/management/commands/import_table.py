"""`chuangju table FILE --import --by USERNAME`: put a table into force from the command line, all or nothing."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.papers.grids import UnreadableFile
from chuangju.programme.imports import UnitChoice, create_version, unknown_names
from chuangju.programme.table import read_table_guarded


class Command(BaseCommand):
    """Reads the file apart, then imports it in the name of an account of the programme office."""

    help = "把任务表文件导入为新版本"

    def add_arguments(self, parser: CommandParser) -> None:
        """File, account, name and first day of the version."""
        parser.add_argument("file", type=Path, help="任务表文件")
        parser.add_argument("--by", required=True, help="由谁导入（创建办账号的登录名）")
        parser.add_argument("--name", default="", help="版本名称，不填则用表题")
        parser.add_argument("--effective", type=date.fromisoformat, default=None, help="起用日期，不填则为今天")
        parser.add_argument("--new-units", action="store_true", help="把没有登记过的单位名称作为新单位加入")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Exit code 2 with one sentence where the table cannot be read or imported."""
        file, at = options["file"], timezone.now()
        on = options["effective"] or timezone.localdate(at)
        by = User.objects.filter(username=options["by"]).first()
        if by is None:
            raise CommandError(_("没有登录名为“%(name)s”的账号") % {"name": options["by"]}, returncode=2)
        try:
            read = read_table_guarded(file)
            choices = {name: UnitChoice() for name in unknown_names(read, on=on)} if options["new_units"] else {}
            version = create_version(
                read,
                name=options["name"],
                effective_from=on,
                file_name=file.name,
                file_sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
                by=by,
                at=at,
                unit_choices=choices,
            )
        except (UnreadableFile, Refused) as problem:
            raise CommandError(str(problem), returncode=2) from problem
        self.stdout.write(
            _("已导入“%(name)s”，现为第 %(number)d 版：%(count)d 项任务")
            % {"name": version, "number": version.number, "count": len(read.tasks)}
        )
