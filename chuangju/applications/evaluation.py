"""测算与快照 - what the rule says of a case on a day, and what it rested on, kept for good at submission and decision."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.applications.answers import facts_of_application
from chuangju.applications.models import Application, FrozenFacts
from chuangju.kernel.audit import record_event
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.policies.current import current_catalogue
from chuangju.rules.binding import Binder
from chuangju.rules.explain import ConditionAnswer, Explanation, explain
from chuangju.rules.folding import fold
from chuangju.rules.given import Facts, clean_facts
from chuangju.rules.policy import Policy
from chuangju.rules.program import facts_of, prepare_policy
from chuangju.rules.showing import show_value
from chuangju.ventures.registers import dictionary


class EvaluationRefused(Refused):
    """The case cannot be evaluated or moved to another version; the sentence says why."""


@dataclass(frozen=True)
class Evaluation:
    """The answer of the rule for a case, with the facts it rests on and where each comes from."""

    explanation: Explanation
    facts: Facts
    sources: Mapping[str, Mapping[str, Any]]

    @property
    def policy(self) -> Policy:
        """The version that answered."""
        return self.explanation.policy

    @property
    def version(self) -> str:
        """Its name among the versions."""
        return self.policy.version

    @property
    def verdict(self) -> str:
        """eligible, not_yet, near_miss, unknown or not_eligible."""
        return self.explanation.verdict

    @property
    def amount(self) -> int | None:
        """Whole fen (or points) where the verdict is eligible."""
        return self.explanation.amount

    @property
    def money(self) -> int | None:
        """The amount where it is money."""
        return self.amount if self.policy.amount_unit == "money" and self.policy.amount is not None else None

    @property
    def conditions(self) -> tuple[ConditionAnswer, ...]:
        """Condition by condition."""
        return self.explanation.conditions


@lru_cache(maxsize=256)
def facts_asked_by(policy: Policy, on: date) -> frozenset[str]:
    """Every fact that a version speaks of: its conditions, amount, last day to claim, papers, and its form."""
    program = prepare_policy(policy, on)
    found = {*program.facts, *policy.form}
    if program.claim_by is not None:
        found.update(facts_of(program.claim_by))
    for one in program.conditions:
        for node in (one.first, one.later):
            if node is not None:
                found.update(facts_of(node))
    binder = Binder(on, policy.parameters, policy.shared)
    for when in policy.document_conditions:
        if when is not None:
            found.update(facts_of(fold(binder.bind(when), on)))
    known = dictionary().facts
    return frozenset(key for key in found if key in known)


def pinned_policy(application: Application) -> Policy:
    """The version a case goes by; raises EvaluationRefused where its text is gone."""
    policy = current_catalogue().version(application.policy_id, application.policy_version)
    if policy is None:
        raise EvaluationRefused(_("政策版本 %(key)s 找不到了") % {"key": application.policy_key})
    return policy


def evaluate(application: Application, *, on: date, policy: Policy | None = None) -> Evaluation:
    """What the rule of the version it goes by says of a case on a day."""
    version = policy or pinned_policy(application)
    facts, sources = facts_of_application(application, on=on)
    wanted = facts_asked_by(version, on)
    own = {key: value for key, value in facts.items() if key in wanted}
    return Evaluation(explain(version, own, on=on), own, {key: sources[key] for key in own if key in sources})


def note_evaluation(application: Application, evaluation: Evaluation) -> None:
    """Keep verdict and amount on the record for lists, unsaved."""
    application.verdict = evaluation.verdict
    application.expected_amount = evaluation.money


@transaction.atomic
def freeze_facts(
    application: Application,
    moment: str,
    *,
    by: User | None,
    at: datetime,
    evaluation: Evaluation | None = None,
    on: date | None = None,
) -> FrozenFacts:
    """Keep the facts, the version and the answer as they stand; nobody can change them afterwards."""
    found = evaluation or evaluate(application, on=on or timezone.localdate(at))
    frozen = keep_frozen(application, moment, found, by=by, at=at)
    after = {"moment": moment, "policy_key": frozen.policy_key, "verdict": frozen.verdict, "sha256": frozen.sha256}
    record_event("applications.frozen", frozen, by=by, at=at, after=after, about=application)
    return frozen


def keep_frozen(
    application: Application, moment: str, evaluation: Evaluation, *, by: User | None, at: datetime
) -> FrozenFacts:
    """The same without an event of its own, for a change whose event names the digest."""
    policy = evaluation.policy
    frozen = FrozenFacts(
        application=application,
        moment=moment,
        asked_on=evaluation.explanation.on,
        policy_key=policy.key,
        policy_sha256=policy.sha256,
        facts=canonical({key: show_value(value) for key, value in evaluation.facts.items()}),
        sources=canonical({key: dict(source) for key, source in evaluation.sources.items()}),
        explanation=canonical(evaluation.explanation.as_json()),
        verdict=evaluation.verdict,
        amount=evaluation.money,
        taken_at=at,
        taken_by=by,
    )
    frozen.sha256 = frozen_digest(frozen)
    frozen.save(force_insert=True)
    return frozen


def frozen_digest(frozen: FrozenFacts) -> str:
    """The digest over what a snapshot says."""
    parts = (
        frozen.policy_key,
        frozen.policy_sha256,
        frozen.asked_on.isoformat(),
        frozen.facts,
        frozen.sources,
        frozen.explanation,
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def facts_in(frozen: FrozenFacts) -> Facts:
    """The facts of a snapshot as rules take them."""
    facts, _problems = clean_facts(json.loads(frozen.facts), dictionary())
    return facts


def sources_in(frozen: FrozenFacts) -> dict[str, dict[str, Any]]:
    """Where each fact of a snapshot came from."""
    found: dict[str, dict[str, Any]] = json.loads(frozen.sources)
    return found


def explain_again(frozen: FrozenFacts) -> Explanation:
    """The answer that the version gives today for what was kept; raises EvaluationRefused where its text is gone."""
    policy_id, _at, version = frozen.policy_key.partition("@")
    policy = current_catalogue().version(policy_id, version)
    if policy is None:
        raise EvaluationRefused(_("政策版本 %(key)s 找不到了") % {"key": frozen.policy_key})
    return explain(policy, facts_in(frozen), on=frozen.asked_on)


def canonical(value: Any) -> str:
    """JSON with sorted keys and without spaces: the same text for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
