"""Who sees lines, payments and batches, who keeps them, and who approves."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from chuangju.budget.models import (
    AnswerFile,
    BudgetLine,
    BudgetRequest,
    Entry,
    Payment,
    PaymentBatch,
    PerformanceTarget,
    Reallocation,
)
from chuangju.kernel.models import User
from chuangju.units.access import Visitor, has_role, units_of
from chuangju.units.models import Role, Unit
from chuangju.ventures.access import own_entries_visible_to

# Who reads the money of the whole district; who reads that of their own unit.
DISTRICT_READERS = (Role.LEADER, Role.PROGRAMME_OFFICE)
UNIT_READERS = (Role.FINANCE, Role.APPROVER, Role.POLICY_OFFICER)
READERS = frozenset((*DISTRICT_READERS, *UNIT_READERS))
# Who works with payments, which name people and their accounts.
PAYMENT_READERS = (Role.FINANCE, Role.APPROVER)
PAYERS = frozenset(PAYMENT_READERS)


def reach_of(user: Visitor, roles: tuple[Role, ...], on: date) -> set[int] | None:
    """The units for which somebody holds one of these roles; None where that reaches over all units."""
    units = {unit.pk: unit for role in roles for unit in units_of(user, role, on)}
    if any(unit.code in settings.FINANCE_BUREAUS for unit in units.values()):
        return None
    return set(units)


def _reads_district(user: Visitor, on: date) -> bool:
    return has_role(user, *DISTRICT_READERS, on=on)


def lines_visible_to(user: Visitor, on: date | None = None) -> QuerySet[BudgetLine]:
    """Leaders and the office read every line; finance, approvers and policy officers those of their units."""
    day = on or timezone.localdate()
    reach = None if _reads_district(user, day) else reach_of(user, UNIT_READERS, day)
    return BudgetLine.objects.all() if reach is None else BudgetLine.objects.filter(unit__in=reach)


def entries_visible_to(user: Visitor, on: date | None = None) -> QuerySet[Entry]:
    """With their lines."""
    return Entry.objects.filter(line__in=lines_visible_to(user, on))


def reallocations_visible_to(user: Visitor, on: date | None = None) -> QuerySet[Reallocation]:
    """Whoever sees one of its lines sees a reallocation."""
    lines = lines_visible_to(user, on)
    return Reallocation.objects.filter(source__in=lines) | Reallocation.objects.filter(target__in=lines)


def requests_visible_to(user: Visitor, on: date | None = None) -> QuerySet[BudgetRequest]:
    """Next year's requests, by the same rule as lines."""
    day = on or timezone.localdate()
    reach = None if _reads_district(user, day) else reach_of(user, UNIT_READERS, day)
    return BudgetRequest.objects.all() if reach is None else BudgetRequest.objects.filter(unit__in=reach)


def targets_visible_to(user: Visitor, on: date | None = None) -> QuerySet[PerformanceTarget]:
    """With their requests."""
    return PerformanceTarget.objects.filter(request__in=requests_visible_to(user, on))


def payments_visible_to(user: Visitor, on: date | None = None) -> QuerySet[Payment]:
    """Finance and approvers see the payments of their units; nobody else sees who was paid what."""
    reach = reach_of(user, PAYMENT_READERS, on or timezone.localdate())
    return Payment.objects.all() if reach is None else Payment.objects.filter(line__unit__in=reach)


def own_payments_visible_to(user: Visitor, on: date | None = None) -> QuerySet[Payment]:
    """What is paid to oneself and to those one acts for."""
    return Payment.objects.filter(payee__in=own_entries_visible_to(user, on or timezone.localdate()))


def batches_visible_to(user: Visitor, on: date | None = None) -> QuerySet[PaymentBatch]:
    """Finance and approvers see the batches of their units."""
    reach = reach_of(user, PAYMENT_READERS, on or timezone.localdate())
    return PaymentBatch.objects.all() if reach is None else PaymentBatch.objects.filter(unit__in=reach)


def answers_visible_to(user: Visitor, on: date | None = None) -> QuerySet[AnswerFile]:
    """With their batches."""
    return AnswerFile.objects.filter(batch__in=batches_visible_to(user, on))


def can_keep_unit(user: Visitor, unit: Unit, *, on: date) -> bool:
    """Whether somebody keeps the lines and batches of this unit: its finance people, or the finance bureau's."""
    return _reaches(user, Role.FINANCE, unit, on)


def can_approve_unit(user: Visitor, unit: Unit, *, on: date) -> bool:
    """Whether somebody approves for this unit; that it is not their own work is for the rules to say."""
    return _reaches(user, Role.APPROVER, unit, on)


def can_keep_anything(user: Visitor, *, on: date) -> bool:
    """Whether somebody keeps the money of any unit."""
    return has_role(user, Role.FINANCE, on=on)


def can_approve_anything(user: Visitor, *, on: date) -> bool:
    """Whether somebody approves for any unit."""
    return has_role(user, Role.APPROVER, on=on)


def units_kept_by(user: Visitor, on: date) -> QuerySet[Unit]:
    """The units whose lines somebody may open."""
    reach = reach_of(user, (Role.FINANCE,), on)
    found = Unit.objects.existing_on(on).order_by("position", "code")
    return found if reach is None else found.filter(pk__in=reach)


def can_unmask_account(user: User, payment: Payment) -> bool:
    """Whether somebody may see an account number in full, with a reason: whoever keeps the unit's batches."""
    return can_keep_unit(user, payment.line.unit, on=timezone.localdate())


def can_read_batch(user: Visitor, batch: PaymentBatch, *, on: date | None = None) -> bool:
    """Whether somebody may open the papers of a batch."""
    day = on or timezone.localdate()
    return can_keep_unit(user, batch.unit, on=day) or can_approve_unit(user, batch.unit, on=day)


def _reaches(user: Visitor, role: Role, unit: Unit, on: date) -> bool:
    reach = reach_of(user, (role,), on)
    return reach is None or unit.pk in reach
