"""Change the keys of personal data."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.encryption import key_file
from chuangju.kernel.key_rotation import forget_old_keys, rotate_keys
from chuangju.kernel.refusals import Refused


class Command(BaseCommand):
    """A run that was broken off is taken up by the next one; old keys go in a step of their own."""

    help = "更换个人信息的加密密钥并重新加密；中断后再运行即接着做。--forget-old 移除已不再使用的旧密钥"

    def add_arguments(self, parser: CommandParser) -> None:
        """Old keys are taken out only where asked for."""
        parser.add_argument("--forget-old", action="store_true", help="移除已不再使用的旧密钥")

    def handle(self, *args: Any, **options: Any) -> None:
        """Progress on one line, then what was done and what to do next."""
        try:
            if options["forget_old"]:
                self._forget()
            else:
                self._rotate()
        except Refused as refused:
            raise CommandError(refused.sentence, returncode=2) from refused

    def _rotate(self) -> None:
        done = rotate_keys(at=timezone.now(), tell=self._tell)
        told = {"key": done.key_id, "records": done.records, "file": key_file()}
        if done.is_resumed:
            self.stdout.write(_("接着上次未完成的换钥。"))
        self.stdout.write(_("换钥完成：新密钥 %(key)s，重新加密 %(records)s 条记录。请备份 %(file)s。") % told)
        self.stdout.write(_("确认备份后，运行 chuangju rotate_keys --forget-old 移除旧密钥。"))

    def _forget(self) -> None:
        gone = forget_old_keys(at=timezone.now())
        text = _("已移除旧密钥：%(keys)s。") % {"keys": "、".join(gone)} if gone else _("没有可移除的旧密钥。")
        self.stdout.write(text)

    def _tell(self, done: int, total: int) -> None:
        self.stderr.write(_("正在重新加密：%(done)s/%(total)s") % {"done": done, "total": total})
