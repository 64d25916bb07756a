"""Write the heads of the audit chains to today's anchor file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from chuangju.kernel.anchors import export_anchor


class Command(BaseCommand):
    """Runs daily; the file is best copied to another machine."""

    help = "把各审计链的链首写入当日锚文件（建议复制到另一台机器保存）"

    def add_arguments(self, parser: CommandParser) -> None:
        """Another folder may be given."""
        parser.add_argument("--folder", type=Path, default=None)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print where it was written."""
        self.stdout.write(str(export_anchor(timezone.localdate(), options["folder"])))
