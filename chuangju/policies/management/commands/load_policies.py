"""`chuangju load_policies [FILE_OR_FOLDER ...]`: the district's own policy files, drafted by one account, published by another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.models import Installation, User
from chuangju.kernel.refusals import Refused
from chuangju.policies.policy_files import (
    PolicyFileRefused,
    check_policy_text,
    decode_policy_file,
    find_policy_files,
    notices_of_text,
    publish_policy_files,
)
from chuangju.units.models import Role, RoleAssignment

FINDING, BAD_FILE = 1, 2


class Command(BaseCommand):
    """All files or none; without paths, those in the district's own folder (CHUANGJU_POLICIES, else `policies` in the data)."""

    help = "载入本区自己的政策文件，由一人起草、另一人发布"

    def add_arguments(self, parser: CommandParser) -> None:
        """Files or folders, and the two accounts; a demo has both."""
        parser.add_argument("paths", nargs="*", type=Path, help="政策文件或文件夹，不填则为本区的政策文件夹")
        parser.add_argument("--by", default="", help="起草人的登录名（政策主管或创建办）")
        parser.add_argument("--published-by", default="", help="复核发布人的登录名（须是另一人）")
        parser.add_argument("--check", action="store_true", help="只核对，不载入")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Exit code 1 where a file has faults, 2 where it cannot be read or an account is missing."""
        at = timezone.now()
        try:
            paths = options["paths"] or [_own_folder()]
            files = [(path.name, decode_policy_file(path.read_bytes(), path.name)) for path in find_policy_files(paths)]
        except (OSError, PolicyFileRefused) as problem:
            raise CommandError(str(problem), returncode=BAD_FILE) from problem
        if not files:
            raise CommandError(_("没有政策文件（.yaml）：%(path)s") % {"path": paths[0]}, returncode=BAD_FILE)
        for name, text in files:
            for sentence in notices_of_text(text, name, at=at):
                self.stderr.write(f"{_('提示')}：{sentence}")
        try:
            if options["check"]:
                for name, text in files:
                    self.stdout.write(f"{name}  {check_policy_text(text, name, at=at).key}")
                return
            author, publisher = _accounts(options["by"], options["published_by"])
            taken = publish_policy_files(files, author=author, publisher=publisher, at=at)
        except PolicyFileRefused as problem:
            raise CommandError(str(problem), returncode=FINDING) from problem
        except Refused as problem:
            raise CommandError(str(problem), returncode=BAD_FILE) from problem
        for one in taken:
            self.stdout.write(f"{one.name}  {one.key}  {_('已发布') if one.is_new else _('早已发布，没有变化')}")


def _own_folder() -> Path:
    folder = Path(settings.POLICY_FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _accounts(author: str, publisher: str) -> tuple[User, User]:
    """The two by their names; a demo has two at the programme office, which are taken where none is named."""
    if not (author or publisher) and Installation.objects.filter(is_demo=True).exists():
        held = RoleAssignment.objects.held_on(timezone.localdate()).filter(role=Role.PROGRAMME_OFFICE)
        names = list(held.order_by("pk").values_list("user__username", flat=True)[:2])
        author, publisher = (*names, "", "")[:2]
    if not author or not publisher:
        raise CommandError(_("请用 --by 写明起草人，用 --published-by 写明复核发布的另一人"), returncode=BAD_FILE)
    return _account(author), _account(publisher)


def _account(name: str) -> User:
    found = User.objects.filter(username=name, is_active=True).first()
    if found is None:
        raise CommandError(_("没有登录名为“%(name)s”的账号") % {"name": name}, returncode=BAD_FILE)
    return found
