"""从匹配到推送 - which offered policies a match run found somebody for, and offering them to all of these at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chuangju.applications.apply_settings import apply_settings
from chuangju.applications.offers import OfferPlan, make_offer, offer_from_register, plan_offers
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.policies.match_reading import decision_rows
from chuangju.policies.match_runs import policies_of
from chuangju.policies.models import MatchRun
from chuangju.rules.policy import Policy
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


def offer_run(run: MatchRun, policy: Policy, *, by: User, at: datetime) -> tuple[int, list[tuple[str, str]]]:
    """Offer it to everybody the plan names, each in a transaction of its own; how many, and who was left out and why."""
    plan, made = plan_of_run(run, policy), 0
    left_out = list(plan.left_out)
    said = f"{run.snapshot.on.isoformat()} {run.snapshot}"[:100]
    for party, facts in plan.chosen:
        if make_offer(policy, party, facts, said=said, by=by, at=at) is not None:
            made += 1
        else:
            left_out.append((party.name, "—"))
    for row in plan.to_enter:
        try:
            is_offered = offer_from_register(policy, row, said=said, by=by, at=at) is not None
        except Refused as refused:
            left_out.append((row[1], refused.sentence))
            continue
        made += is_offered
        if not is_offered:
            left_out.append((row[1], "—"))
    return made, left_out


def _found(run: MatchRun, policy: Policy) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Those who qualify by the run, with what its register says of them: two reads of files."""
    import polars as pl  # noqa: PLC0415 - weighs 60 MB on a process that never reads a register

    rows = list(decision_rows(run, policy.id).narrowed(verdict="eligible")[: apply_settings().most_offers])
    keys = [row.id for row in rows]
    lazy = pl.scan_parquet(snapshot_path(run.snapshot), glob=False).filter(pl.col("id").is_in(keys))
    facts = {str(one["id"]): one for one in lazy.collect().iter_rows(named=True)}
    for row in rows:
        yield row.id, row.name, facts.get(row.id, {})
