"""标记 - what holds a case up or needs eyes, from a moment to a moment, with its reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chuangju.applications.models import Application, ApplicationFlag
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused

Kind = ApplicationFlag.Kind
LONGEST_REASON = 500
# While one of these is open the case stands still.
PAUSING = frozenset({Kind.CORRECTION, Kind.SUSPENDED})
# While one of these is open nobody reviews or decides.
BLOCKING = PAUSING | {Kind.OVERDUE}


class FlagRefused(Refused):
    """The case cannot be marked like this; the sentence says why."""


@transaction.atomic
def raise_flag(application: Application, kind: str, *, reason: str, by: User | None, at: datetime) -> ApplicationFlag:
    """Mark a case; where it is marked so already the first mark stands. Raises FlagRefused without a reason."""
    words = " ".join(reason.split())[:LONGEST_REASON]
    if not words:
        raise FlagRefused(_("请写明原因"))
    found = application.flags.filter(kind=kind, ended_at__isnull=True).first()
    if found is not None:
        return found
    flag = ApplicationFlag.objects.create(application=application, kind=kind, reason=words, began_at=at, began_by=by)
    record_event("applications.flag_raised", flag, by=by, at=at, after=snapshot(flag), about=application, reason=words)
    return flag


@transaction.atomic
def lower_flag(application: Application, kind: str, *, by: User | None, at: datetime) -> ApplicationFlag | None:
    """Take a mark away; None where the case bears none."""
    flag = application.flags.select_for_update().filter(kind=kind, ended_at__isnull=True).first()
    if flag is None:
        return None
    before = snapshot(flag)
    flag.ended_at = max(at, flag.began_at)
    flag.save(update_fields=["ended_at"])
    record_event(
        "applications.flag_lowered", flag, by=by, at=at, before=before, after=snapshot(flag), about=application
    )
    return flag


def open_flags(application: Application) -> list[ApplicationFlag]:
    """The marks that a case bears now."""
    return list(application.flags.filter(ended_at__isnull=True))


def blocking_flag(application: Application) -> ApplicationFlag | None:
    """The mark that keeps everybody from reviewing and deciding; None where there is none."""
    return next((flag for flag in open_flags(application) if flag.kind in BLOCKING), None)
