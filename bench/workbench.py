"""What the clerk's workbench costs, queries and CPU milliseconds a request, with few cases and with very many.

It writes made cases into the installation that it runs in, so give it one of its own:

    CHUANGJU_DATA=var/bench CHUANGJU_DEMO=1 script/chuangju prepare
    CHUANGJU_DATA=var/bench CHUANGJU_DEMO=1 .venv/bin/python manage.py collectstatic --noinput
    CHUANGJU_DATA=var/bench CHUANGJU_DEMO=1 .venv/bin/python bench/workbench.py 2000 100000
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

PAGES = (
    ("待办 to do", "clerk", "/cases/"),
    ("待他人 with others", "clerk", "/cases/tabs/others/"),
    ("将超期 nearly due", "clerk", "/cases/tabs/soon/"),
    ("待付 to be paid", "clerk", "/cases/tabs/pay/"),
    ("领导 leader", "leader", "/cases/"),
    ("承办情况 team", "clerk", "/cases/team/"),
    ("全部办件 all cases", "clerk", "/cases/all/"),
    ("街镇全部办件 all of a town", "clerk-pujiang", "/cases/all/"),
    ("指标 indicators", "leader", "/staff/indicators/"),
)
ROUNDS = 31
GOAL_QUERIES, GOAL_MILLISECONDS = 12, 25


def measure(username: str, address: str) -> tuple[int, float]:
    """Queries and the median CPU milliseconds of one page for one person."""
    from django.db import connection  # noqa: PLC0415 - after django.setup()
    from django.test import Client  # noqa: PLC0415

    from chuangju.kernel.models import User  # noqa: PLC0415

    client = Client()
    client.force_login(User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    client.get(address)
    asked: list[str] = []

    def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        response = client.get(address)
    if response.status_code != 200:
        raise SystemExit(f"{address}: {response.status_code}")
    spent = []
    for _round in range(ROUNDS):
        begun = time.process_time()
        client.get(address)
        spent.append((time.process_time() - begun) * 1000)
    return len(asked), statistics.median(spent)


def report(cases: int) -> None:
    """The table of figures with so many cases in the database."""
    print(
        f"\n{f'{cases:,} 件 cases':<28}{'查询 queries':>14}{'CPU ms':>9}   goal {GOAL_QUERIES} / {GOAL_MILLISECONDS} ms"
    )
    for name, username, address in PAGES:
        queries, milliseconds = measure(username, address)
        print(f"{name:<28}{queries:>10}{milliseconds:>13.1f}", flush=True)


def main() -> int:
    """Make cases up to each of the numbers given, and measure at each."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django  # noqa: PLC0415 - the settings are named first

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from bench.made_cases import make_cases  # noqa: PLC0415
    from chuangju.applications.models import Application  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["testserver"]
    for goal in [int(text) for text in sys.argv[1:]] or [2_000, 100_000]:
        there = Application.objects.count()
        begun = time.perf_counter()
        opened = make_cases(max(0, goal - there), at=timezone.now(), seed=goal)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        print(f"made {max(0, goal - there):,} cases, {opened:,} of them open, in {time.perf_counter() - begun:.0f} s")
        report(Application.objects.count())
    return 0


if __name__ == "__main__":
    sys.exit(main())
