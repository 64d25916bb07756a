"""政策预备 - every policy is made ready for its day before somebody asks: today's at the start, tomorrow's in the evening.

Folding a version's dates and figures for a day takes a few milliseconds each; a thread of the web process does it between the
requests, so that the first reader of a day does not wait for all of them. Nothing depends on it: what is not ready is made
ready when it is asked for.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.db import DatabaseError, connection
from django.utils import timezone

from chuangju.policies.check_explaining import policies_answering
from chuangju.policies.current import current_catalogue
from chuangju.rules.explain import explain

log = logging.getLogger(__name__)
# From this hour on tomorrow is prepared as well.
_EVENING = 21
# The first pages of a fresh start come before; afterwards a look every few minutes, which costs nothing while all is ready.
_FIRST_PAUSE_SECONDS, _PAUSE_SECONDS, _BREATH_SECONDS = 3.0, 300.0, 0.02


def days_wanted(at: datetime) -> tuple[date, ...]:
    """The days to be ready for at a moment on the district's clock."""
    local = timezone.localtime(at)
    today = local.date()
    return (today, today + timedelta(days=1)) if local.hour >= _EVENING else (today,)


def prepare_days(days: Iterable[date], *, breath: float = 0.0) -> int:
    """Make the policies ready that answer on these days, with a pause after each; how many there are."""
    catalogue, count = current_catalogue(), 0
    for day in days:
        for policy in policies_answering(catalogue, day):
            explain(policy, {}, on=day)
            count += 1
            time.sleep(breath)
    return count


def _keep_ready(stop: threading.Event, clock: Callable[[], datetime]) -> None:
    pause = _FIRST_PAUSE_SECONDS
    while not stop.wait(pause):
        pause = _PAUSE_SECONDS
        try:
            prepare_days(days_wanted(clock()), breath=_BREATH_SECONDS)
        except DatabaseError:
            log.warning("policies could not be made ready for the day", exc_info=True)
        finally:
            connection.close()


def start_preparing(clock: Callable[[], datetime]) -> threading.Event:
    """Begin in a thread that ends with its process, or once the event is set; for the entry of the web server alone."""
    stop = threading.Event()
    threading.Thread(target=_keep_ready, args=(stop, clock), name="policies-of-the-day", daemon=True).start()
    return stop
