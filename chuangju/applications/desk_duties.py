"""What the clerks' side does by itself every day: silence that counts, mending that came too late, reminders."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangju.applications.consultations import count_silence
from chuangju.applications.corrections import expire_corrections
from chuangju.applications.escalations import remind_and_raise
from chuangju.applications.unit_successions import pass_on_work
from chuangju.kernel.duties import Duty
from chuangju.kernel.duty_periods import DutyPeriod


def _silence(period: DutyPeriod) -> int:
    return count_silence(period.on, at=period.at)


def _corrections(period: DutyPeriod) -> int:
    return expire_corrections(period.on, at=period.at)


def _reminders(period: DutyPeriod) -> int:
    return remind_and_raise(period.on, at=period.at)


def _successions(period: DutyPeriod) -> int:
    return pass_on_work(period.on, at=period.at)


DUTIES: tuple[Duty, ...] = (
    Duty("applications.silence", _("会签逾期视为同意"), "day", _silence, order=60),
    Duty("applications.corrections", _("补正逾期处理"), "day", _corrections, order=61),
    Duty("applications.reminders", _("办件到期提醒与升级"), "day", _reminders, order=62),
    Duty("applications.successions", _("撤销单位的办件移交承接单位"), "day", _successions, order=59),
)
