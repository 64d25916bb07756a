"""权限复核 - who may do what, what about it deserves a look, and that somebody looked at it in time.

Every account stands in the list with its roles, appointments, delegations and flags; the flags are questions to the
database, so that the list can be narrowed to one of them and its figures are exact.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import AuditEvent, User
from chuangju.kernel.outbox import notify
from chuangju.kernel.refusals import Refused
from chuangju.units.access import STAFF_ROLES, has_role
from chuangju.units.models import AccessReview, Appointment, Delegation, Role, RoleAssignment

UNUSED_DAYS = 90
_TAKEN_BACK = ("units.role_ended", "units.account_disabled")
_FULL_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class AccessReviewRefused(Refused):
    """A review that cannot be recorded like this."""


class Flag(models.TextChoices):
    """What about an account deserves a look."""

    DISABLED_WITH_ROLES = "disabled_with_roles", gettext_lazy("已停用仍有角色")
    ROLES_OF_ABOLISHED_UNIT = "roles_of_abolished_unit", gettext_lazy("单位已撤销仍有角色")
    UNUSED = "unused", gettext_lazy("90 天未登录")
    NO_SECOND_FACTOR = "no_second_factor", gettext_lazy("无第二因素")
    APPOINTED_WITHOUT_ROLE = "appointed_without_role", gettext_lazy("任命为联络员而无角色")
    ROLE_WITHOUT_APPOINTMENT = "role_without_appointment", gettext_lazy("有联络员角色而无任命")


def accounts_for_review(accounts: QuerySet[User], on: date, at: datetime) -> QuerySet[Any]:
    """The accounts with what a reviewer looks at: a fixed number of queries however many accounts there are.

    Adds `held` (roles not yet ended, with unit and whoever granted them), `lent`, `borrowed`, `appointed`,
    `has_second_factor` and one truth for each Flag.
    """
    roles = RoleAssignment.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on)).select_related(
        "unit", "granted_by"
    )
    leave = Delegation.objects.in_force_on(on).select_related("from_user", "to_user")
    appointed = Appointment.objects.in_force_on(on).select_related("unit").order_by("unit__position", "kind")
    return accounts.annotate(**_flags(on, at)).prefetch_related(
        Prefetch("assignments", queryset=roles.order_by("starts_on", "pk"), to_attr="held"),
        Prefetch("delegations", queryset=leave, to_attr="lent"),
        Prefetch("stand_ins", queryset=leave, to_attr="borrowed"),
        Prefetch("appointments", queryset=appointed, to_attr="appointed"),
    )


def _flags(on: date, at: datetime) -> dict[str, Any]:
    """One question for each flag, all answered by the same query as the accounts themselves."""
    own = RoleAssignment.objects.filter(user=OuterRef("pk")).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
    held = RoleAssignment.objects.held_on(on).filter(user=OuterRef("pk"))
    in_force = Appointment.objects.in_force_on(on).filter(kind=Appointment.Kind.WORK)
    factor = Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=_FULL_FACTORS))
    is_staff = Exists(held.filter(role__in=STAFF_ROLES))
    role_of_seat = RoleAssignment.objects.held_on(on).filter(
        role=Role.LIAISON_OFFICER, user=OuterRef("user"), unit=OuterRef("unit")
    )
    seat_of_role = in_force.filter(user=OuterRef("user"), unit=OuterRef("unit"))
    long_ago = at - timedelta(days=UNUSED_DAYS)
    is_unused = Q(last_login__lt=long_ago) | Q(last_login__isnull=True, created_at__lt=long_ago)
    return {
        "has_second_factor": factor,
        Flag.DISABLED_WITH_ROLES: Q(is_active=False) & Q(Exists(own)),
        Flag.ROLES_OF_ABOLISHED_UNIT: Exists(own.filter(unit__abolished_on__lte=on)),
        Flag.UNUSED: Q(is_active=True) & is_unused,
        Flag.NO_SECOND_FACTOR: Q(is_active=True) & Q(is_staff) & ~Q(factor),
        Flag.APPOINTED_WITHOUT_ROLE: Exists(in_force.filter(user=OuterRef("pk")).exclude(Exists(role_of_seat))),
        Flag.ROLE_WITHOUT_APPOINTMENT: Q(is_active=True)
        & Q(Exists(held.filter(role=Role.LIAISON_OFFICER).exclude(Exists(seat_of_role)))),
    }


def flags_of(account: Any) -> list[Flag]:
    """The flags of an account that came with its answers; no query."""
    return [flag for flag in Flag if getattr(account, flag.value)]


@dataclass(frozen=True)
class ReviewFigures:
    """How many accounts, roles and flags there are, by flag; and what ended since the review before."""

    accounts: int
    roles: int
    flagged: int
    by_flag: dict[Flag, int]
    ended: int


def review_figures(*, on: date, at: datetime) -> ReviewFigures:
    """The figures of this moment; four queries."""
    last = AccessReview.objects.first()
    counted = User.objects.annotate(**_flags(on, at)).aggregate(
        accounts=models.Count("pk"),
        flagged=models.Count("pk", filter=Q(*[Q(**{flag.value: True}) for flag in Flag], _connector=Q.OR)),
        **{f"of_{flag.value}": models.Count("pk", filter=Q(**{flag.value: True})) for flag in Flag},
    )
    ended = AuditEvent.objects.filter(action__in=_TAKEN_BACK)
    if last is not None:
        ended = ended.filter(at__gt=last.reviewed_at)
    return ReviewFigures(
        accounts=counted["accounts"],
        roles=RoleAssignment.objects.held_on(on).count(),
        flagged=counted["flagged"],
        by_flag={flag: counted[f"of_{flag.value}"] for flag in Flag},
        ended=ended.count(),
    )


@transaction.atomic
def record_access_review(*, note: str, by: User, at: datetime) -> AccessReview:
    """The security administrator has looked through all accounts today; the figures are counted, not typed in."""
    today = timezone.localdate(at)
    if not has_role(by, Role.SECURITY_ADMINISTRATOR, on=today):
        raise AccessReviewRefused(_("只有安全保密管理员可以登记权限复核"))
    take_locks("units.access_review")
    if AccessReview.objects.filter(reviewed_on=today).exists():
        raise AccessReviewRefused(_("今天已登记过复核"))
    figures = review_figures(on=today, at=at)
    review = AccessReview.objects.create(
        reviewed_by=by,
        reviewed_on=today,
        reviewed_at=at,
        accounts=figures.accounts,
        roles=figures.roles,
        flagged=figures.flagged,
        ended=figures.ended,
        note=note.strip(),
    )
    record_event("units.access_reviewed", review, by=by, at=at, after=snapshot(review))
    return review


def next_review_due(on: date) -> date:
    """The day by which the next review is due: so many months after the last, or now where there was none."""
    last = AccessReview.objects.first()
    return _months_later(last.reviewed_on, settings.ACCESS_REVIEW_MONTHS) if last else on


def recent_reviews(on: date) -> QuerySet[AccessReview]:
    """Reviews after which the next one is not due yet: while there is one, nothing is due."""
    oldest = _months_later(on, -settings.ACCESS_REVIEW_MONTHS)
    # Months are of different lengths, so the way back may end some days too early.
    while _months_later(oldest, settings.ACCESS_REVIEW_MONTHS) <= on:
        oldest += timedelta(days=1)
    return AccessReview.objects.filter(reviewed_on__gte=oldest)


@transaction.atomic
def remind_of_review(on: date, *, at: datetime) -> int:
    """Tell the security administrators, once for each due day, that a review is due; how many were told."""
    due = next_review_due(on)
    if on < due or not RoleAssignment.objects.exists():
        return 0
    held = RoleAssignment.objects.held_on(on).filter(role=Role.SECURITY_ADMINISTRATOR, user__is_active=True)
    told = 0
    for one in held.select_related("user").order_by("pk"):
        key = f"access-review:{_mark(due)}"
        message = notify(
            one.user, "units.access_review_due", None, at=at, address="/staff/access-review/", once_key=key
        )
        told += message is not None
    return told


def _mark(due: date) -> str:
    """What tells one due review from the next."""
    last = AccessReview.objects.first()
    return due.isoformat() if last else "first"


def _months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
