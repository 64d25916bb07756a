"""The steps of a start that need the product itself; answers with one line of JSON. Runs in the project's environment.

`python installation.py collect` collects static files; `python installation.py prepare` brings the database up to date.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.utils import translation

PROJECT = Path(__file__).resolve().parent.parent.parent
# A role held for one unit each is shown by its first few holders; the rest are called alike.
SHOWN_FOR_EACH_ROLE = 2


def collect() -> dict[str, Any]:
    """Collect static files under names with digests, compressed."""
    call_command("collectstatic", interactive=False, verbosity=0)
    return {}


def prepare() -> dict[str, Any]:
    """Migrate, load reference data and, in demo mode, the demo set; then name the demo accounts."""
    call_command("prepare", verbosity=0)
    if not settings.DEMO:
        return {"accounts": [], "password": ""}
    from chuangju.units.demo import DEMO_PASSWORD  # noqa: PLC0415 - needs Django's registry

    return {"accounts": list(demo_accounts()), "password": DEMO_PASSWORD}


def demo_accounts() -> Iterator[dict[str, str]]:
    """The demo accounts with their roles in the order of the roles, a few for each."""
    from chuangju.units.models import Role, RoleAssignment  # noqa: PLC0415 - needs Django's registry

    held = RoleAssignment.objects.filter(user__is_demo=True).select_related("user", "unit")
    for role in Role:
        for assignment in held.filter(role=role).order_by("unit__position", "user")[:SHOWN_FOR_EACH_ROLE]:
            with translation.override("en"):
                english = str(role.label)
            unit = f" · {assignment.unit.name}" if assignment.unit else ""
            with translation.override("zh-hans"):
                chinese = str(role.label)
            # Without its catalogue, English is the Chinese once more.
            told = f"{chinese}{unit}" + (f"  {english}" if english != chinese else "")
            yield {"username": assignment.user.username, "name": assignment.user.name, "role": told}


def refusal_of(fault: Exception) -> tuple[str, str]:
    """One sentence in Chinese and one in English for what a user can put right; any other fault is raised again."""
    refused = next((one for one in (fault, fault.__cause__) if hasattr(one, "sentence")), None)
    if refused is not None:
        with translation.override("en"):
            english = _plain(refused.sentence)
        with translation.override("zh-hans"):
            return _plain(refused.sentence), english
    said = _plain(fault)
    if isinstance(fault, CommandError):
        return said, said
    if isinstance(fault, DatabaseError):
        return (
            f"数据库无法使用（{said.splitlines()[0]}），请检查 DATABASE_URL、数据文件夹的权限和磁盘空间",
            "the database cannot be used; check DATABASE_URL, the data folder's permissions and the disk",
        )
    if isinstance(fault, OSError):
        return f"文件无法读写（{said}）", "a file cannot be read or written"
    raise fault


def _plain(text: object) -> str:
    """A sentence without its full stop: the line that shows it sets its own."""
    return str(text).strip().rstrip("。.") or "?"


def main(steps: dict[str, Callable[[], dict[str, Any]]]) -> int:
    """Do the step that is asked for, and print its answer as the last line."""
    sys.path.insert(0, str(PROJECT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        with redirect_stdout(io.StringIO()):
            django.setup()
            answer = steps[sys.argv[1]]()
    except Exception as fault:  # noqa: BLE001 - what is not a refusal is raised again
        answer = {"refused": refusal_of(fault)}
    print(json.dumps(answer))
    return 1 if "refused" in answer else 0


if __name__ == "__main__":
    sys.exit(main({"collect": collect, "prepare": prepare}))
