"""What handing in an application costs: statements and CPU milliseconds of the post, with however many cases there are.

It hands in within a transaction that is rolled back; run it in an installation with demo data:

    CHUANGJU_DATA=var/bench CHUANGJU_DEMO=1 .venv/bin/python bench/submission.py
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

ROUNDS = 31
POLICY = "rent_subsidy"
ANSWERS: dict[str, Any] = {
    "status": "active",
    "registered_on": "2024-05-02",
    "monthly_rent": 500_000,
    "rent_months_granted": 0,
    "leases": [{"district": "310112", "from": "2024-06-01", "to": "2027-05-31", "monthly_rent": 500_000, "area": 80}],
    "employees": [
        {"residence": "city", "groups": [], "hired_on": "2024-06-01", "contract_months": 12, "insured_months": 12},
        {"residence": "city", "groups": [], "hired_on": "2024-06-01", "contract_months": 12, "insured_months": 12},
    ],
}
# What belongs to the transaction itself, not to its questions.
_BRACKETS = ("SAVEPOINT", "RELEASE")


def hand_in(client: Any, firm: Any, user: Any, number: int, asked: list[str]) -> float:
    """One application handed in and rolled back: CPU milliseconds of the post; statements are added to `asked`."""
    from django.db import connection, transaction  # noqa: PLC0415 - after django.setup()
    from django.utils import timezone  # noqa: PLC0415

    from chuangju.applications.drafts import begin_application  # noqa: PLC0415
    from chuangju.applications.models import Application  # noqa: PLC0415
    from chuangju.applications.payee_accounts import give_account  # noqa: PLC0415

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not sql.startswith(_BRACKETS):
            asked.append(sql)
        return execute(sql, *rest)

    at = timezone.now()
    with transaction.atomic():
        live = Application.objects.filter(subject=firm, state__in=Application.LIVE_STATES)
        live.update(state="withdrawn", end_reason="-", channel="online")
        draft = begin_application(POLICY, firm, by=user, at=at, answers=ANSWERS)
        give_account(draft, name="-", number="6222000000000000", bank="-", by=user, at=at)
        draft.documents.update(state="given")
        form = {"pledge": "1", "insists": "1", "idempotency_key": f"bench-{number}"}
        address = f"/my/cases/{draft.pk}/fill/review/"
        if number % 2:
            begun = time.process_time()
            response = client.post(address, form)
            spent = (time.process_time() - begun) * 1000
        else:
            spent = 0.0
            with connection.execute_wrapper(note):
                response = client.post(address, form)
        if response.status_code != 302:
            raise SystemExit(response.content.decode()[:500])
        transaction.set_rollback(True)
    return spent


def main() -> int:
    """Print the figures."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django  # noqa: PLC0415 - the settings are named first

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from chuangju.applications.models import Application  # noqa: PLC0415
    from chuangju.kernel.models import User  # noqa: PLC0415
    from chuangju.ventures.access import acting_parties  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["testserver"]
    user = User.objects.get(username="founder")
    firm = acting_parties(user, timezone.localdate()).select_related("town").first()
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    # The session notes outside of what is rolled back that somebody is there.
    client.get("/my/cases/")
    hand_in(client, firm, user, 1, [])
    asked: list[str] = []
    hand_in(client, firm, user, 2, asked)
    spent = [hand_in(client, firm, user, 2 * number + 1, []) for number in range(1, ROUNDS + 1)]
    print(
        f"{Application.objects.count():,} cases: {len(asked)} statements, {statistics.median(spent):.1f} ms (goal 25 / 12)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
