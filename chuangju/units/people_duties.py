"""人员的例行事务 - what is done every day about people: invitations run out, stand-ins are reminded, reviews fall due."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangju.kernel.duties import Duty
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.units.access_reviews import remind_of_review
from chuangju.units.delegations import tell_of_endings
from chuangju.units.invitations import lapse_invitations


def _lapse(period: DutyPeriod) -> int:
    return lapse_invitations(at=period.at)


def _tell(period: DutyPeriod) -> int:
    return tell_of_endings(period.on, at=period.at)


def _remind(period: DutyPeriod) -> int:
    return remind_of_review(period.on, at=period.at)


PEOPLE_DUTIES = (
    # A day that was missed tells nobody anything any more: these look at the state of today.
    Duty("units.invitations", _("邀请到期失效"), "day", _lapse, catches_up=False),
    Duty("units.delegations", _("代岗到期提醒"), "day", _tell, catches_up=False),
    Duty("units.access_review", _("权限复核到期提醒"), "day", _remind, catches_up=False),
)
