"""Time and memory of a piece of work, told as JSON; used by our side and by peers in an environment of their own."""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable
from typing import Any


def measure(work: Callable[[], Any], *, runs: int = 5) -> dict[str, float]:
    """Seconds by the clock and of the processor, the best of some runs."""
    wall = cpu = float("inf")
    for _ in range(runs):
        begun, spent = time.perf_counter(), time.process_time()
        work()
        wall, cpu = min(wall, time.perf_counter() - begun), min(cpu, time.process_time() - spent)
    return {"wall": wall, "cpu": cpu}


def tell(**found: Any) -> None:
    """One line of JSON, the most memory so far with it."""
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({**found, "peak_mb": megabytes}), flush=True)
