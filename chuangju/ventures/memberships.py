"""名单 - dated lists that parties stand on: recognised incubators, key industries, defaulters; joined and left on a day."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.ventures.models import ListMembership, Party

LISTS_LOCK = "ventures.lists"


class MembershipRefused(Refused):
    """The party cannot join or leave the list like this; the sentence says why."""


@transaction.atomic
def join_list(
    list_key: str,
    party: Party,
    *,
    starts_on: date,
    source: str,
    ends_on: date | None = None,
    by: User | None,
    at: datetime,
) -> ListMembership:
    """Put a party on a list from a day on; joining again on the same terms gives the same entry.

    Whoever calls it has decided that they may. Raises MembershipRefused.
    """
    if ends_on is not None and ends_on < starts_on:
        raise MembershipRefused(_("截止日期不能早于起始日期"))
    take_locks(LISTS_LOCK)
    entries = ListMembership.objects.filter(list_key=list_key, party=party)
    same = entries.filter(starts_on=starts_on, ends_on=ends_on).first()
    if same is not None:
        return same
    later = entries.filter(starts_on__lte=ends_on) if ends_on else entries
    if any(entry.ends_on is None or entry.ends_on >= starts_on for entry in later):
        raise MembershipRefused(_("这一主体在这段时间已在名单中"))
    entry = ListMembership.objects.create(
        list_key=list_key,
        party=party,
        starts_on=starts_on,
        ends_on=ends_on,
        source=source,
        recorded_by=by,
        recorded_at=at,
    )
    record_event("ventures.list_joined", entry, by=by, at=at, after=snapshot(entry), about=party)
    return entry


@transaction.atomic
def leave_list(entry: ListMembership, *, ends_on: date, reason: str, by: User | None, at: datetime) -> None:
    """The last day on the list; raises MembershipRefused."""
    take_locks(LISTS_LOCK)
    fresh = ListMembership.objects.select_for_update().get(pk=entry.pk)
    if fresh.ends_on is not None and fresh.ends_on <= ends_on:
        raise MembershipRefused(_("这一主体已于 %(day)s 退出名单") % {"day": fresh.ends_on.isoformat()})
    if ends_on < fresh.starts_on:
        raise MembershipRefused(_("截止日期不能早于起始日期"))
    before = {"ends_on": fresh.ends_on}
    fresh.ends_on = ends_on
    fresh.save(update_fields=["ends_on"])
    after = {"ends_on": ends_on}
    record_event(
        "ventures.list_left", fresh, by=by, at=at, before=before, after=after, about=fresh.party, reason=reason
    )


def lists_of(party: Party, *, on: date) -> list[str]:
    """The lists that a party stands on that day."""
    rows = ListMembership.objects.filter(party=party).holding_on(on)
    return sorted(rows.values_list("list_key", flat=True))


def is_on_list(list_key: str, party: Party, *, on: date) -> bool:
    """Whether a party stands on a list that day."""
    return ListMembership.objects.filter(list_key=list_key, party=party).holding_on(on).exists()
