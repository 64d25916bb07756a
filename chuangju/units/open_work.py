"""手头工作 - what somebody still has on their desk; packages above tell of theirs, so that a hand-over names it all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from chuangju.kernel.models import User
from chuangju.kernel.registry import Registry


@dataclass(frozen=True)
class OpenWork:
    """One kind of work: what it is called, how much of it somebody has on a day, and where all of it is listed."""

    key: str
    label: str | Promise
    count: Callable[[User, date], int]
    address: Callable[[], str] | None = None


@dataclass(frozen=True)
class OpenWorkLine:
    """How much of one kind somebody has."""

    label: str | Promise
    count: int
    url: str


open_work: Registry[str, OpenWork] = Registry("open_work")


def register_open_work(work: OpenWork) -> None:
    """Let a hand-over say how much of this somebody leaves behind."""
    open_work.register(work.key, work)


def open_work_of(user: User, *, on: date) -> list[OpenWorkLine]:
    """Each kind of which somebody has any; one question to each package."""
    counted = [(work, work.count(user, on)) for work in open_work.values()]
    return [OpenWorkLine(work.label, count, work.address() if work.address else "") for work, count in counted if count]
