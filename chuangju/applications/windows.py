"""申报批次 - when a policy can be applied for: a competitive round while it is open, else always, from its first case on."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.applications.apply_settings import apply_settings
from chuangju.applications.models import Window
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.refusals import Refused
from chuangju.rules.policy import Policy
from chuangju.units.models import Unit
from chuangju.units.names import means_own_town, resolve_name
from chuangju.ventures.models import Party


class WindowRefused(Refused):
    """The policy cannot be applied for on this day; the sentence says why."""


def find_window(policy: Policy, *, on: date) -> Window | None:
    """The window that takes applications on a day: a round that is open before the rolling one."""
    found = list(Window.objects.open_on(on).filter(policy_id=policy.id).select_related("unit"))
    rounds = sorted(
        (one for one in found if one.kind == Window.Kind.COMPETITIVE),
        key=lambda one: (one.closes_on or date.max, one.pk),
    )
    return next(iter(rounds), None) or next(iter(found), None)


def check_window(policy: Policy, *, on: date) -> Window | None:
    """The open window, None where a rolling one would begin with the first case; raises WindowRefused."""
    if policy.channel not in apply_settings().applied_channels:
        raise WindowRefused(_("这项政策不用申请，符合条件直接享受"))
    if not policy.is_in_force(on):
        raise WindowRefused(_("这一版政策现在不施行，请看现行的政策"))
    window = find_window(policy, on=on)
    if window is not None:
        return window
    others = list(Window.objects.filter(policy_id=policy.id).order_by("opens_on", "pk"))
    coming = [one.opens_on for one in others if one.opens_on is not None and one.opens_on > on]
    if coming:
        raise WindowRefused(_("还没有开始受理，%(day)s 开始") % {"day": min(coming).isoformat()})
    if others:
        raise WindowRefused(_("现在不受理：上一批已经截止，下一批开始前会公布"))
    return None


@transaction.atomic
def window_for(policy: Policy, *, on: date) -> Window:
    """The window of a policy on a day; the rolling one of a policy in force begins by itself. Raises WindowRefused."""
    window = check_window(policy, on=on)
    return window if window is not None else _begin_rolling(policy, on=on)


def refuse_town(window: Window, party: Party) -> None:
    """Raise WindowRefused where a round takes applications of certain towns only, and the party is in none of them."""
    # What began by itself is for everybody: only a round that somebody set up has days and towns.
    towns = list(window.towns.order_by("position", "pk")) if window.opens_on is not None else []
    if not towns or party.town in towns:
        return
    names = _("、").join(one.shown_name for one in towns)
    if party.town is None:
        raise WindowRefused(_("这一批只受理%(towns)s的申请；请先登记主体所在的街镇") % {"towns": names})
    raise WindowRefused(
        _("这一批只受理%(towns)s的申请；“%(name)s”登记在%(town)s")
        % {"towns": names, "name": party.name, "town": party.town.shown_name}
    )


def unit_of(policy: Policy, *, on: date, town: Unit | None = None) -> Unit:
    """The unit that a policy file names, or the applicant's own town; raises WindowRefused where there is none."""
    if means_own_town(policy.unit):
        if town is None:
            raise WindowRefused(_("这项政策由所在街镇办理；请先登记主体所在的街镇"))
        return town
    found = resolve_name(policy.unit, on=on)
    if not isinstance(found, Unit):
        raise WindowRefused(_("办理单位“%(unit)s”还没有登记，请告诉创建办") % {"unit": policy.unit})
    return found


def _begin_rolling(policy: Policy, *, on: date) -> Window:
    at = timezone.make_aware(datetime.combine(on, time()))
    unit = None if means_own_town(policy.unit) else unit_of(policy, on=on)
    window = Window(policy_id=policy.id, title=policy.title.zh[:200], unit=unit, created_at=at)
    try:
        with transaction.atomic():
            window.save(force_insert=True)
    except IntegrityError:
        # Begun by somebody else in the same moment.
        return Window.objects.select_related("unit").get(
            policy_id=policy.id, kind=Window.Kind.ROLLING, state=Window.State.OPEN
        )
    record_event("applications.window_begun", window, by=None, at=at, after=snapshot(window))
    return window
