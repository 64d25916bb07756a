"""Who sees what of policies, their making, packages and fees, and who keeps them."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from chuangju.kernel.models import User
from chuangju.policies.models import (
    FeeEntry,
    PackageClause,
    PackageImport,
    PolicyPackage,
    PolicyRecord,
    PolicyStep,
    SavedCheck,
)
from chuangju.units.access import Visitor, has_role, is_staff_member, units_of
from chuangju.units.models import Role, Unit


def is_reader(user: Visitor, *, on: date) -> bool:
    """Whether the user works on the staff side on this day."""
    return is_staff_member(user, on)


def keeps_every_policy(user: Visitor, *, on: date) -> bool:
    """The programme office keeps the records of all policies, packages and fees."""
    return has_role(user, Role.PROGRAMME_OFFICE, on=on)


def policy_unit_ids(user: Visitor, *, on: date) -> frozenset[int]:
    """The units whose policies the user keeps as their policy officer."""
    return frozenset(unit.pk for unit in units_of(user, Role.POLICY_OFFICER, on))


def keeps_policies(user: Visitor, *, on: date) -> bool:
    """Whether the user keeps the records of any policies at all."""
    return keeps_every_policy(user, on=on) or bool(policy_unit_ids(user, on=on))


def can_open_record_for(user: Visitor, unit: Unit, *, on: date) -> bool:
    """Whether the user may begin a policy for this unit."""
    return keeps_every_policy(user, on=on) or unit.pk in policy_unit_ids(user, on=on)


def can_keep_record(user: Visitor, record: PolicyRecord, *, on: date) -> bool:
    """Whether the user records the stages of this policy: its unit's policy officer, or the programme office."""
    return keeps_every_policy(user, on=on) or (
        record.unit_id is not None and record.unit_id in policy_unit_ids(user, on=on)
    )


def records_visible_to(user: Visitor, *, on: date) -> QuerySet[PolicyRecord]:
    """Everybody on the staff side reads how each policy comes about."""
    return PolicyRecord.objects.all() if is_reader(user, on=on) else PolicyRecord.objects.none()


def issued_records_visible_to(user: Visitor, *, on: date) -> QuerySet[PolicyRecord]:
    """What was issued is public with its explanation and its term; how it was made stays with the staff."""
    del user, on
    issued = (PolicyRecord.State.ISSUED, PolicyRecord.State.SUPERSEDED, PolicyRecord.State.REPEALED)
    return PolicyRecord.objects.filter(state__in=issued)


def steps_visible_to(user: Visitor, *, on: date) -> QuerySet[PolicyStep]:
    """With their records."""
    return PolicyStep.objects.filter(record__in=records_visible_to(user, on=on))


def can_read_step(user: Visitor, step: PolicyStep, *, on: date | None = None) -> bool:  # noqa: ARG001 - as its registry asks
    """Whether the user may open the files of a step: whoever reads records, which is everybody on the staff side."""
    return is_reader(user, on=on or timezone.localdate())


def packages_visible_to(user: Visitor, *, on: date) -> QuerySet[PolicyPackage]:
    """Packages are issued openly; staff work with all of them, strangers read those in force.

    Samples are placeholders: only a demo shows them to strangers.
    """
    if is_reader(user, on=on):
        return PolicyPackage.objects.all()
    found = PolicyPackage.objects.filter(state=PolicyPackage.State.CURRENT)
    return found if settings.DEMO else found.filter(is_sample=False)


def clauses_visible_to(user: Visitor, *, on: date) -> QuerySet[PackageClause]:
    """With their packages."""
    return PackageClause.objects.filter(package__in=packages_visible_to(user, on=on))


def package_imports_visible_to(user: Visitor, *, on: date) -> QuerySet[PackageImport]:
    """Uploads are the workbench of those who keep policies."""
    return PackageImport.objects.all() if keeps_policies(user, on=on) else PackageImport.objects.none()


def can_keep_clause(user: Visitor, clause: PackageClause, *, on: date) -> bool:
    """Whether the user says which policy carries a clause out: the office, or the policy officer of its unit."""
    return keeps_every_policy(user, on=on) or (
        clause.unit_id is not None and clause.unit_id in policy_unit_ids(user, on=on)
    )


def can_keep_fees(user: Visitor, *, on: date) -> bool:
    """Whether the user says how a fee stands: the office, and policy officers of the units that carry policies out."""
    return keeps_policies(user, on=on)


def fee_entries_visible_to(user: Visitor, *, on: date) -> QuerySet[FeeEntry]:
    """What was entered about fees: staff see all of it, strangers what counts."""
    found = FeeEntry.objects.all()
    return found if is_reader(user, on=on) else found.filter(withdrawn_at__isnull=True)


def saved_checks_visible_to(user: Visitor) -> QuerySet[SavedCheck]:
    """One's own saved checks and nobody else's."""
    return SavedCheck.objects.filter(user=user) if isinstance(user, User) else SavedCheck.objects.none()
