"""核定 - what a grant leaves, as the policy's file says: money in parts, a standing, obligations; and the fact that it was had."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from chuangju.applications.case_money import commit_for, is_committed, parts_of
from chuangju.applications.decision_settings import days_of, decision_settings, is_paid_elsewhere
from chuangju.applications.earlier_grants import add_grant
from chuangju.applications.evaluation import pinned_policy
from chuangju.applications.models import Application, Decision, Entitlement, Instalment, Obligation, Standing, Step
from chuangju.applications.standings import give_standing, last_day_of
from chuangju.applications.steps import skip_steps
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.models import User
from chuangju.kernel.registry import Registry
from chuangju.rules.days import add_months
from chuangju.rules.policy import Policy

_OBLIGATION_KINDS = frozenset(Obligation.Kind.values)


GrantEffect = Callable[[Decision, "User | None", datetime], object]
grant_effects: Registry[str, GrantEffect] = Registry("applications.grant_effects")


def register_grant(benefit: str, effect: Callable[..., object]) -> None:
    """Say what else a published grant of a benefit leaves, such as a voucher; called with the decision, by= and at=."""
    grant_effects.register(benefit, lambda decision, by, at: effect(decision, by=by, at=at))


def grant_what_was_decided(decision: Decision, *, by: User | None, at: datetime) -> None:
    """Everything a published grant leaves; the ledger and the register first, then the records of this package."""
    application, policy = decision.application, pinned_policy(decision.application)
    on = decision.effective_on or timezone.localdate(at)
    _note_term(decision, policy, on)
    standings = [give_standing(decision, leaf, on=on, by=by, at=at) for leaf in _leaves(policy, "standing")]
    add_grant(decision, on=on, by=by, at=at)
    commit_for(decision, policy, by=by, at=at)
    entitlement = _entitle(decision, policy, on=on, at=at)
    effect = grant_effects.find(policy.benefit)
    if effect is not None:
        effect(decision, by, at)
    if entitlement is None and not is_paid_elsewhere(policy):
        _skip_payment(application, by=by, at=at)
    for leaf in _leaves(policy, "obligation"):
        _oblige(decision, leaf, on=on, by=by, at=at)
    if entitlement is not None:
        record_event("applications.entitled", entitlement, by=by, at=at, after=snapshot(entitlement), about=application)
    for standing in standings:
        _record_standing(standing, application, by=by, at=at)


def months_between_parts(policy: Policy, count: int) -> int:
    """How many months lie between two parts: as the file says, else a year divided by their number."""
    given = policy.pays.get("every_months")
    if isinstance(given, int) and not isinstance(given, bool) and given > 0:
        return given
    return max(1, days_of("money", "months_a_year") // count)


def months_of(leaf: Mapping[str, Any]) -> int | None:
    """How long something lasts that a policy leaves; None where the file says nothing."""
    months = leaf.get("months")
    return months if isinstance(months, int) and not isinstance(months, bool) and months > 0 else None


def last_day(on: date, months: int | None) -> date | None:
    """The last day of a term that begins on a day; None: without end."""
    return last_day_of(on, months) if months else None


def _entitle(decision: Decision, policy: Policy, *, on: date, at: datetime) -> Entitlement | None:
    parts = parts_of(decision, policy)
    if not parts or decision.amount is None:
        return None
    application = decision.application
    entitlement = Entitlement.objects.create(
        application=application,
        decision=decision,
        payee=application.payee or application.subject,
        amount=decision.amount,
        created_at=at,
    )
    apart = months_between_parts(policy, len(parts))
    has_money = is_committed(parts[0].claim_key)
    Instalment.objects.bulk_create(
        [
            Instalment(
                pk=part.key,
                entitlement=entitlement,
                number=part.number,
                amount=part.amount,
                due_on=add_months(on, apart * (part.number - 1)),
                state=Instalment.State.PLANNED if has_money else Instalment.State.WAITING,
            )
            for part in parts
        ]
    )
    return entitlement


def _skip_payment(application: Application, *, by: User | None, at: datetime) -> None:
    """Nothing is owed: a step of payment that the file has all the same is not needed."""
    unpaid = application.steps.filter(kind=Step.Kind.PAY, state__in=(Step.State.WAITING, Step.State.OPEN))
    skip_steps([_of(step, application) for step in unpaid.order_by("position", "pk")], by=by, at=at)


def _of(step: Step, application: Application) -> Step:
    step.application = application
    return step


def _oblige(decision: Decision, leaf: Mapping[str, Any], *, on: date, by: User | None, at: datetime) -> None:
    words = leaf.get("label") if isinstance(leaf.get("label"), Mapping) else {}
    kind = str(leaf.get("type") or Obligation.Kind.REPORT)
    obligation = Obligation.objects.create(
        application=decision.application,
        decision=decision,
        kind=kind if kind in _OBLIGATION_KINDS else Obligation.Kind.REPORT,
        title=str((words or {}).get("zh") or leaf.get("zh") or "")[:300],
        title_en=str((words or {}).get("en") or leaf.get("en") or "")[:300],
        due_on=add_months(on, months_of(leaf) or int(decision_settings()["obligation"]["months"])),
    )
    record_event(
        "applications.obliged", obligation, by=by, at=at, after=snapshot(obligation), about=decision.application
    )


def _note_term(decision: Decision, policy: Policy, on: date) -> None:
    """Until when a grant holds: as long as the longest of what it leaves."""
    months = [months_of(leaf) for leaf in policy.leaves if leaf.get("kind") in {"entitlement", "standing"}]
    known = [each for each in months if each]
    if known and decision.expires_on is None:
        decision.expires_on = last_day(on, max(known))
        decision.save(update_fields=["expires_on"])


def _leaves(policy: Policy, kind: str) -> list[Mapping[str, Any]]:
    return [leaf for leaf in policy.leaves if leaf.get("kind") == kind]


def _record_standing(standing: Standing, application: Application, *, by: User | None, at: datetime) -> None:
    record_event("applications.standing_given", standing, by=by, at=at, after=snapshot(standing), about=application)
