"""差评整改 - a low rating becomes work: the unit concerned puts it right within five working days and speaks to the rater."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.duties import Duty
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.models import Rating, User
from chuangju.kernel.outbox import MessageTemplate, notify
from chuangju.kernel.ratings import rating_rules
from chuangju.kernel.refusals import Refused
from chuangju.kernel.working_days import add_working_days
from chuangju.units.access import has_role, units_of
from chuangju.units.appointment_register import liaison_officers_of
from chuangju.units.follow_up_access import can_close_follow_up
from chuangju.units.models import FollowUp, Role, Unit
from chuangju.units.open_work import OpenWork

WORKING_DAYS = 5
LONGEST_WORDS = 1000
OPENED = MessageTemplate(
    key="units.follow_up_opened",
    subject=gettext_lazy("收到一条差评，请于 %(due)s 前整改：%(subject)s"),
    body=gettext_lazy("请了解情况、联系评价人，办结时写明整改情况。"),
    pointer=gettext_lazy("您单位有一件待整改事项，请登录查看：%(link)s"),
)
LATE = MessageTemplate(
    key="units.follow_up_late",
    subject=gettext_lazy("差评整改已逾期：%(subject)s"),
    body=gettext_lazy("办结期限为 %(due)s，请尽快办结。"),
    pointer=gettext_lazy("您单位有一件整改事项已逾期，请登录查看：%(link)s"),
    is_urgent=True,
)
TEMPLATES = (OPENED, LATE)


class FollowUpRefused(Refused):
    """It cannot be closed like this; the sentence says why."""


@transaction.atomic
def open_follow_up(rating: Rating, by: User, at: datetime) -> FollowUp | None:
    """Make a low rating the unit's work; one for each rating, and none where no unit answers for what was rated."""
    owner = rating.owner
    if owner is None or FollowUp.objects.filter(rating=rating).exists():
        return None
    unit = rating_rules(owner).unit_of(owner)
    if not isinstance(unit, Unit):
        return None
    with in_kept_language():
        subject = str(rating_rules(owner).label(owner))[:200]
    due_on = add_working_days(timezone.localdate(at), WORKING_DAYS)
    follow_up = FollowUp.objects.create(rating=rating, unit=unit, subject=subject, opened_at=at, due_on=due_on)
    record_event("units.follow_up_opened", follow_up, by=by, at=at, after=snapshot(follow_up))
    for officer in liaison_officers_of(unit, timezone.localdate(at)):
        _tell(officer, OPENED, follow_up, at=at, once_key=f"follow-up-opened-{follow_up.pk}-{officer.pk}")
    return follow_up


@transaction.atomic
def close_follow_up(follow_up: FollowUp, *, done: str, is_contacted: bool, by: User, at: datetime) -> FollowUp:
    """Say what was done and that the rater was spoken to; raises FollowUpRefused."""
    fresh = FollowUp.objects.select_for_update(of=("self",)).select_related("unit").get(pk=follow_up.pk)
    if not can_close_follow_up(by, fresh, on=timezone.localdate(at)):
        raise FollowUpRefused(_("只有该单位的联络员或创建办可以办结整改"))
    if fresh.state != FollowUp.State.OPEN:
        raise FollowUpRefused(_("这件整改已经办结"))
    words = done.replace("\r\n", "\n").strip()
    if not words:
        raise FollowUpRefused(_("请写明整改情况"))
    if len(words) > LONGEST_WORDS:
        raise FollowUpRefused(
            _("整改情况不能超过 %(limit)d 字，现有 %(count)d 字") % {"limit": LONGEST_WORDS, "count": len(words)}
        )
    before = snapshot(fresh)
    fresh.state, fresh.done, fresh.is_contacted = FollowUp.State.CLOSED, words, is_contacted
    fresh.closed_by, fresh.closed_at = by, at
    fresh.save()
    record_event("units.follow_up_closed", fresh, by=by, at=at, before=before, after=snapshot(fresh))
    return fresh


def remind_of_late_follow_ups(period: DutyPeriod) -> int:
    """Tell the unit's liaison officers and the office once about each that is past its day."""
    told = 0
    for follow_up in late_follow_ups(period.on).select_related("unit").order_by("pk"):
        people = {user.pk: user for user in (*liaison_officers_of(follow_up.unit, period.on), *_office(period.on))}
        for user in people.values():
            key = f"follow-up-late-{follow_up.pk}-{user.pk}"
            told += _tell(user, LATE, follow_up, at=period.at, once_key=key)
    return told


def late_follow_ups(on: date) -> QuerySet[FollowUp]:
    """Open past their day."""
    return FollowUp.objects.filter(state=FollowUp.State.OPEN, due_on__lt=on)


def open_follow_ups_of(user: User, on: date) -> int:
    """How many are open in the units that somebody is liaison officer of."""
    units = units_of(user, Role.LIAISON_OFFICER, on)
    return FollowUp.objects.filter(state=FollowUp.State.OPEN, unit__in=units).count()


def _office(on: date) -> list[User]:
    held = User.objects.filter(is_active=True, assignments__role=Role.PROGRAMME_OFFICE).distinct().order_by("pk")
    return [user for user in held if has_role(user, Role.PROGRAMME_OFFICE, on=on)]


def _tell(user: User, template: MessageTemplate, follow_up: FollowUp, *, at: datetime, once_key: str) -> bool:
    values = {"subject": follow_up.subject[:80], "due": follow_up.due_on}
    address = reverse("units:follow_up", args=(follow_up.pk,))
    return notify(user, template.key, follow_up, at=at, values=values, address=address, once_key=once_key) is not None


# What a liaison officer who changes post leaves to the successor.
OPEN_FOLLOW_UPS = OpenWork(
    "units.follow_ups",
    gettext_lazy("未办结的差评整改"),
    open_follow_ups_of,
    lambda: f"{reverse('units:follow_up_list')}?state=open",
)
REMINDING = Duty(
    "units.follow_ups", gettext_lazy("提醒逾期的差评整改"), every="day", run=remind_of_late_follow_ups, catches_up=False
)
