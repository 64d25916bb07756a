"""名册 - who answers for which unit on a day, and where nobody does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, Max, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from chuangju.kernel.models import User
from chuangju.units.models import Appointment, Delegation, Role, RoleAssignment, Unit
from chuangju.units.surnames import name_order

Kind = Appointment.Kind


@dataclass(frozen=True)
class MissingAppointment:
    """A unit for which nobody of a kind answers, and the first day of that; None where nobody ever did."""

    unit: Unit
    kind: str
    since: date | None


def liaison_officers_of(unit: Unit, on: date, kind: str = Kind.WORK) -> list[User]:
    """Whom to tell when a unit has something to do: the officer, and whoever stands in for them; three queries."""
    return officers_by_unit([unit], on, kind)[unit.pk]


def officers_by_unit(units: Iterable[Unit], on: date, kind: str = Kind.WORK) -> dict[int, list[User]]:
    """As `liaison_officers_of` for many units at once, with as many queries.

    Where no account is appointed for work, everybody who holds the unit's role of liaison officer is told instead.
    """
    found: dict[int, list[User]] = {unit.pk: [] for unit in units}
    appointed = Appointment.objects.in_force_on(on).filter(unit__in=found, kind=kind, user__is_active=True)
    for appointment in appointed.select_related("user"):
        if appointment.user is not None:
            found[appointment.unit_id].append(appointment.user)
    if kind != Kind.WORK:
        return found
    held = RoleAssignment.objects.held_on(on).filter(role=Role.LIAISON_OFFICER, unit__in=found, user__is_active=True)
    named = {pk for pk, users in found.items() if users}
    for role in held.filter(unit__in=set(found) - named).select_related("user").order_by("starts_on", "pk"):
        found[role.unit_id].append(role.user)  # type: ignore[index]  # `unit__in` leaves out those without a unit
    leave = Delegation.objects.in_force_on(on).filter(assignments__in=held, to_user__is_active=True)
    rows = leave.values_list("assignments__unit", "to_user").distinct()
    wanted = [(unit_pk, user_pk) for unit_pk, user_pk in rows if unit_pk in found]
    users = User.objects.in_bulk({user_pk for _unit, user_pk in wanted}) if wanted else {}
    for unit_pk, user_pk in wanted:
        if users[user_pk] not in found[unit_pk]:
            found[unit_pk].append(users[user_pk])
    return found


def leader_in_charge_of(unit: Unit, on: date) -> User | None:
    """The account of the unit's leader in charge; None where there is none, or the leader has no account."""
    appointed = Appointment.objects.in_force_on(on).filter(
        unit=unit, kind=Kind.LEADER_IN_CHARGE, user__isnull=False, user__is_active=True
    )
    found = appointed.select_related("user").first()
    return found.user if found else None


def missing_appointments(on: date) -> list[MissingAppointment]:
    """Every unit and kind without anybody on this day, in 建制序; three queries however many units there are."""
    held = set(Appointment.objects.in_force_on(on).values_list("unit", "kind"))
    ended = Appointment.objects.filter(ends_on__lt=on).order_by().values_list("unit", "kind").annotate(Max("ends_on"))
    last = {(unit, kind): day for unit, kind, day in ended}
    missing = []
    for unit in Unit.objects.existing_on(on).order_by("position", "code"):
        for kind in Kind.values:
            if (unit.pk, kind) not in held:
                day = last.get((unit.pk, kind))
                since = day + timedelta(days=1) if day else unit.established_on
                missing.append(MissingAppointment(unit, kind, since))
    return missing


def count_missing(on: date) -> dict[str, int]:
    """How many units have nobody, by kind, and how many of them lack anybody (`units`); two queries."""
    held = set(Appointment.objects.in_force_on(on).values_list("unit", "kind"))
    units = Unit.objects.existing_on(on).values_list("pk", flat=True)
    lacking = {kind: {pk for pk in units if (pk, kind) not in held} for kind in Kind.values}
    return {**{kind: len(pks) for kind, pks in lacking.items()}, "units": len(set().union(*lacking.values()))}


def units_lacking_somebody(on: date) -> QuerySet[Unit]:
    """The existing units for which at least one kind is held by nobody."""
    current = Appointment.objects.in_force_on(on).filter(unit=OuterRef("pk"))
    lacks = Q(pk__in=[])
    for kind in Kind.values:
        lacks |= Q(~Exists(current.filter(kind=kind)))
    return Unit.objects.existing_on(on).filter(lacks)


def units_with_appointments(units: QuerySet[Unit], on: date) -> QuerySet[Any]:
    """The existing units with their appointments of all days as `appointed`, and `has_<kind>` to filter by."""
    current = Appointment.objects.in_force_on(on).filter(unit=OuterRef("pk"))
    present = {f"has_{kind}": Exists(current.filter(kind=kind)) for kind in Kind.values}
    return with_appointments(units.filter(pk__in=Unit.objects.existing_on(on).values("pk")).annotate(**present))


def with_appointments(units: QuerySet[Any]) -> QuerySet[Any]:
    """The units with their appointments of all days, the newest first, as `appointed`."""
    rows = Appointment.objects.select_related("user").order_by("-starts_on", "-pk")
    return units.prefetch_related(Prefetch("appointments", queryset=rows, to_attr="appointed"))


@dataclass(frozen=True)
class Seat:
    """One kind of a unit on a day: who holds it now, who comes next, and since when nobody does."""

    kind: str
    label: str
    current: Appointment | None
    coming: Appointment | None
    since: date | None
    # Who stands in for the present one on the day.
    stand_ins: list[Delegation] = field(default_factory=list)

    def __str__(self) -> str:
        if self.current is None:
            return _("缺（%(day)s 起）") % {"day": self.since.isoformat()} if self.since else _("缺")
        return " ".join(part for part in (self.current.name, self.current.post) if part)

    @property
    def is_missing(self) -> bool:
        """Whether nobody answers."""
        return self.current is None


def seats_of(unit: Any, on: date) -> list[Seat]:
    """The three seats of a unit that came with its `appointed`; no query."""
    return [_seat(unit, Kind(kind), on) for kind in Kind.values]


def seats_with_stand_ins(unit: Any, on: date) -> list[Seat]:
    """As `seats_of`, and who stands in for a liaison officer on leave; one query more."""
    leave = Delegation.objects.in_force_on(on).filter(assignments__unit=unit).select_related("to_user").distinct()
    away = list(leave)
    return [
        replace(seat, stand_ins=[one for one in away if seat.current and one.from_user_id == seat.current.user_id])
        for seat in seats_of(unit, on)
    ]


def _seat(unit: Any, kind: Appointment.Kind, on: date) -> Seat:
    rows = [one for one in unit.appointed if one.kind == kind]
    current = next((one for one in rows if one.holds_on(on)), None)
    coming = next((one for one in reversed(rows) if one.starts_on > on), None)
    last = max((one.ends_on for one in rows if one.ends_on and one.ends_on < on), default=None)
    since = None if current else (last + timedelta(days=1) if last else unit.established_on)
    return Seat(kind, str(kind.label), current, coming, since)


def in_order_of_office(appointments: Iterable[Appointment]) -> list[Appointment]:
    """People of one unit by office, then by strokes of the surname: the order in which lists print them."""
    return sorted(appointments, key=lambda one: (Kind.values.index(one.kind), name_order(one.name)))


def lacks_role(appointment: Appointment, on: date) -> bool:
    """Whether an officer for work has an account that may not report for the unit, today or from the first day."""
    if appointment.kind != Kind.WORK or appointment.user_id is None:
        return False
    held = RoleAssignment.objects.held_on(max(on, appointment.starts_on)).filter(role=Role.LIAISON_OFFICER)
    return not held.filter(user=appointment.user_id, unit=appointment.unit_id).exists()
