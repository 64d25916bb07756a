"""到期提醒 - six, three and one month before a policy runs out its unit's policy officer is told, and once it has.

Nobody is told the same twice; what downtime has missed is told with the next period that it still falls into.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.duties import Duty
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.message_templates import MessageTemplate
from chuangju.kernel.models import User
from chuangju.kernel.working_days import is_working_day
from chuangju.policies.expiries import REMINDED_MONTHS, evaluation_due_on, months_after
from chuangju.policies.models import PolicyRecord
from chuangju.programme.plan_messages import holders_of, tell
from chuangju.units.appointment_register import officers_by_unit
from chuangju.units.models import Role, RoleAssignment, Unit

EXPIRING, EXPIRED = "policies.expiring", "policies.expired"
MESSAGES = (
    MessageTemplate(
        EXPIRING,
        _("政策《%(policy)s》将于 %(until)s 到期"),
        _("责任单位：%(unit)s。请在 %(evaluation)s 前完成到期评估，写明继续有效、修订或废止。"),
    ),
    MessageTemplate(
        EXPIRED,
        _("政策《%(policy)s》已于 %(until)s 到期，还没有评估结论"),
        _("责任单位：%(unit)s。请补做到期评估；在此之前不宜再按这项政策受理。"),
    ),
)


def remind_of_expiries(period: DutyPeriod) -> int:
    """The daily duty: how many people were told something. Nothing is told on a day off."""
    if not is_working_day(period.on):
        return 0
    records = list(
        PolicyRecord.objects.filter(
            state=PolicyRecord.State.ISSUED, valid_until__lte=months_after(period.on, REMINDED_MONTHS[0])
        )
        .exclude(conclusion__in=(PolicyRecord.Conclusion.AMEND, PolicyRecord.Conclusion.REPEAL))
        .select_related("unit")
        .order_by("valid_until", "pk")
    )
    people = officers_for([record.unit for record in records if record.unit], period.on)
    office = holders_of(Role.PROGRAMME_OFFICE, period.on)
    return sum(_remind(record, people.get(record.unit_id or 0) or office, period) for record in records)


def officers_for(units: Iterable[Unit], on: date) -> dict[int, list[User]]:
    """Who keeps the policies of each unit: its policy officers; where it has none, its liaison officers."""
    found: dict[int, list[User]] = {unit.pk: [] for unit in units}
    held = RoleAssignment.objects.held_on(on).filter(role=Role.POLICY_OFFICER, unit__in=found, user__is_active=True)
    for one in held.select_related("user").order_by("pk"):
        if one.user not in found[one.unit_id]:  # type: ignore[index]  # `unit__in` leaves out those without a unit
            found[one.unit_id].append(one.user)  # type: ignore[index]  # as above
    lacking = [unit for unit in units if not found[unit.pk]]
    return found | (officers_by_unit(lacking, on) if lacking else {})


def reminder_of(until: date, *, on: date) -> int | None:
    """Which reminder a day falls under: 6, 3 or 1 month before, 0 once it is over; None before the first."""
    if until < on:
        return 0
    due = [months for months in REMINDED_MONTHS if until <= months_after(on, months)]
    return min(due, default=None)


def _remind(record: PolicyRecord, people: list[User], period: DutyPeriod) -> int:
    until = record.valid_until
    months = reminder_of(until, on=period.on) if until else None
    if until is None or months is None:
        return 0
    values: dict[str, object] = {
        "policy": partial(_title_of, record),
        "until": until,
        "unit": partial(_unit_of, record),
        "evaluation": max(evaluation_due_on(record) or until, period.on),
    }
    return tell(
        people,
        EXPIRING if months else EXPIRED,
        record,
        at=period.at,
        address=reverse("policies:making", args=(record.pk,)),
        values=values,
        once=f"policy-expiry:{record.pk}:{until}:{months}",
    )


def _title_of(record: PolicyRecord) -> str:
    return record.shown_title


def _unit_of(record: PolicyRecord) -> str:
    return record.shown_unit or "—"


DUTY = Duty(
    "policies.expiries",
    _("政策到期提醒"),
    "day",
    remind_of_expiries,
    catches_up=False,
    order=64,
)
