"""任命 - who answers for a unit: how liaison officers and the leader in charge are appointed, followed and relieved.

One person at a time for each unit and kind: whoever asks who answers gets one name. A second person on leave is a
delegation (delegations.py), and whoever else reports for the unit holds the role without being appointed.
An appointment says who answers; what that person may do in the system is a role, which the security administrator grants.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.outbox import notify
from chuangju.kernel.refusals import Refused
from chuangju.units.access import can_appoint
from chuangju.units.models import Appointment, DutyText, Unit

DUTIES_FILE = Path(__file__).parent / "data" / "duties.toml"
LONGEST_DUTY = 1000


class AppointmentRefused(Refused):
    """An appointment that cannot be made, changed or ended like this."""


@dataclass(frozen=True)
class Appointee:
    """Who is appointed: an account, or somebody without one by name; with post, telephone and what there is to do."""

    user: User | None = None
    name: str = ""
    post: str = ""
    phone: str = ""
    duty: str = ""

    @property
    def shown_name(self) -> str:
        """The name that the appointment keeps."""
        return self.user.name.strip() if self.user else " ".join(self.name.split())


@transaction.atomic
def appoint(
    unit: Unit, *, kind: str, appointee: Appointee, starts_on: date, by: User | None, at: datetime
) -> Appointment:
    """Let somebody answer for a unit from a day on, where nobody does; raises AppointmentRefused."""
    _check_appointer(by, at)
    take_locks(_lock_of(unit))
    unit = Unit.objects.get(pk=unit.pk)
    if kind not in Appointment.Kind.values:
        raise AppointmentRefused(_("请选择任命类别"))
    present = _appointments(unit, kind).order_by("-starts_on").first()
    if present is not None and (present.ends_on is None or present.ends_on >= starts_on):
        raise AppointmentRefused(
            _("%(unit)s的%(kind)s现为%(name)s，请改用“更换”")
            % {"unit": unit.name, "kind": present.get_kind_display(), "name": present.name}
        )
    return _enter(unit, kind, appointee, starts_on, by=by, at=at)


@transaction.atomic
def replace_appointment(
    appointment: Appointment,
    *,
    appointee: Appointee,
    starts_on: date,
    reason: str = "",
    by: User | None,
    at: datetime,
) -> Appointment:
    """Somebody else answers from a day on; the one before answers up to the day before. Raises AppointmentRefused."""
    _check_appointer(by, at)
    return succeed(appointment, appointee=appointee, starts_on=starts_on, reason=reason, by=by, at=at)


@transaction.atomic
def succeed(
    appointment: Appointment, *, appointee: Appointee, starts_on: date, reason: str, by: User | None, at: datetime
) -> Appointment:
    """As `replace_appointment`, for callers that have asked already whether `by` may; raises AppointmentRefused."""
    fresh = _locked(appointment)
    _check_still_open(fresh, at)
    if starts_on <= fresh.starts_on:
        raise AppointmentRefused(
            _("接任日期须晚于%(name)s的任命日期（%(day)s）") % {"name": fresh.name, "day": fresh.starts_on.isoformat()}
        )
    if appointee.shown_name == fresh.name and (appointee.user and appointee.user.pk) == fresh.user_id:
        raise AppointmentRefused(_("接任人就是现任，请改用“更正”"))
    if _appointments(fresh.unit, fresh.kind).filter(starts_on__gte=starts_on).exists():
        raise AppointmentRefused(_("该日之后已另有任命，请先结束那一条"))
    if fresh.ends_on is None or fresh.ends_on >= starts_on:
        _close(fresh, starts_on - timedelta(days=1), reason=reason, by=by, at=at)
    return _enter(fresh.unit, fresh.kind, appointee, starts_on, by=by, at=at)


@transaction.atomic
def end_appointment(
    appointment: Appointment, *, last_day: date, reason: str = "", by: User | None, at: datetime
) -> None:
    """Nobody answers after a last day until somebody is appointed; raises AppointmentRefused."""
    _check_appointer(by, at)
    fresh = _locked(appointment)
    _check_still_open(fresh, at)
    if last_day < fresh.starts_on:
        raise AppointmentRefused(_("结束日期不能早于任命日期（%(day)s）") % {"day": fresh.starts_on.isoformat()})
    if fresh.ends_on is not None and fresh.ends_on <= last_day:
        raise AppointmentRefused(_("该任命的结束日期是 %(day)s，只能提前") % {"day": fresh.ends_on.isoformat()})
    _close(fresh, last_day, reason=reason, by=by, at=at)


@transaction.atomic
def correct_appointment(
    appointment: Appointment, *, post: str, phone: str, duty: str, by: User | None, at: datetime
) -> Appointment:
    """Put post, telephone and duty right while the appointment stands; raises AppointmentRefused."""
    _check_appointer(by, at)
    fresh = _locked(appointment)
    _check_still_open(fresh, at)
    before = snapshot(fresh)
    fresh.post, fresh.phone, fresh.duty = " ".join(post.split()), " ".join(phone.split()), _checked_duty(duty)
    if snapshot(fresh) == before:
        raise AppointmentRefused(_("没有任何改动"))
    fresh.save(update_fields=["post", "phone", "duty"])
    record_event(
        "units.appointment_corrected", fresh, by=by, at=at, before=before, after=snapshot(fresh), about=fresh.unit
    )
    return fresh


@transaction.atomic
def set_default_duty(kind: str, *, text: str, by: User | None, at: datetime) -> DutyText:
    """What the office asks of everybody appointed from now on; raises AppointmentRefused."""
    _check_appointer(by, at)
    if kind not in Appointment.Kind.values:
        raise AppointmentRefused(_("请选择任命类别"))
    take_locks("units.duties")
    text = _checked_duty(text)
    if not text:
        raise AppointmentRefused(_("请填写职责"))
    stored = DutyText.objects.filter(kind=kind).first()
    before = snapshot(stored) if stored else {"text": default_duty(kind)}
    stored = stored or DutyText(kind=kind)
    stored.text = text
    stored.save()
    record_event("units.duty_set", stored, by=by, at=at, before=before, after=snapshot(stored))
    return stored


def default_duty(kind: str) -> str:
    """What somebody newly appointed to this kind is asked: the office's own text, else the one that came with us."""
    stored = DutyText.objects.filter(kind=kind).first()
    return stored.text if stored else _shipped_duties().get(kind, "")


@lru_cache(maxsize=1)
def _shipped_duties() -> dict[str, str]:
    texts = tomllib.loads(DUTIES_FILE.read_text(encoding="utf-8"))
    return {kind: text.strip() for kind, text in texts.items()}


def _lock_of(unit: Unit) -> str:
    return f"units.appointments:{unit.pk}"


def _appointments(unit: Unit, kind: str) -> QuerySet[Appointment]:
    return Appointment.objects.filter(unit=unit, kind=kind)


def _locked(appointment: Appointment) -> Appointment:
    take_locks(_lock_of(appointment.unit))
    return Appointment.objects.select_related("unit").get(pk=appointment.pk)


def _check_appointer(by: User | None, at: datetime) -> None:
    """The office appoints; `None` is the installation itself (demo data)."""
    if by is not None and not can_appoint(by, timezone.localdate(at)):
        raise AppointmentRefused(_("只有创建办可以任命和更换联络员、分管领导"))


def _check_still_open(appointment: Appointment, at: datetime) -> None:
    if appointment.ends_on is not None and appointment.ends_on < timezone.localdate(at):
        raise AppointmentRefused(_("该任命已于 %(day)s 结束") % {"day": appointment.ends_on.isoformat()})


def _checked_duty(duty: str) -> str:
    text = "\n".join(line.rstrip() for line in duty.replace("\r\n", "\n").strip().split("\n"))
    if len(text) > LONGEST_DUTY:
        raise AppointmentRefused(_("职责不能超过 %(count)d 字") % {"count": LONGEST_DUTY})
    return text


def _enter(
    unit: Unit, kind: str, appointee: Appointee, starts_on: date, *, by: User | None, at: datetime
) -> Appointment:
    """Write the appointment down and tell whoever has an account; the caller holds the unit's lock."""
    if not appointee.shown_name:
        raise AppointmentRefused(_("请选择账号，或填写姓名"))
    if appointee.user is not None and not appointee.user.is_active:
        raise AppointmentRefused(_("该账号已停用，请另选，或只填写姓名"))
    if not unit.exists_on(starts_on):
        raise AppointmentRefused(_("%(unit)s在这一天不存在，请选择承接单位") % {"unit": unit.name})
    made = Appointment.objects.create(
        unit=unit,
        kind=kind,
        user=appointee.user,
        name=appointee.shown_name,
        post=" ".join(appointee.post.split()),
        phone=" ".join(appointee.phone.split()),
        duty=_checked_duty(appointee.duty),
        starts_on=starts_on,
        appointed_by=by,
    )
    record_event("units.appointed", made, by=by, at=at, after=snapshot(made), about=unit)
    if made.user is not None and by is not None:
        notify(made.user, "units.appointed", made, at=at, values={**_said_of(made), "day": starts_on})
    return made


def _close(appointment: Appointment, last_day: date, *, reason: str, by: User | None, at: datetime) -> None:
    before = snapshot(appointment)
    appointment.ends_on = last_day
    appointment.save(update_fields=["ends_on"])
    record_event(
        "units.appointment_ended",
        appointment,
        by=by,
        at=at,
        before=before,
        after=snapshot(appointment),
        about=appointment.unit,
        reason=reason.strip(),
    )
    if appointment.user is not None and by is not None:
        notify(
            appointment.user,
            "units.appointment_ended",
            appointment,
            at=at,
            values={**_said_of(appointment), "day": last_day},
        )


def _said_of(appointment: Appointment) -> dict[str, object]:
    """Unit and kind, in the language of whoever reads."""
    return {"unit": lambda: appointment.unit.shown_name, "kind": appointment.get_kind_display}
