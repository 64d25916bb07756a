"""Makes the first accounts of a new installation: its system administrator, security administrator and auditor."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from chuangju.kernel.refusals import Refused
from chuangju.units.access import ADMINISTRATOR_ROLES
from chuangju.units.accounts import create_account
from chuangju.units.assignments import grant_role


class Command(BaseCommand):
    """`appoint_administrator security_administrator zhang 张三` prints a temporary password, shown this once."""

    help = "新建账号并任命为三员之一（系统管理员、安全保密管理员、安全审计员），显示一次临时密码"

    def add_arguments(self, parser: CommandParser) -> None:
        """Role, sign-in name, name."""
        parser.add_argument("role", choices=sorted(ADMINISTRATOR_ROLES), help="角色")
        parser.add_argument("username", help="登录名")
        parser.add_argument("name", help="姓名")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the temporary password; one sentence where the appointment is refused."""
        del args
        at = timezone.now()
        try:
            with transaction.atomic():
                user, password = create_account(username=options["username"], name=options["name"], by=None, at=at)
                grant_role(user, role=options["role"], starts_on=timezone.localdate(at), by=None, at=at)
        except Refused as refused:
            raise CommandError(refused.sentence, returncode=2) from refused
        self.stdout.write(f"{user.username}  {password}")
