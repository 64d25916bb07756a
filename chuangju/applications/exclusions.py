"""互斥 - what one party may not have together, or twice: looked at under the party's lock before a grant is approved."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from chuangju.applications.claim_conflicts import excluding_policies, is_once_only
from chuangju.applications.decision_rights import DecisionRefused, ancestors_of
from chuangju.applications.models import Application, Decision, InterestPeriod
from chuangju.policies.current import current_catalogue
from chuangju.rules.policy import Policy
from chuangju.ventures.facts import known_facts
from chuangju.ventures.models import Party

_COUNTING = (Decision.State.APPROVED, Decision.State.PUBLISHED)
_GRANTING = (Decision.Outcome.GRANTED, Decision.Outcome.CHANGED)


def standing_grants(party: Party, *, beside: Application) -> QuerySet[Decision]:
    """Grants to a party that count, those of one case and of what it grew out of left out."""
    family = [beside.pk, *(one.pk for one in ancestors_of(beside))]
    found = Decision.objects.filter(state__in=_COUNTING, outcome__in=_GRANTING)
    # A slip that was put right, of a refusal for example, gives nobody anything.
    found = found.exclude(application__kind=Application.Kind.CORRECTION)
    found = found.exclude(
        application__kind=Application.Kind.OBJECTION, application__parent__kind=Application.Kind.RECOVERY
    )
    entries = Party.objects.same_body(party).values("pk")
    found = found.filter(Q(application__subject__in=entries) | Q(application__payee__in=entries))
    return found.exclude(application__in=family).exclude(application__parent__in=family)


def conflicting_grants(application: Application, policy: Policy, *, on: date) -> list[str]:
    """What stands against a grant, each as the title of what the party has already; empty where nothing does."""
    excluded, is_once = excluding_policies(policy), is_once_only(policy)
    found: list[str] = []
    grants = standing_grants(application.subject, beside=application).select_related("application")
    for decision in grants.order_by("approved_at", "pk"):
        other = decision.application
        is_same = other.policy_id == policy.id
        if other.policy_id in excluded or (is_same and (is_once or _is_doubled(application, decision))):
            found.append(f"{other.title}（{other.number}）")
    return found or [*_as_interest(application, excluded), *_in_the_register(application, excluded, on=on)]


def refuse_beside_others(decision: Decision, policy: Policy, *, on: date) -> None:
    """Refuse a grant that the party may not have beside another, or has already."""
    found = conflicting_grants(decision.application, policy, on=on)
    if found:
        raise DecisionRefused(_("不能重复或同时享受：%(others)s") % {"others": _("、").join(found[:5])})


def _is_doubled(application: Application, decision: Decision) -> bool:
    """Whether two grants of one policy are for the same: one not in force yet, or both for the same period."""
    other = decision.application
    if decision.state == Decision.State.APPROVED:
        return other.period == application.period
    return bool(application.period) and other.period == application.period


def _in_the_register(application: Application, excluded: set[str], *, on: date) -> list[str]:
    """Grants of other offices that the register of grants names."""
    grants = known_facts(application.subject, on=on).get("grants")
    rows = grants.value if grants is not None and isinstance(grants.value, tuple | list) else ()
    named = [str(row.get("policy")) for row in rows if isinstance(row, dict)]
    return _titles([name for name in dict.fromkeys(named) if name in excluded])


def _as_interest(application: Application, excluded: set[str]) -> list[str]:
    """Policies that do not go with this one, under which interest on a loan of the party is subsidised period by period."""
    entries = Party.objects.same_body(application.subject)
    had = InterestPeriod.objects.filter(facility__borrower__in=entries.values("pk"), state__in=InterestPeriod.HAD)
    keys = had.order_by("policy_key").values_list("policy_key", flat=True).distinct()
    return _titles(sorted({key.partition("@")[0] for key in keys} & excluded))


def grants_beside_interest(period: InterestPeriod) -> list[str]:
    """What the borrower was granted since the loan was drawn that does not go with a subsidy of its interest."""
    facility, (policy_id, _at, version) = period.facility, period.policy_key.partition("@")
    policy = current_catalogue().version(policy_id, version)
    if policy is None or facility.drawn_on is None:
        return []
    grants = standing_grants(facility.borrower, beside=facility.application).select_related("application")
    found = grants.filter(
        application__policy_id__in=excluding_policies(policy), approved_at__date__gte=facility.drawn_on
    )
    return [f"{one.application.title}（{one.application.number}）" for one in found.order_by("approved_at", "pk")]


def _titles(policy_ids: list[str]) -> list[str]:
    titles = {one.id: one.title.zh for one in current_catalogue().policies}
    return [titles.get(name, name) for name in policy_ids]
