"""资格 - what outlives the case: numbered, public, with a term; renewed, suspended, resumed, revoked, ended.

Where the policy's file names a list (`leaves: {kind: standing, list: district_incubators}`), its holder stands on that list
as long as the standing is active, so that other policies know of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.access import desk_units, reads_whole_desk, stands_in_case
from chuangju.applications.case_people import tell_applicants
from chuangju.applications.decision_settings import days_of, decision_settings
from chuangju.applications.models import Application, Decision, Standing
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused, StaleForm
from chuangju.rules.days import add_months
from chuangju.units.models import Role
from chuangju.ventures.memberships import MembershipRefused, join_list, leave_list
from chuangju.ventures.models import ListMembership

State = Standing.State
NUMBERS_LOCK = "applications.standing_numbers"
_LONGEST, _LONGEST_SOURCE = 500, 100


class StandingRefused(Refused):
    """The standing cannot be changed like this; the sentence says why."""


def give_standing(decision: Decision, leaf: Mapping[str, Any], *, on: date, by: User | None, at: datetime) -> Standing:
    """Give what a policy leaves to its subject, with the next number; a renewal goes on where the former term ends."""
    application = decision.application
    former = _former_of(application, str(leaf.get("list") or ""))
    starts = former.ends_on + timedelta(days=1) if former and former.ends_on and former.ends_on >= on else on
    words = leaf.get("label") if isinstance(leaf.get("label"), Mapping) else {}
    months = leaf.get("months")
    has_term = isinstance(months, int) and not isinstance(months, bool) and months > 0
    standing = Standing(
        decision=decision,
        party=application.subject,
        policy_id=application.policy_id,
        number=_next_number(on),
        title=str((words or {}).get("zh") or application.title)[:200],
        title_en=str((words or {}).get("en") or "")[:200],
        grade=str(leaf.get("grade") or "")[:40],
        list_key=str(leaf.get("list") or "")[:64],
        starts_on=starts,
        ends_on=last_day_of(starts, months) if has_term and isinstance(months, int) else None,
        is_public=bool(leaf.get("public", not application.subject.is_person)),
        renewed_from=former,
        is_demo=application.is_demo,
    )
    _join(standing, by=by, at=at)
    standing.save(force_insert=True)
    return standing


def last_day_of(starts: date, months: int) -> date:
    """The last day of so many months from a day on: the eve of its anniversary; the month's end where there is no such day."""
    anniversary = add_months(starts, months)
    return anniversary if anniversary.day < starts.day else anniversary - timedelta(days=1)


def state_on(standing: Standing, on: date) -> str:
    """In one word: what is stored, and beyond it what its days say: coming, expiring, expired."""
    if standing.state != State.ACTIVE:
        return standing.state
    if standing.starts_on > on:
        return "coming"
    if standing.ends_on is not None and standing.ends_on < on:
        return "expired"
    if standing.ends_on is not None and standing.ends_on <= on + timedelta(days=days_of("standing", "expiring_days")):
        return "expiring"
    return State.ACTIVE


def standings_visible_to(user: Any, on: date) -> QuerySet[Standing]:
    """Standings on the staff side: of one's unit's cases; leaders and the office see all."""
    found = Standing.objects.all()
    if reads_whole_desk(user, on):
        return found
    return found.filter(decision__application__unit__in=desk_units(user, on))


def public_standings(on: date) -> QuerySet[Standing]:
    """The public register: what holds today, or has been revoked, so that a certificate can be looked up."""
    return Standing.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), is_public=True, state=State.ACTIVE)


@transaction.atomic
def suspend_standing(
    standing: Standing, *, reason: str, revision: int | None = None, by: User, at: datetime
) -> Standing:
    """Let a standing rest while something is looked into; its holder leaves the list meanwhile."""
    fresh, words = _locked(standing, by, at, revision, State.ACTIVE), _checked(reason)
    return _stop(fresh, State.SUSPENDED, "standing_suspended", words, by=by, at=at)


@transaction.atomic
def resume_standing(
    standing: Standing, *, reason: str, revision: int | None = None, by: User, at: datetime
) -> Standing:
    """Let a suspended standing go on; its holder stands on the list again from this day."""
    fresh, words = _locked(standing, by, at, revision, State.SUSPENDED), _checked(reason)
    before, on = snapshot(fresh), timezone.localdate(at)
    if fresh.ends_on is not None and fresh.ends_on < on:
        raise StandingRefused(_("期限已过，不能恢复；请办理续期"))
    fresh.state, fresh.reason = State.ACTIVE, words
    _join(fresh, from_day=max(on, fresh.starts_on), by=by, at=at)
    return _keep(fresh, "standing_resumed", before, words, by=by, at=at)


@transaction.atomic
def revoke_standing(
    standing: Standing, *, reason: str, revision: int | None = None, by: User, at: datetime
) -> Standing:
    """Take a standing away for good; an approver does, and its certificate says so to whoever scans it."""
    fresh, words = _locked(standing, by, at, revision, State.ACTIVE, State.SUSPENDED), _checked(reason)
    if not _holds(by, fresh, at, Role.APPROVER):
        raise StandingRefused(_("撤销资格由责任单位的审批人办理"))
    return _stop(fresh, State.REVOKED, "standing_revoked", words, by=by, at=at)


@transaction.atomic
def end_standing(standing: Standing, *, reason: str, by: User | None, at: datetime) -> Standing:
    """A standing ends before its term: its holder gave it up, or what it rested on fell. Whoever calls it may."""
    fresh, words = _held(standing), _checked(reason)
    if fresh.state not in {State.ACTIVE, State.SUSPENDED}:
        return fresh
    return _stop(fresh, State.ENDED, "standing_ended", words, by=by, at=at)


def _stop(standing: Standing, state: str, action: str, words: str, *, by: User | None, at: datetime) -> Standing:
    before = snapshot(standing)
    _leave(standing, reason=words, by=by, at=at)
    standing.state, standing.reason = state, words
    return _keep(standing, action, before, words, by=by, at=at)


def _keep(
    standing: Standing, action: str, before: dict[str, Any], words: str, *, by: User | None, at: datetime
) -> Standing:
    standing.revision += 1
    standing.save()
    application = standing.decision.application
    record_event(
        f"applications.{action}", standing, by=by, at=at, before=before, after=snapshot(standing),
        about=application, reason=words,
    )  # fmt: skip
    values = {"standing": standing.title, "state": standing.get_state_display, "reason": words}
    tell_applicants(application, "applications.standing_changed", at=at, values=values)
    return standing


def _held(standing: Standing) -> Standing:
    rows = Standing.objects.select_for_update(of=("self",)).select_related("party", "decision__application__subject")
    return rows.get(pk=standing.pk)


def _locked(standing: Standing, by: User, at: datetime, revision: int | None, *states: str) -> Standing:
    fresh = _held(standing)
    if not _holds(by, fresh, at, Role.CLERK, Role.APPROVER):
        raise StandingRefused(_("只有责任单位的经办人和审批人可以办理"))
    if revision is not None and revision != fresh.revision:
        raise StaleForm(_("这项资格刚由他人办理，请刷新后查看"))
    if fresh.state not in states:
        raise StandingRefused(_("这项资格现在是“%(state)s”，不能这样办理") % {"state": fresh.get_state_display()})
    return fresh


def _holds(by: User, standing: Standing, at: datetime, *roles: str) -> bool:
    application = standing.decision.application
    is_of_unit = application.unit_id in desk_units(by, timezone.localdate(at), *roles)
    return is_of_unit and not stands_in_case(by, application)


def _checked(reason: str) -> str:
    words = " ".join(reason.split())[:_LONGEST]
    if not words:
        raise StandingRefused(_("请写明原因"))
    return words


def _join(standing: Standing, *, from_day: date | None = None, by: User | None, at: datetime) -> None:
    """Put the holder on the list; where the register has them there already, that entry counts."""
    if not standing.list_key:
        return
    starts = from_day or standing.starts_on
    try:
        with transaction.atomic():
            join_list(
                standing.list_key, standing.party, starts_on=starts, ends_on=standing.ends_on,
                source=_source(standing), by=by, at=at,
            )  # fmt: skip
    except MembershipRefused:
        return


def _source(standing: Standing) -> str:
    """Whence its entry of the list is; what the register brought stands there under another name."""
    room = _LONGEST_SOURCE - len(standing.number) - 1
    return f"{standing.title[:room]} {standing.number}"


def _leave(standing: Standing, *, reason: str, by: User | None, at: datetime) -> None:
    on = timezone.localdate(at)
    # Of its own term: the one before a renewal that is given up goes on.
    rows = ListMembership.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=max(on, standing.starts_on)))
    rows = rows.filter(list_key=standing.list_key, party=standing.party, source=_source(standing))
    for entry in rows if standing.ends_on is None else rows.filter(starts_on__lte=standing.ends_on):
        day = max(entry.starts_on, on - timedelta(days=1))
        leave_list(entry, ends_on=day, reason=reason, by=by, at=at)


def _former_of(application: Application, list_key: str) -> Standing | None:
    """The standing that a renewal renews."""
    if application.kind != Application.Kind.RENEWAL or application.parent is None:
        return None
    found = Standing.objects.filter(
        decision__application=application.parent, list_key=list_key, party=application.subject
    )
    return found.order_by("-starts_on").first()


def _next_number(on: date) -> str:
    """The next number of a year; held by a lock until the transaction ends."""
    take_locks(NUMBERS_LOCK)
    prefix = f"{decision_settings()['standing']['prefix']}{settings.DISTRICT['code']}-{on.year}-"
    given = Standing.objects.filter(number__startswith=prefix).order_by(Length("number").desc(), "-number")
    found = given.values_list("number", flat=True).first()
    return f"{prefix}{(int(found.rpartition('-')[2]) if found else 0) + 1:04d}"
