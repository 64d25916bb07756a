"""待决定的资金需求 - what waits for a decision, policy by policy: how many cases for how much, and what usually becomes of such cases.

The forecast of a budget line reckons with it. Loans, vouchers and what somebody else pays are not taken from a line and do
not count; what has its money set aside already does not count twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from django.db.models import Count, Q, Sum

from chuangju.applications.decision_settings import days_of, is_paid_out
from chuangju.applications.models import Application, Decision, Instalment, Window
from chuangju.budget.forecasts import Pending
from chuangju.policies.current import current_catalogue

_COUNTING = (Decision.State.APPROVED, Decision.State.PUBLISHED)


@dataclass(frozen=True)
class Usual:
    """What became of the cases of a policy of late: the share of the money asked for that was granted, and the days it took."""

    share: float
    days: int | None


def pending_money(on: date) -> Iterable[Pending]:
    """Everything of this package that will want money of a line: four queries at most, however many cases there are."""
    undecided = list(_undecided())
    usual = usual_outcomes(on=on) if undecided else {}
    paid_out = {policy.id for policy in current_catalogue().policies if is_paid_out(policy)} if undecided else set()
    for policy_id, count, amount in undecided:
        if policy_id in paid_out:
            known = usual.get(policy_id, Usual(1.0, None))
            yield Pending(policy_id, count, amount, known.share, known.days)
    yield from _waiting_for_funds()


def usual_outcomes(*, on: date) -> dict[str, Usual]:
    """By policy, from what was decided in the months before the day; policies without any are left out."""
    rows = Decision.objects.filter(
        application__kind=Application.Kind.APPLICATION,
        state__in=(Decision.State.PUBLISHED, Decision.State.REPLACED),
        effective_on__gt=on - timedelta(days=days_of("forecast", "history_days")),
        effective_on__lte=on,
        application__expected_amount__gt=0,
    ).values_list(
        "application__policy_id", "application__expected_amount", "amount", "application__submitted_at", "effective_on"
    )
    asked, granted, days = defaultdict[str, int](int), defaultdict[str, int](int), defaultdict[str, list[int]](list)
    for policy_id, expected, amount, submitted_at, effective_on in rows.order_by("pk"):
        wanted = expected or 0
        asked[policy_id] += wanted
        granted[policy_id] += min(amount or 0, wanted)
        if submitted_at is not None and effective_on is not None:
            days[policy_id].append((effective_on - submitted_at.date()).days)
    return {key: Usual(granted[key] / asked[key], round(median(days[key])) if days[key] else None) for key in asked}


def _undecided() -> Iterator[tuple[str, int, int]]:
    """Handed in and not decided; without those whose window set their money aside when they were handed in."""
    waiting = (
        Application.objects.filter(kind=Application.Kind.APPLICATION, state__in=Application.OPEN_STATES)
        .exclude(decisions__state__in=_COUNTING)
        .filter(Q(window__reserves=Window.Reserves.AT_DECISION) | Q(flags__kind="funds", flags__ended_at__isnull=True))
    )
    keys = waiting.values("pk")
    rows = Application.objects.filter(pk__in=keys).values("policy_id").order_by("policy_id")
    for row in rows.annotate(count=Count("pk"), amount=Sum("expected_amount")):
        yield row["policy_id"], row["count"], row["amount"] or 0


def _waiting_for_funds() -> Iterator[Pending]:
    """Approved and waiting for money: wanted in full."""
    parts = Instalment.objects.filter(state=Instalment.State.WAITING).values("entitlement__application__policy_id")
    cases = Count("entitlement__application", distinct=True)
    for row in parts.annotate(count=cases, amount=Sum("amount")).order_by("entitlement__application__policy_id"):
        yield Pending(row["entitlement__application__policy_id"], row["count"], row["amount"])
