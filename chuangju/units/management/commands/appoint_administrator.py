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

    help = "Make an account and grant it one of the three administrator roles."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", choices=sorted(ADMINISTRATOR_ROLES))
        parser.add_argument("username")
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        del args
        at = timezone.now()
        try:
            with transaction.atomic():
                user, password = create_account(username=options["username"], name=options["name"], by=None, at=at)
                grant_role(user, role=options["role"], starts_on=timezone.localdate(at), by=None, at=at)
        except Refused as refused:
            raise CommandError(refused.sentence) from None
        self.stdout.write(f"{user.username}  {password}")
