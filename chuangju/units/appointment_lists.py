"""What the lists of seats (units with whoever answers for them) and of appointments through the years show."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangju.ui.listing import Column, Filter, Listing
from chuangju.ui.signs import Sign
from chuangju.units.appointment_register import Kind, Seat, seats_of
from chuangju.units.models import Appointment, Unit

ANY, NONE = "any", "none"


def seat_listing(on: date) -> Listing:
    """Units in 建制序 with the three seats of each; narrowed to those where somebody is missing."""
    return Listing(
        key="seats",
        title=gettext_lazy("联络员与分管领导"),
        columns=(
            Column("unit", gettext_lazy("单位"), lambda unit: unit.shown_name, sort="position,code", url=_unit_url),
            *(_seat_column(kind, on) for kind in Kind),
            Column("state", gettext_lazy("齐备"), lambda unit: completeness_sign(seats_of(unit, on)), css="short"),
        ),
        filters=(
            Filter("missing", gettext_lazy("缺员"), _missing_choices, _lacking),
            Filter(
                "kind", gettext_lazy("单位类别"), lambda: Unit.Kind.choices, lambda rows, kind: rows.filter(kind=kind)
            ),
        ),
        search=lambda rows, text: _search_seats(rows, text, on),
        search_label=gettext_lazy("搜索单位、姓名"),
        default_sort="unit",
        empty_title=gettext_lazy("还没有单位"),
        empty_hint=gettext_lazy("单位加入名册后，即可任命联络员和分管领导。"),
    )


def _seat_column(kind: Appointment.Kind, on: date) -> Column:
    place = Kind.values.index(kind.value)
    return Column(kind.value, kind.label, lambda unit: seats_of(unit, on)[place], template="units/cells/seat.html")


def completeness_sign(seats: list[Seat]) -> Sign:
    """Whether anybody is missing."""
    missing = sum(seat.is_missing for seat in seats)
    return Sign("late", _("缺 %(count)d 人") % {"count": missing}) if missing else Sign("good", _("齐备"))


def _unit_url(unit: Unit) -> str:
    return reverse("units:unit_detail", args=[unit.code]) + "#seats"


def _missing_choices() -> list[tuple[str, str]]:
    kinds = [(kind.value, _("缺%(kind)s") % {"kind": kind.label}) for kind in Kind]
    return [(ANY, _("有缺员")), *kinds, (NONE, _("齐备"))]


def _lacking(rows: QuerySet[Any], missing: str) -> QuerySet[Any]:
    if missing == NONE:
        return rows.filter(**{f"has_{kind}": True for kind in Kind.values})
    if missing == ANY:
        return rows.exclude(**{f"has_{kind}": True for kind in Kind.values})
    return rows.filter(**{f"has_{missing}": False})


def _search_seats(rows: QuerySet[Any], text: str, on: date) -> QuerySet[Any]:
    named = Unit.objects.filter(Q(names__name__icontains=text) | Q(name_en__icontains=text)).values("pk")
    seated = Appointment.objects.in_force_on(on).filter(name__icontains=text).values("unit")
    return rows.filter(Q(pk__in=named) | Q(pk__in=seated))


def appointment_listing(on: date) -> Listing:
    """Every appointment that ever was, the newest first."""
    return Listing(
        key="appointments",
        title=gettext_lazy("任命记录"),
        columns=(
            Column("name", gettext_lazy("姓名"), lambda one: one.name, sort="name", url=appointment_url),
            Column("unit", gettext_lazy("单位"), lambda one: one.unit.shown_name, sort="unit__position,unit__code"),
            Column("kind", gettext_lazy("任命类别"), lambda one: one.get_kind_display(), sort="kind"),
            Column("post", gettext_lazy("职务"), lambda one: one.post),
            Column("phone", gettext_lazy("办公电话"), lambda one: one.phone),
            Column("from", gettext_lazy("起"), lambda one: one.starts_on, sort="starts_on", css="short"),
            Column("to", gettext_lazy("止"), lambda one: one.ends_on, sort="ends_on", css="short"),
            Column("state", gettext_lazy("状态"), lambda one: appointment_sign(one, on), css="short"),
        ),
        filters=(
            Filter("kind", gettext_lazy("任命类别"), lambda: Kind.choices, lambda rows, kind: rows.filter(kind=kind)),
            Filter(
                "state",
                gettext_lazy("状态"),
                lambda: [("present", _("在任")), ("future", _("尚未开始")), ("past", _("已结束"))],
                lambda rows, state: _by_state(rows, state, on),
            ),
        ),
        search=lambda rows, text: rows.filter(
            Q(name__icontains=text) | Q(post__icontains=text) | Q(unit__name__icontains=text)
        ),
        search_label=gettext_lazy("搜索姓名、职务、单位"),
        default_sort="-from",
        empty_title=gettext_lazy("还没有任命"),
        empty_hint=gettext_lazy("由创建办在单位页任命联络员和分管领导。"),
    )


def appointment_url(appointment: Appointment) -> str:
    """The page of one appointment."""
    return reverse("units:appointment", args=[appointment.pk])


def appointment_sign(appointment: Appointment, on: date) -> Sign:
    """Whether it holds on the day."""
    if appointment.starts_on > on:
        return Sign("flat", _("尚未开始"))
    is_past = not appointment.holds_on(on) or not appointment.unit.exists_on(on)
    return Sign("flat", _("已结束")) if is_past else Sign("good", _("在任"))


def _by_state(rows: QuerySet[Any], state: str, on: date) -> QuerySet[Any]:
    if state == "future":
        return rows.filter(starts_on__gt=on)
    held = Appointment.objects.in_force_on(on).values("pk")
    return rows.filter(pk__in=held) if state == "present" else rows.filter(starts_on__lte=on).exclude(pk__in=held)
