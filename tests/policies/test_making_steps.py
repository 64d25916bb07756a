"""Stages: in their order, on days that follow each other, and nothing is issued without both reviews."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import permutations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chuangju.kernel.attachments import attachments_visible_to
from chuangju.kernel.audit import events_about
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm
from chuangju.policies.making import MakingRefused
from chuangju.policies.making_stages import next_stages, passed_stages
from chuangju.policies.making_steps import StepFacts, record_step, withdraw_step
from chuangju.policies.models import PolicyRecord, PolicyStep
from chuangju.units.models import Unit
from tests.conftest import NOW
from tests.policies.life import BEFORE_ISSUE, TODAY, Stage, entered, issued, opened, step

pytestmark = pytest.mark.django_db
NEXT_YEAR = TODAY + timedelta(days=365)


@pytest.fixture
def keeper(make_user: Callable[..., User], unit: Unit) -> User:
    return make_user("policy", "policy_officer", unit=unit)


def test_a_policy_goes_through_every_stage_to_its_evaluation(keeper: User, unit: Unit) -> None:
    record = issued(keeper, unit)
    assert (record.state, record.document_number, record.issued_on) == ("issued", "示例〔2026〕1号", TODAY)
    assert record.version == TODAY.isoformat()
    assert record.holds_on(TODAY)
    assert not record.holds_on(TODAY - timedelta(days=1))
    step(record, Stage.EXPLANATION, by=keeper)
    step(record, Stage.EVALUATION, by=keeper, conclusion="continue", valid_until=NEXT_YEAR + timedelta(days=300))
    record.refresh_from_db()
    assert (record.stage, record.conclusion) == (Stage.EVALUATION, "continue")
    assert record.valid_until == NEXT_YEAR + timedelta(days=300)
    stages = [each.stage for each in record.steps.order_by("pk")]
    assert stages == [*BEFORE_ISSUE, "issue", "validity", "explanation", "evaluation", "validity"]


@pytest.mark.parametrize("missing", BEFORE_ISSUE)
def test_nothing_is_issued_while_a_stage_before_it_is_missing(keeper: User, unit: Unit, missing: str) -> None:
    record = opened(keeper, unit)
    for stage in BEFORE_ISSUE:
        if stage == missing:
            break
        step(record, stage, by=keeper)
    with pytest.raises(MakingRefused, match="之前还须完成"):
        step(record, Stage.ISSUE, by=keeper)
    record.refresh_from_db()
    assert record.state == PolicyRecord.State.MAKING


def test_in_no_order_of_stages_is_a_policy_issued_without_both_reviews(keeper: User, unit: Unit) -> None:
    """Whatever is tried in whatever order: issued means that both reviews were passed."""
    tried = (Stage.CONSULTATION, Stage.LEGALITY, Stage.COMPETITION, Stage.DELIBERATION)
    for place, order in enumerate(permutations(tried, 3)):
        record = opened(keeper, unit, f"policy_{place}")
        for stage in (*order, Stage.NUMBER, Stage.ISSUE):
            try:
                step(record, stage, by=keeper)
            except MakingRefused:
                continue
        record.refresh_from_db()
        assert record.state == PolicyRecord.State.MAKING, order


def test_a_review_that_failed_is_gone_through_again_and_only_then_counts(keeper: User, unit: Unit) -> None:
    record = opened(keeper, unit)
    step(record, Stage.CONSULTATION, by=keeper)
    step(record, Stage.LEGALITY, by=keeper, outcome="failed", words="须修改")
    step(record, Stage.COMPETITION, by=keeper, outcome="amended")
    with pytest.raises(MakingRefused, match="合法性审核"):
        step(record, Stage.DELIBERATION, by=keeper)
    record.refresh_from_db()
    assert record.stage == Stage.COMPETITION
    step(record, Stage.LEGALITY, by=keeper)
    step(record, Stage.DELIBERATION, by=keeper)
    with pytest.raises(MakingRefused, match="已经登记"):
        step(record, Stage.LEGALITY, by=keeper)


def test_days_follow_each_other_and_none_lies_ahead(keeper: User, unit: Unit) -> None:
    record = opened(keeper, unit)
    with pytest.raises(MakingRefused, match="不能晚于今天"):
        step(record, Stage.CONSULTATION, by=keeper, day=TODAY + timedelta(days=1))
    step(record, Stage.CONSULTATION, by=keeper, day=TODAY - timedelta(days=5))
    with pytest.raises(MakingRefused, match="不能早于“征求意见”的日期 2026-06-10"):
        step(record, Stage.LEGALITY, by=keeper, day=TODAY - timedelta(days=6))
    assert step(record, Stage.LEGALITY, by=keeper, day=TODAY - timedelta(days=5)).counts


def test_only_outcomes_of_the_stage_are_taken(keeper: User, unit: Unit) -> None:
    record = opened(keeper, unit)
    with pytest.raises(MakingRefused, match="请选择结果"):
        step(record, Stage.CONSULTATION, by=keeper, outcome="failed")
    step(record, Stage.CONSULTATION, by=keeper)
    with pytest.raises(MakingRefused, match="请选择结果"):
        step(record, Stage.LEGALITY, by=keeper, outcome="done")


def test_a_step_keeps_its_files_for_the_staff_side(keeper: User, leader: User, stranger: User, unit: Unit) -> None:
    record = opened(keeper, unit)
    paper = SimpleUploadedFile("意见.txt", "意见汇总".encode())
    made = record_step(
        record,
        stage=Stage.CONSULTATION,
        facts=StepFacts(day=TODAY, person="法规科", document="征求意见函"),
        files=[paper],
        revision=1,
        by=keeper,
        at=NOW,
    )
    assert [file.name for file in attachments_visible_to(leader).of(made)[made.pk]] == ["意见.txt"]
    assert attachments_visible_to(stranger).of(made)[made.pk] == []
    assert attachments_visible_to(None).of(made)[made.pk] == []


def test_a_form_from_an_older_revision_and_a_stranger_to_the_policy_are_refused(
    keeper: User, liaison: User, unit: Unit
) -> None:
    record = opened(keeper, unit)
    facts = StepFacts(day=TODAY)
    with pytest.raises(StaleForm):
        record_step(record, stage=Stage.CONSULTATION, facts=facts, revision=7, by=keeper, at=NOW)
    with pytest.raises(MakingRefused, match="只有责任单位"):
        record_step(record, stage=Stage.CONSULTATION, facts=facts, revision=1, by=liaison, at=NOW)


def test_number_and_days_of_the_issue_are_asked_for(keeper: User, unit: Unit) -> None:
    record = opened(keeper, unit)
    for stage in BEFORE_ISSUE[:-1]:
        step(record, stage, by=keeper)
    with pytest.raises(MakingRefused, match="请填写发文字号"):
        step(record, Stage.NUMBER, by=keeper, document_number=" ")
    step(record, Stage.NUMBER, by=keeper)
    with pytest.raises(MakingRefused, match="请填写施行日期"):
        step(record, Stage.ISSUE, by=keeper, effective_from=None)
    with pytest.raises(MakingRefused, match="有效期不能早于施行日期"):
        step(record, Stage.ISSUE, by=keeper, valid_until=TODAY - timedelta(days=1))
    assert not record.steps.filter(stage=Stage.ISSUE).exists()


def test_after_the_issue_nothing_before_it_is_recorded_or_taken_back(keeper: User, unit: Unit) -> None:
    record = issued(keeper, unit)
    with pytest.raises(MakingRefused, match="已经登记"):
        step(record, Stage.LEGALITY, by=keeper)
    with pytest.raises(MakingRefused, match="已印发"):
        withdraw_step(record.steps.get(stage=Stage.LEGALITY), reason="误", by=keeper, at=NOW)


def test_explanation_and_validity_ask_for_what_they_are(keeper: User, unit: Unit) -> None:
    record = issued(keeper, unit, until=None)
    assert record.valid_until is None
    with pytest.raises(MakingRefused, match="解读文字"):
        step(record, Stage.EXPLANATION, by=keeper, explanation=" ")
    with pytest.raises(MakingRefused, match="有效期"):
        step(record, Stage.EVALUATION, by=keeper, conclusion="repeal", repealed_on=NEXT_YEAR)
    with pytest.raises(MakingRefused, match="最后一天"):
        step(record, Stage.VALIDITY, by=keeper)
    step(record, Stage.VALIDITY, by=keeper, valid_until=NEXT_YEAR)
    step(record, Stage.EXPLANATION, by=keeper, explanation="", explanation_url="https://example.org/")
    record.refresh_from_db()
    assert (record.valid_until, record.explanation_url) == (NEXT_YEAR, "https://example.org/")


def test_an_evaluation_that_continues_needs_a_later_last_day(keeper: User, unit: Unit) -> None:
    record = issued(keeper, unit, until=NEXT_YEAR)
    for until in (None, NEXT_YEAR):
        with pytest.raises(MakingRefused, match="须晚于原有效期"):
            step(record, Stage.EVALUATION, by=keeper, conclusion="continue", valid_until=until)
    with pytest.raises(MakingRefused, match="请选择评估结论"):
        step(record, Stage.EVALUATION, by=keeper)


def test_a_policy_that_is_repealed_ends_on_its_day(keeper: User, unit: Unit) -> None:
    record = issued(keeper, unit)
    with pytest.raises(MakingRefused, match="废止日期"):
        step(record, Stage.EVALUATION, by=keeper, conclusion="repeal")
    step(record, Stage.EVALUATION, by=keeper, conclusion="repeal", repealed_on=TODAY + timedelta(days=10))
    record.refresh_from_db()
    assert record.state == PolicyRecord.State.REPEALED
    assert record.holds_on(TODAY + timedelta(days=10))
    assert not record.holds_on(TODAY + timedelta(days=11))


def test_a_policy_that_is_to_be_amended_is_made_anew_and_then_replaced(keeper: User, unit: Unit) -> None:
    record = issued(keeper, unit, until=NEXT_YEAR)
    step(record, Stage.EVALUATION, by=keeper, conclusion="amend")
    again = PolicyRecord.objects.get(policy_id=record.policy_id, state=PolicyRecord.State.MAKING)
    assert (again.replaces, again.title) == (record, f"{record.title}（修订）")
    for stage in BEFORE_ISSUE:
        step(again, stage, by=keeper)
    starts = TODAY + timedelta(days=30)
    step(again, Stage.ISSUE, by=keeper, effective_from=starts, valid_until=NEXT_YEAR + timedelta(days=700))
    record.refresh_from_db()
    assert (record.state, record.valid_until) == ("superseded", starts - timedelta(days=1))
    assert record.holds_on(TODAY)
    assert [event.action for event in events_about(record).order_by("sequence")][-1] == "policies.record_superseded"


def test_a_successor_is_opened_once_and_a_policy_that_ended_otherwise_stays_so(keeper: User, unit: Unit) -> None:
    record = issued(keeper, unit, until=NEXT_YEAR)
    again = opened(keeper, unit, record.policy_id, replaces=record)
    step(record, Stage.EVALUATION, by=keeper, conclusion="amend")
    assert PolicyRecord.objects.get(state=PolicyRecord.State.MAKING) == again
    step(record, Stage.EVALUATION, by=keeper, conclusion="repeal", repealed_on=NEXT_YEAR)
    for stage in BEFORE_ISSUE:
        step(again, stage, by=keeper)
    step(again, Stage.ISSUE, by=keeper, effective_from=TODAY + timedelta(days=3))
    record.refresh_from_db()
    assert record.state == PolicyRecord.State.REPEALED


def test_two_issues_of_one_policy_are_told_apart_by_their_versions(keeper: User, unit: Unit) -> None:
    record = issued(keeper, unit)
    again = opened(keeper, unit, record.policy_id)
    for stage in BEFORE_ISSUE:
        step(again, stage, by=keeper)
    with pytest.raises(MakingRefused, match="这个版本已有档案"):
        step(again, Stage.ISSUE, by=keeper)


def test_a_policy_of_the_catalogue_is_not_gone_through_from_its_beginning(office: User, unit: Unit) -> None:
    record = entered("shipped", unit=unit)
    with pytest.raises(MakingRefused, match="已经印发"):
        step(record, Stage.CONSULTATION, by=office)


def test_a_stage_is_taken_back_with_a_reason_as_long_as_nothing_stands_on_it(keeper: User, unit: Unit) -> None:
    record = opened(keeper, unit)
    first, second = step(record, Stage.CONSULTATION, by=keeper), step(record, Stage.LEGALITY, by=keeper)
    with pytest.raises(MakingRefused, match="后面的环节“合法性审核”"):
        withdraw_step(first, reason="误", by=keeper, at=NOW)
    with pytest.raises(MakingRefused, match="请写明原因"):
        withdraw_step(second, reason=" ", by=keeper, at=NOW)
    withdraw_step(second, reason="日期写错", by=keeper, at=NOW)
    record.refresh_from_db()
    assert record.stage == Stage.CONSULTATION
    with pytest.raises(StaleForm):
        withdraw_step(second, reason="再一次", by=keeper, at=NOW)
    assert step(record, Stage.LEGALITY, by=keeper).counts


def test_the_number_goes_with_its_step(keeper: User, unit: Unit) -> None:
    record = opened(keeper, unit)
    made = [step(record, stage, by=keeper) for stage in BEFORE_ISSUE]
    withdraw_step(made[-1], reason="文号有误", by=keeper, at=NOW)
    record.refresh_from_db()
    assert (record.document_number, record.stage) == ("", Stage.DELIBERATION)


def test_what_is_made_above_is_entered_without_its_reviews(office: User, unit: Unit) -> None:
    record = opened(office, unit, level="city")
    with pytest.raises(MakingRefused, match="不在本区办理"):
        step(record, Stage.LEGALITY, by=office)
    step(record, Stage.NUMBER, by=office)
    step(record, Stage.ISSUE, by=office)
    record.refresh_from_db()
    assert record.state == PolicyRecord.State.ISSUED


def test_a_shipped_policy_may_be_explained_extended_and_evaluated_at_once(office: User, unit: Unit) -> None:
    record = entered("shipped", unit=unit, level="city", valid_until=date(2026, 12, 31), document_number="某号")
    passed = passed_stages(record, PolicyStep.objects.none())
    assert next_stages(record, passed) == [Stage.EXPLANATION, Stage.EVALUATION]
    step(record, Stage.EVALUATION, by=office, conclusion="amend")
    assert not PolicyRecord.objects.filter(state=PolicyRecord.State.MAKING).exists()
