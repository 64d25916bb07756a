"""政策页 - the stages of one policy as its page shows them: what is behind it, what comes next, what still lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from chuangju.policies.making_stages import BEFORE_ISSUE, lacking_before, next_stages, order_of, passed_stages
from chuangju.policies.models import PolicyRecord, PolicyStep
from chuangju.ui.signs import Sign

Stage, State = PolicyRecord.Stage, PolicyRecord.State
# What may be written anew once it stands: each time it counts from then on.
_RENEWED = (Stage.EXPLANATION, Stage.VALIDITY, Stage.EVALUATION)


@dataclass(frozen=True)
class ShownStep:
    """A recorded step with its files."""

    step: PolicyStep
    files: Sequence[Any]
    may_withdraw: bool


@dataclass(frozen=True)
class StageLine:
    """One stage: its steps so far, its sign, and what may be done about it."""

    stage: str
    label: str
    sign: Sign
    steps: list[ShownStep] = field(default_factory=list)
    is_next: bool = False
    may_renew: bool = False
    lacking: str = ""


def stage_lines(
    record: PolicyRecord, steps: Sequence[PolicyStep], files: Mapping[Any, Sequence[Any]], *, can_keep: bool
) -> list[StageLine]:
    """Every stage that the policy goes through, in order."""
    passed = passed_stages(record, steps)
    is_open = record.state in {State.MAKING, State.ISSUED}
    following = next_stages(record, passed) if is_open else []
    lines = []
    for stage in order_of(record):
        own = [
            ShownStep(step, files.get(step.pk, ()), can_keep and _may_withdraw(record, step))
            for step in steps
            if step.stage == stage
        ]
        lacking = lacking_before(record, stage, passed) if is_open and stage not in passed else []
        lines.append(
            StageLine(
                stage=stage,
                label=str(Stage(stage).label),
                sign=_sign(stage in passed, own, is_next=stage in following),
                steps=own,
                is_next=stage in following,
                may_renew=can_keep and record.state == State.ISSUED and stage in passed and stage in _RENEWED,
                lacking=_("、").join(str(Stage(each).label) for each in lacking),
            )
        )
    return lines


def _may_withdraw(record: PolicyRecord, step: PolicyStep) -> bool:
    return record.state == State.MAKING and step.withdrawn_at is None and step.stage in BEFORE_ISSUE


def _sign(is_passed: bool, steps: Sequence[ShownStep], *, is_next: bool) -> Sign:  # noqa: FBT001 - the stage's own state
    standing = [shown.step for shown in steps if shown.step.withdrawn_at is None]
    if is_passed:
        return Sign("done", str(standing[-1].get_outcome_display()) if standing else _("已完成"))
    if standing and not standing[-1].counts:
        return Sign("late", str(standing[-1].get_outcome_display()))
    return Sign("info", _("下一步")) if is_next else Sign("flat", _("未登记"))
