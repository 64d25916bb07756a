"""检索任命 - that whoever answers for a unit is found by name, post or unit, by everybody on the staff side."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from chuangju.kernel.search import SearchSource
from chuangju.units.access import appointments_visible_to
from chuangju.units.appointment_lists import appointment_url
from chuangju.units.models import Appointment


def _said_of(appointment: Any) -> str:
    return " ".join((appointment.unit.name, str(appointment.get_kind_display()), appointment.post)).strip()


APPOINTMENTS = SearchSource(
    key="units.appointment",
    label=_("任命"),
    model=Appointment,
    visible_to=appointments_visible_to,
    title=lambda appointment: appointment.name,
    address=appointment_url,
    text=_said_of,
    names=lambda appointment: [appointment.name],
    records=lambda: Appointment.objects.select_related("unit"),
)
