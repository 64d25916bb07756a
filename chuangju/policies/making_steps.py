"""登记环节 - one stage of a policy's life is recorded with its day, document and outcome, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.attachments import attach_file
from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm
from chuangju.policies.making import (
    LONGEST_REASON,
    MakingRefused,
    RecordFacts,
    locked_record,
    open_record,
    record_facts,
    require_keeper,
    save_record,
)
from chuangju.policies.making_stages import (
    BEFORE_ISSUE,
    dependants_of,
    furthest_stage,
    lacking_before,
    order_of,
    outcomes_of,
    passed_stages,
)
from chuangju.policies.models import PolicyRecord, PolicyStep

Stage, State, Conclusion = PolicyRecord.Stage, PolicyRecord.State, PolicyRecord.Conclusion
MAX_FILES = 6


@dataclass(frozen=True)
class StepFacts:
    """What is recorded of a stage; the second part belongs to single stages."""

    day: date
    outcome: str = PolicyStep.Outcome.DONE
    person: str = ""
    document: str = ""
    words: str = ""
    document_number: str = ""
    effective_from: date | None = None
    valid_until: date | None = None
    explanation: str = ""
    explanation_url: str = ""
    conclusion: str = ""
    repealed_on: date | None = None


@transaction.atomic
def record_step(
    record: PolicyRecord,
    *,
    stage: str,
    facts: StepFacts,
    files: Iterable[Any] = (),
    revision: int,
    by: User,
    at: datetime,
) -> PolicyStep:
    """Record a stage with its files; raises MakingRefused where something must come first, StaleForm."""
    fresh = locked_record(record, State.MAKING, State.ISSUED, revision=revision)
    require_keeper(fresh, by, at)
    steps = list(fresh.steps.order_by("pk"))
    _check_order(fresh, stage, facts, steps, on=timezone.localdate(at))
    before = record_facts(fresh)
    step = _write_step(fresh, stage, facts, by=by, at=at)
    for file in files:
        attach_file(step, file, by=by, at=at)
    if step.counts and stage in _FOLLOWS:
        _FOLLOWS[stage](fresh, facts, by, at)
    _keep(fresh, before, by=by, at=at)
    return step


@transaction.atomic
def withdraw_step(step: PolicyStep, *, reason: str, by: User, at: datetime) -> PolicyStep:
    """Take back a stage that was recorded wrongly, as long as nothing stands on it; raises MakingRefused, StaleForm."""
    record = locked_record(step.record, State.MAKING)
    require_keeper(record, by, at)
    fresh = PolicyStep.objects.select_for_update().get(pk=step.pk)
    words = " ".join(reason.split())[:LONGEST_REASON]
    if fresh.withdrawn_at is not None:
        raise StaleForm(_("这一环节刚刚已被撤销"))
    passed = passed_stages(record, record.steps.filter(withdrawn_at__isnull=True))
    later = [stage for stage in dependants_of(fresh.stage) if stage in passed]
    if fresh.counts and later:
        raise MakingRefused(
            _("后面的环节“%(stage)s”已登记，请先撤销它") % {"stage": Stage(min(later, key=_place)).label}
        )
    if not words:
        raise MakingRefused(_("请写明原因，它会记入历史"))
    before_step, before = snapshot(fresh), record_facts(record)
    fresh.withdrawn_at, fresh.withdrawn_by, fresh.withdrawn_reason = at, by, words
    fresh.save()
    record_event(
        "policies.step_withdrawn",
        fresh,
        by=by,
        at=at,
        before=before_step,
        after=snapshot(fresh),
        about=record,
        reason=words,
    )
    if fresh.stage == Stage.NUMBER:
        record.document_number = ""
    _keep(record, before, by=by, at=at)
    return fresh


def _keep(record: PolicyRecord, before: dict[str, Any], *, by: User, at: datetime) -> None:
    """Write the record; that it has come to a stage is said by the event of the step itself."""
    if record_facts(record) != before:
        record.stage = furthest_stage(record.steps.filter(withdrawn_at__isnull=True))
        save_record(record, "record_updated", before, by=by, at=at)
        return
    record.stage = furthest_stage(record.steps.filter(withdrawn_at__isnull=True))
    record.revision += 1
    record.save()


def _place(stage: str) -> int:
    return list(Stage.values).index(stage)


def _check_order(record: PolicyRecord, stage: str, facts: StepFacts, steps: list[PolicyStep], *, on: date) -> None:
    """What must come first has come, and the days follow each other."""
    order = order_of(record)
    if stage not in order:
        raise MakingRefused(_("这一环节不在本区办理，请只登记文号、印发、解读、有效期和评估"))
    passed = passed_stages(record, steps)
    lacking = lacking_before(record, stage, passed)
    if lacking:
        names = _("、").join(str(Stage(each).label) for each in lacking)
        raise MakingRefused(_("“%(stage)s”之前还须完成：%(lacking)s") % {"stage": Stage(stage).label, "lacking": names})
    if stage in {*BEFORE_ISSUE, Stage.ISSUE} and stage in passed:
        raise MakingRefused(_("“%(stage)s”已经登记；登记有误的，请先撤销再重新登记") % {"stage": Stage(stage).label})
    if record.state == State.ISSUED and stage in BEFORE_ISSUE:
        raise MakingRefused(_("政策已经印发，不能再登记印发之前的环节"))
    if facts.outcome not in outcomes_of(stage):
        raise MakingRefused(_("请选择结果"))
    if facts.day > on:
        raise MakingRefused(_("日期不能晚于今天"))
    earlier = [step for step in steps if step.counts and step.stage in order[stage] and step.day > facts.day]
    if earlier:
        said = {"stage": Stage(earlier[0].stage).label, "day": earlier[0].day.isoformat()}
        raise MakingRefused(_("日期不能早于“%(stage)s”的日期 %(day)s") % said)


def _write_step(record: PolicyRecord, stage: str, facts: StepFacts, *, by: User, at: datetime) -> PolicyStep:
    step = PolicyStep.objects.create(
        record=record,
        stage=stage,
        outcome=facts.outcome,
        day=facts.day,
        person=" ".join(facts.person.split())[:100],
        document=" ".join(facts.document.split())[:200],
        words=facts.words.strip()[:1000],
        by=by,
        at=at,
    )
    record_event("policies.step_recorded", step, by=by, at=at, after=snapshot(step), about=record)
    return step


def _number(record: PolicyRecord, facts: StepFacts, _by: User, _at: datetime) -> None:
    number = " ".join(facts.document_number.split())
    if not number:
        raise MakingRefused(_("请填写发文字号"))
    record.document_number = number[:80]


def _issue(record: PolicyRecord, facts: StepFacts, by: User, at: datetime) -> None:
    if facts.effective_from is None:
        raise MakingRefused(_("请填写施行日期"))
    record.issued_on, record.effective_from, record.state = facts.day, facts.effective_from, State.ISSUED
    if not record.version:
        record.version = facts.effective_from.isoformat()
    others = PolicyRecord.objects.filter(policy_id=record.policy_id, version=record.version).exclude(pk=record.pk)
    if others.exists():
        raise MakingRefused(_("这项政策的这个版本已有档案"))
    if facts.valid_until is not None:
        _set_validity(record, facts.valid_until)
        _write_step(record, Stage.VALIDITY, facts, by=by, at=at)
    if record.replaces is not None:
        _supersede(record.replaces, facts.effective_from, by=by, at=at)


def _supersede(old: PolicyRecord, from_day: date, *, by: User, at: datetime) -> None:
    """The policy that is replaced ends on the day before, if it does not end sooner."""
    fresh = locked_record(old)
    if fresh.state != State.ISSUED:
        return
    before = record_facts(fresh)
    fresh.state, last = State.SUPERSEDED, from_day - timedelta(days=1)
    if fresh.valid_until is None or fresh.valid_until > last:
        fresh.valid_until = max(last, fresh.effective_from or last)
    save_record(fresh, "record_superseded", before, by=by, at=at)


def _explanation(record: PolicyRecord, facts: StepFacts, _by: User, _at: datetime) -> None:
    if not facts.explanation.strip() and not facts.explanation_url:
        raise MakingRefused(_("请填写解读文字，或官方解读的链接"))
    record.explanation, record.explanation_url = facts.explanation.strip()[:5000], facts.explanation_url


def _set_validity(record: PolicyRecord, until: date | None) -> None:
    if until is None:
        raise MakingRefused(_("请填写有效期的最后一天"))
    if record.effective_from is not None and until < record.effective_from:
        raise MakingRefused(_("有效期不能早于施行日期"))
    record.valid_until = until


def _validity(record: PolicyRecord, facts: StepFacts, _by: User, _at: datetime) -> None:
    _set_validity(record, facts.valid_until)


def _evaluation(record: PolicyRecord, facts: StepFacts, by: User, at: datetime) -> None:
    if facts.conclusion not in Conclusion.values:
        raise MakingRefused(_("请选择评估结论"))
    record.conclusion, record.evaluated_on = facts.conclusion, facts.day
    if facts.conclusion == Conclusion.CONTINUE:
        if facts.valid_until is None or (record.valid_until is not None and facts.valid_until <= record.valid_until):
            raise MakingRefused(_("继续有效的，请填写新的有效期，须晚于原有效期"))
        _set_validity(record, facts.valid_until)
        _write_step(record, Stage.VALIDITY, facts, by=by, at=at)
    elif facts.conclusion == Conclusion.REPEAL:
        if facts.repealed_on is None or facts.repealed_on < (record.effective_from or facts.repealed_on):
            raise MakingRefused(_("废止的，请填写废止日期，不能早于施行日期"))
        record.state, record.repealed_on = State.REPEALED, facts.repealed_on
    else:
        _open_successor(record, by=by, at=at)


def _open_successor(record: PolicyRecord, *, by: User, at: datetime) -> None:
    """A policy that is to be amended goes back to the beginning, as a new record that will replace this one."""
    if PolicyRecord.objects.filter(policy_id=record.policy_id, state=State.MAKING).exists() or record.unit is None:
        return
    facts = RecordFacts(
        policy_id=record.policy_id,
        title=_("%(title)s（修订）") % {"title": record.title[:190]},
        title_en=f"{record.title_en[:185]} (amended)" if record.title_en else "",
        unit=record.unit,
        level=record.level,
        issuer=record.issuer,
        document=record.document,
        confidence=record.confidence,
        replaces=record,
    )
    if record.is_own:
        open_record(facts, by=by, at=at)


_FOLLOWS: dict[str, Callable[[PolicyRecord, StepFacts, User, datetime], None]] = {
    Stage.NUMBER: _number,
    Stage.ISSUE: _issue,
    Stage.EXPLANATION: _explanation,
    Stage.VALIDITY: _validity,
    Stage.EVALUATION: _evaluation,
}
