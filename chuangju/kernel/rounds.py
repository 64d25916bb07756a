"""巡回 - what a worker does every minute beside jobs and duties, each outside any transaction: sending what waits."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import connection

from chuangju.kernel.registry import Registry

log = logging.getLogger(__name__)

rounds: Registry[str, Callable[[datetime], object]] = Registry("rounds")


def register_round(name: str, run: Callable[[datetime], object]) -> None:
    """Have every worker call `run(at)` each minute; several at once must not disturb each other."""
    rounds.register(name, run)


def run_rounds(*, at: datetime) -> list[str]:
    """Call each of them once; one that fails does not keep the others from running. The names of those that ran."""
    done = []
    for name, run in rounds.items():
        try:
            run(at)
        except Exception:
            log.exception("the round %s could not be made", name)
            if not connection.in_atomic_block:
                connection.close()
        else:
            done.append(name)
    return done
