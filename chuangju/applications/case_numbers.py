"""办件编号 - district, day, running number: given once, at submission, without a gap within the day."""

from __future__ import annotations

import re
from datetime import date

from django.conf import settings

from chuangju.applications.models import Application
from chuangju.kernel.locks import take_locks

NUMBERS_LOCK = "applications.numbers"
# As people write it: with spaces, without hyphens, in full width.
_NUMBER = re.compile(r"(\d{6})-?(\d{8})-?(\d{4,6})")


def next_number(day: date) -> str:
    """The next number of a day; held by a lock until the transaction ends."""
    take_locks(NUMBERS_LOCK)
    prefix = f"{settings.DISTRICT['code']}-{day:%Y%m%d}-"
    # A range, not LIKE, which would go through every number there is.
    given = Application.objects.filter(number__range=(f"{prefix}00000", f"{prefix}99999"))
    found = given.order_by("-number").values_list("number", flat=True).first()
    taken = int(found.rpartition("-")[2]) if found else 0
    return f"{prefix}{taken + 1:05d}"


def read_number(text: str) -> str:
    """A number as somebody typed it, in the form in which it is kept; empty for what is none."""
    match = _NUMBER.fullmatch("".join(text.split()))
    return f"{match[1]}-{match[2]}-{int(match[3]):05d}" if match else ""
