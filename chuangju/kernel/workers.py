"""执行进程名册 - which workers live: each says so now and then, and the leases of dead neighbours are let go of at once."""

from __future__ import annotations

import hashlib
import os
import socket
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet

from chuangju.kernel.models import Job, Worker

# A worker that has said nothing for so long is struck off.
FORGET_AFTER = timedelta(days=1)
# No sign of life from any worker for so long, and the pages say so.
SILENT_AFTER = timedelta(minutes=2)


def own_name() -> str:
    """machine-place-process: the place tells apart machines and containers that call themselves alike."""
    return f"{_place()}-{os.getpid()}"


def _place() -> str:
    marks = [socket.gethostname()]
    with suppress(OSError):
        marks += [Path("/proc/sys/kernel/random/boot_id").read_text("ascii"), str(Path("/proc/self/ns/pid").readlink())]
    return f"{marks[0][:60]}-{hashlib.sha256('|'.join(marks).encode()).hexdigest()[:6]}"


def live_workers(*, at: datetime) -> QuerySet[Worker]:
    """The processes that have been heard of lately; none means that nothing is being taken up."""
    return Worker.objects.filter(seen_at__gt=at - SILENT_AFTER)


@transaction.atomic
def sign_on(name: str, *, at: datetime) -> None:
    """Say that this worker lives."""
    Worker.objects.update_or_create(
        name=name, defaults={"seen_at": at}, create_defaults={"seen_at": at, "started_at": at}
    )
    Worker.objects.filter(seen_at__lt=at - FORGET_AFTER).delete()


@transaction.atomic
def sign_off(name: str) -> None:
    """This worker ends in order."""
    Worker.objects.filter(name=name).delete()


def let_go_of_the_dead(*, at: datetime) -> int:
    """End the leases of workers that were killed in this very place, so that nobody waits for them to run out."""
    place = _place()
    dead = [
        name
        for name in Worker.objects.filter(name__startswith=f"{place}-").values_list("name", flat=True)
        if not _lives(name.rpartition("-")[2])
    ]
    if not dead:
        return 0
    with transaction.atomic():
        Worker.objects.filter(name__in=dead).delete()
        return Job.objects.filter(worker__in=dead, state=Job.State.RUNNING, lease_until__gt=at).update(
            lease_until=at - timedelta(seconds=1)
        )


def _lives(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (OSError, ValueError):
        return True
    return True
