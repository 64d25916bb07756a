"""Fill an empty database with demo data."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chuangju.kernel.demo import load_demo
from chuangju.kernel.refusals import Refused


class Command(BaseCommand):
    """Each demo set is loaded once; a database in real use is refused."""

    help = "载入演示数据（只用于空库或演示库）"

    def handle(self, *args: Any, **options: Any) -> None:
        """Name what was loaded."""
        try:
            for name in load_demo(at=timezone.now()):
                self.stdout.write(name)
        except Refused as refused:
            raise CommandError(refused.sentence, returncode=2) from refused
