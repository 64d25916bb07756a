"""失效 - drafts that nobody touches and offers that nobody answers end by themselves, so that lists tell what lives."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_noop as _

from chuangju.applications.apply_settings import apply_settings
from chuangju.applications.case_locks import lock_application
from chuangju.applications.models import Application
from chuangju.applications.submissions import end_application
from chuangju.kernel.audit import record_event
from chuangju.kernel.duty_periods import DutyPeriod

_MOST = 500
# Kept in one language, as the log is.
_REASONS = {Application.State.DRAFT: _("长期未填写"), Application.State.OFFERED: _("逾期未确认领取")}


def lapse_old_cases(period: DutyPeriod) -> int:
    """The duty: what has lain too long by the day of the period; how many."""
    return lapse_cases(on=period.on, at=period.at)


def lapse_cases(*, on: date, at: datetime) -> int:
    """End old drafts and unanswered offers, each in a transaction of its own; how many."""
    settings, count = apply_settings(), 0
    for state, days in (
        (Application.State.DRAFT, settings.draft_days),
        (Application.State.OFFERED, settings.offer_days),
    ):
        old = Application.objects.filter(state=state, changed_at__date__lt=on - timedelta(days=days))
        for application in old.order_by("changed_at", "pk")[:_MOST]:
            count += _lapse(application, state, at=at)
    return count


@transaction.atomic
def _lapse(application: Application, state: str, *, at: datetime) -> bool:
    fresh = lock_application(application)
    if fresh.state != state:
        return False
    reason = _REASONS[Application.State(state)]
    end_application(fresh, Application.State.LAPSED, reason=reason, by=None, at=at)
    record_event(
        "applications.lapsed",
        fresh,
        by=None,
        at=at,
        before={"state": state},
        after={"state": fresh.state},
        reason=reason,
    )
    return True
