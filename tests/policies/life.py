"""Records of policies for tests, made as far as a test needs them through the rules that the pages call."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from chuangju.kernel.models import User
from chuangju.policies.making import RecordFacts, open_record
from chuangju.policies.making_steps import StepFacts, record_step
from chuangju.policies.models import PolicyRecord, PolicyStep
from chuangju.units.models import Unit
from tests.conftest import NOW

Stage = PolicyRecord.Stage
TODAY = NOW.date()
BEFORE_ISSUE = (Stage.CONSULTATION, Stage.LEGALITY, Stage.COMPETITION, Stage.DELIBERATION, Stage.NUMBER)
JUDGED = (Stage.LEGALITY, Stage.COMPETITION, Stage.DELIBERATION)


def opened(by: User, unit: Unit, policy_id: str = "rent_help", **more: object) -> PolicyRecord:
    """A record that has just been begun."""
    facts = RecordFacts(policy_id=policy_id, title=f"{policy_id}办法", unit=unit, **more)  # type: ignore[arg-type]
    return open_record(facts, by=by, at=NOW)


def step(record: PolicyRecord, stage: str, *, by: User, at: datetime = NOW, **more: object) -> PolicyStep:
    """One stage recorded with what it needs, from the newest revision."""
    record.refresh_from_db()
    given: dict[str, object] = {"day": TODAY}
    if stage in JUDGED:
        given["outcome"] = "passed"
    if stage == Stage.NUMBER:
        given["document_number"] = "示例〔2026〕1号"
    if stage == Stage.ISSUE:
        given["effective_from"] = TODAY
    if stage == Stage.EXPLANATION:
        given["explanation"] = "大白话。"
    facts = StepFacts(**(given | more))  # type: ignore[arg-type]
    return record_step(record, stage=stage, facts=facts, revision=record.revision, by=by, at=at)


def issued(
    by: User, unit: Unit, policy_id: str = "rent_help", *, until: date | None = TODAY + timedelta(days=400)
) -> PolicyRecord:
    """A policy made in order and issued today."""
    record = opened(by, unit, policy_id)
    for stage in BEFORE_ISSUE:
        step(record, stage, by=by)
    step(record, Stage.ISSUE, by=by, valid_until=until)
    record.refresh_from_db()
    return record


def entered(policy_id: str, *, unit: Unit | None = None, **more: object) -> PolicyRecord:
    """A record written straight to the table, as one of the shipped catalogue: in force since 2024."""
    given: dict[str, object] = {
        "title": f"{policy_id}办法",
        "state": PolicyRecord.State.ISSUED,
        "version": "2024",
        "is_shipped": True,
        "effective_from": date(2024, 1, 1),
        "added_at": NOW,
    }
    return PolicyRecord.objects.create(policy_id=policy_id, unit=unit, **(given | more))  # type: ignore[misc]
