"""What a page costs: queries and CPU milliseconds a request, over the demo data, as the server answers it.

Run in an installation with demo data: `script/check pages`.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import django

PAGES = (
    ("公开首页 public home", "", "/"),
    ("创建进展 public programme", "", "/programme/"),
    ("公开任务 public task", "", "/programme/start-up-support/"),
    ("政策目录 policies", "", "/policies/"),
    ("政策页 policy", "", "/policies/rent_subsidy/"),
    ("测算问题 question", "", "/check/questions/staff/"),
    ("测算结果 entitlements", "", "/check/answer/"),
    ("积分规划 planner", "", "/planner/residence_points/"),
    ("减税测算 taxes", "", "/calculators/tax/"),
    ("贷款测算 loans", "", "/calculators/loan/"),
    ("任务分解表 living table", "office", "/staff/table/"),
    ("任务页 task", "office", "/staff/table/tasks/start-up-support/"),
    ("落实节点 milestones", "office", "/staff/milestones/"),
    ("版本对比 comparison", "office", "/staff/table/versions/2/compare/1/"),
    ("成员单位 units", "office", "/staff/units/"),
    ("审计日志 audit log", "auditor", "/staff/audit/"),
)
ROUNDS = 40


def measure(username: str, address: str) -> tuple[int, int, float]:
    """Queries, bytes and the median CPU milliseconds of one page for one person."""
    from django.db import connection  # noqa: PLC0415 - after django.setup()
    from django.test import Client  # noqa: PLC0415

    from chuangju.kernel.models import User  # noqa: PLC0415

    client = Client()
    if username:
        client.force_login(User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    _tell(client)
    client.get(address)
    asked: list[str] = []

    def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        response = client.get(address)
    spent = []
    for _round in range(ROUNDS):
        begun = time.process_time()
        client.get(address)
        spent.append((time.process_time() - begun) * 1000)
    return len(asked), len(response.content), statistics.median(spent)


def _tell(client: Any) -> None:
    """The answers of the demo's founder in the session, so that public pages show somebody's own results."""
    from django.utils import timezone  # noqa: PLC0415 - after django.setup()

    from chuangju.policies.demo_checks import demo_answers  # noqa: PLC0415

    session = client.session
    session["check"] = demo_answers(timezone.now()).kept()
    session.save()


def main() -> int:
    """Print the table of figures."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.conf import settings  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["testserver"]
    print(f"{'页面 page':<32}{'查询 queries':>14}{'KB':>8}{'CPU ms':>9}")
    for name, username, address in PAGES:
        queries, size, milliseconds = measure(username, address)
        print(f"{name:<32}{queries:>10}{size / 1024:>10.0f}{milliseconds:>9.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
