"""有效期 - which policies run out when, how pressing that is, and until when the evaluation is due; computed from dates."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Any

from django.db.models import Case, CharField, IntegerField, Q, QuerySet, TextChoices, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from chuangju.policies.models import PolicyRecord
from chuangju.ui.signs import Sign

# Months before the last day on which the unit's policy officer is reminded, the first first.
REMINDED_MONTHS = (6, 3, 1)
# So many months before the last day the evaluation should be there.
EVALUATION_MONTHS = 3


class Expiry(TextChoices):
    """到期状态: how a policy in force stands to its last day."""

    EXPIRED = "expired", _("已过有效期")
    URGENT = "urgent", _("1 个月内到期")
    SOON = "soon", _("6 个月内到期")
    EVALUATED = "evaluated", _("已评估")
    LATER = "later", _("有效")
    OPEN_ENDED = "open_ended", _("未登记有效期")


_SHAPES = {
    Expiry.EXPIRED: "late",
    Expiry.URGENT: "late",
    Expiry.SOON: "soon",
    Expiry.EVALUATED: "info",
    Expiry.LATER: "good",
    Expiry.OPEN_ENDED: "flat",
}


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the last of a shorter month."""
    return months_after(day, -months)


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of a shorter month."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def evaluation_due_on(record: PolicyRecord) -> date | None:
    """Until when the evaluation should be there; None without a last day."""
    return months_before(record.valid_until, EVALUATION_MONTHS) if record.valid_until else None


def expiry_of(record: PolicyRecord, *, on: date) -> Expiry:
    """How the last day of an issued policy stands to this day."""
    until = record.valid_until
    if until is None:
        return Expiry.OPEN_ENDED
    if until < on:
        return Expiry.EXPIRED
    if until > months_after(on, REMINDED_MONTHS[0]):
        return Expiry.LATER
    if record.conclusion and record.conclusion != PolicyRecord.Conclusion.CONTINUE:
        return Expiry.EVALUATED
    return Expiry.URGENT if until <= months_after(on, REMINDED_MONTHS[-1]) else Expiry.SOON


def expiry_sign(record: PolicyRecord, *, on: date) -> Sign | None:
    """The traffic light of an issued policy; nothing for one that is being made or is over."""
    if record.state != PolicyRecord.State.ISSUED:
        return None
    found = expiry_of(record, on=on)
    return Sign(_SHAPES[found], str(found.label))


def days_left(record: PolicyRecord, *, on: date) -> str:
    """How far the last day is, in words."""
    if record.valid_until is None:
        return ""
    days = (record.valid_until - on).days
    if days < 0:
        return pgettext("expiry", "已过 %(days)d 天") % {"days": -days}
    return pgettext("expiry", "还有 %(days)d 天") % {"days": days}


def records_with_expiry(records: QuerySet[PolicyRecord], *, on: date) -> QuerySet[Any]:
    """Records with `expiry`, the same as `expiry_of`, for filters and order; empty for what is not in force.

    And with `rank`: what is being made comes first, then what is issued.
    """
    soon, urgent = months_after(on, REMINDED_MONTHS[0]), months_after(on, REMINDED_MONTHS[-1])
    decided = Q(conclusion__in=(PolicyRecord.Conclusion.AMEND, PolicyRecord.Conclusion.REPEAL))
    light = Case(
        When(~Q(state=PolicyRecord.State.ISSUED), then=Value("")),
        When(valid_until__isnull=True, then=Value(Expiry.OPEN_ENDED)),
        When(valid_until__lt=on, then=Value(Expiry.EXPIRED)),
        When(valid_until__gt=soon, then=Value(Expiry.LATER)),
        When(decided, then=Value(Expiry.EVALUATED)),
        When(valid_until__lte=urgent, then=Value(Expiry.URGENT)),
        default=Value(Expiry.SOON),
        output_field=CharField(),
    )
    rank = Case(
        When(state=PolicyRecord.State.MAKING, then=Value(0)),
        When(state=PolicyRecord.State.ISSUED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return records.annotate(expiry=light, rank=rank)


def records_in_force(*, on: date) -> QuerySet[PolicyRecord]:
    """The records of policies in force on a day."""
    begun = Q(effective_from__isnull=True) | Q(effective_from__lte=on)
    lasting = Q(valid_until__isnull=True) | Q(valid_until__gte=on)
    standing = Q(repealed_on__isnull=True) | Q(repealed_on__gte=on)
    ended = (PolicyRecord.State.MAKING, PolicyRecord.State.ABANDONED)
    return PolicyRecord.objects.exclude(state__in=ended).filter(begun, lasting, standing)


def expiring_records(*, on: date, months: int = REMINDED_MONTHS[0]) -> QuerySet[PolicyRecord]:
    """Policies in force that run out within so many months, the first to go first."""
    return (
        records_in_force(on=on)
        .filter(state=PolicyRecord.State.ISSUED, valid_until__lte=months_after(on, months))
        .order_by("valid_until", "pk")
    )


def policies_in_force(*, on: date) -> frozenset[str]:
    """The ids of the policies in force on a day; one query."""
    return frozenset(records_in_force(on=on).values_list("policy_id", flat=True))
