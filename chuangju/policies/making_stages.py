"""制定环节 - the stages of a policy's life in their order: which one may come when, and how each may end."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from chuangju.policies.models import PolicyRecord, PolicyStep

Stage, Outcome = PolicyRecord.Stage, PolicyStep.Outcome
# Every stage that is recorded, in order; 起草 is where a record begins.
STAGES: tuple[str, ...] = tuple(stage for stage in Stage.values if stage != Stage.DRAFT)
# What must be behind us first: nothing is issued without the two reviews.
PREREQUISITES: dict[str, tuple[str, ...]] = {
    Stage.CONSULTATION: (),
    Stage.LEGALITY: (Stage.CONSULTATION,),
    Stage.COMPETITION: (Stage.CONSULTATION,),
    Stage.DELIBERATION: (Stage.LEGALITY, Stage.COMPETITION),
    Stage.NUMBER: (Stage.DELIBERATION,),
    Stage.ISSUE: (Stage.LEGALITY, Stage.COMPETITION, Stage.DELIBERATION, Stage.NUMBER),
    Stage.EXPLANATION: (Stage.ISSUE,),
    Stage.VALIDITY: (Stage.ISSUE,),
    Stage.EVALUATION: (Stage.ISSUE, Stage.VALIDITY),
}
# Made above the district: its reviews were held there, here it is entered as issued.
ABOVE = {
    Stage.NUMBER: (),
    Stage.ISSUE: (Stage.NUMBER,),
    Stage.EXPLANATION: (Stage.ISSUE,),
    Stage.VALIDITY: (Stage.ISSUE,),
    Stage.EVALUATION: (Stage.ISSUE, Stage.VALIDITY),
}
# Stages that can turn out badly.
JUDGED = (Stage.LEGALITY, Stage.COMPETITION, Stage.DELIBERATION)
# Taken back by writing a reason, as long as nothing was issued.
BEFORE_ISSUE = (Stage.CONSULTATION, Stage.LEGALITY, Stage.COMPETITION, Stage.DELIBERATION, Stage.NUMBER)


def order_of(record: PolicyRecord) -> dict[str, tuple[str, ...]]:
    """The stages that this policy goes through here, each with what comes before it."""
    return PREREQUISITES if record.is_own else {str(stage): before for stage, before in ABOVE.items()}


def outcomes_of(stage: str) -> tuple[str, ...]:
    """How a stage may end."""
    return (Outcome.PASSED, Outcome.AMENDED, Outcome.FAILED) if stage in JUDGED else (Outcome.DONE,)


def passed_stages(record: PolicyRecord, steps: Iterable[PolicyStep]) -> frozenset[str]:
    """The stages that are behind the policy: of each the last word counts, and what came with the shipped catalogue."""
    last = {step.stage: step for step in sorted(steps, key=lambda step: step.pk) if step.withdrawn_at is None}
    passed = {stage for stage, step in last.items() if step.counts}
    if record.state not in {PolicyRecord.State.MAKING, PolicyRecord.State.ABANDONED}:
        passed.add(Stage.ISSUE)
        if record.document_number:
            passed.add(Stage.NUMBER)
        if record.valid_until is not None:
            passed.add(Stage.VALIDITY)
    return frozenset(passed)


def lacking_before(record: PolicyRecord, stage: str, passed: Collection[str]) -> list[str]:
    """What is still missing before a stage may be recorded, in order."""
    needed = order_of(record).get(stage, ())
    return [each for each in STAGES if each in needed and each not in passed]


def next_stages(record: PolicyRecord, passed: Collection[str]) -> list[str]:
    """The stages that may be recorded now and are not behind us, in order."""
    order = order_of(record)
    return [
        each for each in STAGES if each in order and each not in passed and not lacking_before(record, each, passed)
    ]


def furthest_stage(steps: Iterable[PolicyStep]) -> str:
    """The last stage, in the order of stages, that is behind the policy; 起草 where none is."""
    counted = {step.stage for step in steps if step.counts}
    return next((each for each in reversed(STAGES) if each in counted), Stage.DRAFT)


def dependants_of(stage: str) -> frozenset[str]:
    """The stages that stand on this one."""
    return frozenset(each for each, before in PREREQUISITES.items() if stage in before)
