"""变更 - a decision takes the place of an earlier one: what was not paid of that is freed, what was paid counts towards this."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.case_locks import lock_application
from chuangju.applications.case_money import replaced_by
from chuangju.applications.decision_rights import DecisionRefused, ancestors_of
from chuangju.applications.earlier_grants import change_grant
from chuangju.applications.grants import grant_what_was_decided
from chuangju.applications.instalments import end_unpaid
from chuangju.applications.models import Application, Decision, Instalment, Standing
from chuangju.applications.obligations import waive_obligations
from chuangju.applications.standings import end_standing
from chuangju.applications.vouchers import revoke_voucher
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.models import User

_UNDER_WAY = (Instalment.State.REQUESTED, Instalment.State.RETURNED)


def earlier_decision(application: Application) -> Decision | None:
    """The decision in force of the nearest case that this one grew out of."""
    for ancestor in ancestors_of(application):
        found = ancestor.decisions.filter(state=Decision.State.PUBLISHED).first()
        if found is not None:
            found.application = ancestor
            return found
    return None


def hold_earlier(decision: Decision, by: User | None, at: datetime) -> None:
    """Before another decision is approved: nothing more is paid by the first. Raises DecisionRefused while money is on its way."""
    if decision.outcome not in {Decision.Outcome.CHANGED, Decision.Outcome.GRANTED, Decision.Outcome.REFUSED}:
        return
    for ancestor in replaced_by(decision.application):
        held = lock_application(ancestor)
        end_unpaid(held, reason=_("原决定将被变更"), by=by, at=at)
        if Instalment.objects.filter(entitlement__application=held, state__in=_UNDER_WAY).exists():
            raise DecisionRefused(_("原决定的款项正在拨付途中，请待到账或退回后再审定"))


def replace_decision(decision: Decision, *, by: User | None, at: datetime) -> None:
    """The earlier decision gives way to this one, in whose place everything is granted anew less what was paid."""
    earlier = earlier_decision(decision.application)
    on = timezone.localdate(at)
    if earlier is not None:
        for standing in Standing.objects.filter(decision=earlier):
            end_standing(standing, reason=_("原决定已变更"), by=by, at=at)
        revoke_voucher(earlier, reason=_("原决定已变更"), by=by, at=at)
        waive_obligations(earlier, reason=_("原决定已变更"), by=by, at=at)
        change_grant(earlier, amount=0, on=on, by=by, at=at)
    if decision.outcome in {Decision.Outcome.GRANTED, Decision.Outcome.CHANGED}:
        grant_what_was_decided(decision, by=by, at=at)
    if earlier is not None:
        before = snapshot(earlier)
        earlier.state = Decision.State.REPLACED
        earlier.revision += 1
        earlier.save(update_fields=["state", "revision"])
        record_event(
            "applications.decision_replaced",
            earlier,
            by=by,
            at=at,
            before=before,
            after=snapshot(earlier),
            about=earlier.application,
        )


def follow_reopening(decision: Decision, by: User | None, at: datetime) -> None:
    """A case done over again: its decision takes the place of the first, whatever it says."""
    replace_decision(decision, by=by, at=at)
