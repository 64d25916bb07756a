"""从匹配到推送 - which offered policies a match run found somebody for, and offering them to all of these at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.apply_settings import apply_settings
from chuangju.applications.models import OfferRun
from chuangju.applications.offers import OfferPlan, make_offer, offer_from_register, plan_offers
from chuangju.applications.windows import unit_of
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.policies.match_reading import decision_rows
from chuangju.policies.match_runs import policies_of
from chuangju.policies.models import MatchRun
from chuangju.rules.policy import Policy
from chuangju.units.names import means_own_town
from chuangju.ventures.register_files import snapshot_path


@dataclass(frozen=True)
class Offered:
    """An offered policy of a run with how many it found."""

    policy: Policy
    found: int


def offered_policies(run: MatchRun) -> list[Offered]:
    """The policies of a run that are offered and not applied for."""
    policies = [one for one in policies_of(run.policies) if one.channel == "offered" and one.subject == "venture"]
    return [Offered(one, decision_rows(run, one.id).narrowed(verdict="eligible").count()) for one in policies]


def plan_of_run(run: MatchRun, policy: Policy) -> OfferPlan:
    """Whom the run would offer a policy to."""
    return plan_offers(policy, _found(run, policy))


def offer_run(run: MatchRun, policy: Policy, *, by: User, at: datetime) -> OfferRun:
    """Offer what a match run found to everybody whom its plan names."""
    said = f"{run.snapshot.on.isoformat()} {run.snapshot}"[:100]
    return offer_to_all(policy, plan_of_run(run, policy), said=said, by=by, at=at)


def offer_to_all(policy: Policy, plan: OfferPlan, *, said: str, by: User, at: datetime) -> OfferRun:
    """Each offer in a transaction of its own, so that one that fails keeps none of the others back; kept as one run."""
    left_out = list(plan.left_out)
    run = _begin(policy, plan, said=said, by=by, at=at)
    for party, facts in plan.chosen:
        if make_offer(policy, party, facts, said=said, run=run, by=by, at=at) is None:
            left_out.append((party.name, str(_("按最新数据核对不符合"))))
    for row in plan.to_enter:
        try:
            is_offered = offer_from_register(policy, row, said=said, run=run, by=by, at=at) is not None
        except Refused as refused:
            left_out.append((row[1], refused.sentence))
            continue
        if not is_offered:
            left_out.append((row[1], str(_("按最新数据核对不符合"))))
    return _finish(run, left_out, by=by, at=at)


@transaction.atomic
def _begin(policy: Policy, plan: OfferPlan, *, said: str, by: User, at: datetime) -> OfferRun:
    unit = None if means_own_town(policy.unit) else unit_of(policy, on=timezone.localdate(at))
    run = OfferRun.objects.create(
        policy_id=policy.id,
        policy_version=policy.version,
        title=policy.title.zh[:200],
        source=said,
        unit=unit,
        found=len(plan.chosen) + len(plan.to_enter) + len(plan.left_out),
        made_by=by,
        made_at=at,
        is_demo=by.is_demo,
    )
    record_event("applications.offers_begun", run, by=by, at=at, after=snapshot(run))
    return run


@transaction.atomic
def _finish(run: OfferRun, left_out: list[tuple[str, str]], *, by: User, at: datetime) -> OfferRun:
    run.left_out = [list(one) for one in left_out]
    run.save(update_fields=["left_out"])
    after = {"推送数": run.offers.count(), "不推送": len(left_out)}
    record_event("applications.offers_made", run, by=by, at=at, after=after)
    return run


def _found(run: MatchRun, policy: Policy) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Those who qualify by the run, with what its register says of them: two reads of files."""
    import polars as pl  # noqa: PLC0415 - weighs 60 MB on a process that never reads a register

    rows = list(decision_rows(run, policy.id).narrowed(verdict="eligible")[: apply_settings().most_offers])
    keys = [row.id for row in rows]
    lazy = pl.scan_parquet(snapshot_path(run.snapshot), glob=False).filter(pl.col("id").is_in(keys))
    facts = {str(one["id"]): one for one in lazy.collect().iter_rows(named=True)}
    for row in rows:
        yield row.id, row.name, facts.get(row.id, {})
