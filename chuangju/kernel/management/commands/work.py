"""Take up jobs and duties until told to stop."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils.translation import gettext as _

from chuangju.kernel.job_worker import JobWorker, Pace
from chuangju.kernel.preparation import has_open_migrations
from chuangju.kernel.workers import own_name

SHORTEST_LEASE = 0.2


class Command(BaseCommand):
    """Any number of these may run, on any machine that reaches the database."""

    help = "执行后台任务和例行事务，直到收到停止信号；可同时运行多个"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """How many jobs at once, and whether to leave when nothing is left to do."""
        parser.add_argument("--once", action="store_true", help="做完现有的任务就结束")
        parser.add_argument("--jobs", type=int, default=Pace.at_once, help="同时执行的任务数（2）")
        parser.add_argument("--no-duties", action="store_true", help="只执行任务，例行事务由其他进程负责")
        parser.add_argument("--lease", type=float, default=Pace.lease.total_seconds(), help="租约秒数（45）")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line at the start and one at the end."""
        if has_open_migrations():
            raise CommandError(_("数据表尚未建立或不是最新，请先启动一次服务（script/server）。"), returncode=2)
        # One connection at a time, closed before each fork: a pool's threads would not survive one.
        connection.close()
        connection.settings_dict["OPTIONS"].pop("pool", None)
        lease = timedelta(seconds=max(SHORTEST_LEASE, options["lease"]))
        duties = None if options["no_duties"] else Pace.duties
        worker = JobWorker(own_name(), Pace(lease=lease, duties=duties, at_once=max(1, options["jobs"])))
        self.stdout.write(_("后台任务进程 %(name)s 已就绪") % {"name": worker.name})
        self.stdout.flush()
        ran = worker.run(until_idle=options["once"])
        self.stdout.write(
            _("后台任务进程 %(name)s 已停止，共执行 %(count)s 次任务") % {"name": worker.name, "count": ran}
        )
