"""Write the search index anew from the records."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from chuangju.kernel.search import rebuild_index


class Command(BaseCommand):
    """For after a restore or where `verify` found the index at odds with the records; searching goes on meanwhile."""

    help = "重建检索索引"

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many records can be found."""
        self.stdout.write(_("检索索引已重建，共 %(count)s 条。") % {"count": rebuild_index()})
