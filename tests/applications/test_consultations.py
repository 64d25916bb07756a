"""Other units are asked side by side, the unit that leads answers outward, and silence counts after some days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from chuangju.applications.access import desk_applications_visible_to
from chuangju.applications.case_locks import StepRefused
from chuangju.applications.consultations import (
    ConsultationRefused,
    answer_consultation,
    consult_units,
    count_silence,
    excuse_unit,
)
from chuangju.applications.models import Application, Step
from chuangju.applications.steps import complete_step
from chuangju.kernel.models import Message, User
from chuangju.kernel.refusals import StaleForm
from tests.applications.desk import clerk_of, hand_in, make_firm, step_of, to_review, unit_of

pytestmark = pytest.mark.usefixtures("reference_data")


@pytest.fixture
def lead(reference_data: None, make_user: Callable[..., User], now: datetime) -> Step:
    founder = make_user("founder", "entrepreneur")
    return to_review(hand_in(make_firm(1, founder=founder), by=founder, at=now), at=now)


@pytest.fixture
def officers(reference_data: None, make_user: Callable[..., User]) -> list[User]:
    return [make_user(f"liaison-{code}", "liaison_officer", unit=unit_of(code)) for code in ("kw", "scj", "czj")]


def ask(lead: Step, at: datetime, **more: object) -> list[Step]:
    units = [unit_of(code) for code in ("kw", "scj", "czj")]
    return consult_units(lead, units, question="场地是否属于众创空间？", by=clerk_of("rsj"), at=at, **more)  # type: ignore[arg-type]


@pytest.mark.usefixtures("officers")
def test_three_units_are_asked_at_once_and_told(lead: Step, officers: list[User], now: datetime) -> None:
    asked = ask(lead, now)
    assert {one.due_on for one in asked} == {date(2026, 6, 23)}
    assert Message.objects.filter(user__in=officers, template="applications.consulted").count() == 3
    for officer in officers:
        assert desk_applications_visible_to(officer, now.date()).get() == lead.application


def test_the_lead_waits_for_all_and_then_answers_outward(lead: Step, officers: list[User], now: datetime) -> None:
    asked = ask(lead, now)
    with pytest.raises(StepRefused, match="3 个单位"):
        complete_step(lead, "passed", by=clerk_of("rsj"), at=now)
    for step, officer, result in zip(asked, officers, ("passed", "failed", "undecided"), strict=True):
        answer_consultation(step, result=result, opinion="见附件", by=officer, at=now)
    assert step_of(lead.application, "approve").state == "waiting"
    complete_step(lead, "passed", opinion="采纳两家意见", by=clerk_of("rsj"), at=now)
    assert step_of(lead.application, "approve").state == "open"


def test_silence_counts_after_its_days_and_not_before(lead: Step, officers: list[User], now: datetime) -> None:
    asked = ask(lead, now)
    answer_consultation(asked[0], result="passed", opinion="", by=officers[0], at=now)
    assert count_silence(date(2026, 6, 23), at=now) == 0
    assert count_silence(date(2026, 6, 24), at=now + timedelta(days=9)) == 2
    assert [one.result for one in Step.objects.filter(pk__in=[s.pk for s in asked]).order_by("pk")] == [
        "passed",
        "silent",
        "silent",
    ]
    complete_step(lead, "passed", by=clerk_of("rsj"), at=now + timedelta(days=9))


@pytest.mark.usefixtures("officers")
def test_where_silence_does_not_count_the_lead_may_excuse_a_unit(lead: Step, now: datetime) -> None:
    asked = ask(lead, now, silence_counts=False)
    assert count_silence(date(2027, 1, 1), at=now) == 0
    for one in asked:
        excuse_unit(one, reason="电话已答复无意见", by=clerk_of("rsj"), at=now)
    complete_step(lead, "passed", by=clerk_of("rsj"), at=now)


def test_a_unit_answers_once_and_for_itself(lead: Step, officers: list[User], now: datetime) -> None:
    asked = ask(lead, now)
    with pytest.raises(ConsultationRefused):
        answer_consultation(asked[0], result="passed", opinion="", by=officers[1], at=now)
    with pytest.raises(ConsultationRefused, match="意见"):
        answer_consultation(asked[0], result="failed", opinion=" ", by=officers[0], at=now)
    answer_consultation(asked[0], result="passed", opinion="", by=officers[0], at=now)
    with pytest.raises(StaleForm):
        answer_consultation(asked[0], result="failed", opinion="改口", by=officers[0], at=now)


@pytest.mark.usefixtures("officers")
def test_a_unit_is_not_asked_twice_and_only_whoever_reviews_asks(lead: Step, now: datetime) -> None:
    ask(lead, now)
    with pytest.raises(ConsultationRefused, match="已在会签中"):
        ask(lead, now)
    with pytest.raises(ConsultationRefused):
        consult_units(lead, [unit_of("jyj")], question="？", by=clerk_of("310112114"), at=now)


def test_a_file_may_name_the_units_and_who_leads() -> None:
    from types import SimpleNamespace  # noqa: PLC0415 - this test alone

    from chuangju.applications.step_kinds import planned_steps  # noqa: PLC0415

    node = {
        "step": "review",
        "label": {"zh": "联合审核", "en": "Joint review"},
        "units": ["区科委", "区市场监管局", "区财政局"],
        "lead": "区科委",
        "silence_days": 5,
    }
    plans = planned_steps(SimpleNamespace(process=(node, {"step": "pay", "unit": "区财政局"}), unit="区科委"))  # type: ignore[arg-type]
    assert [(one.position, one.kind, one.unit_name, one.is_lead, one.join) for one in plans][1:4] == [
        (2, "verify", "区科委", True, "lead"),
        (2, "verify", "区市场监管局", False, "lead"),
        (2, "verify", "区财政局", False, "lead"),
    ]
    assert [one.kind for one in plans] == ["accept", "verify", "verify", "verify", "approve", "pay"]


def test_a_case_that_was_never_asked_about_stays_out_of_sight(
    lead: Step, make_user: Callable[..., User], now: datetime
) -> None:
    officer = make_user("liaison-jyj", "liaison_officer", unit=unit_of("jyj"))
    assert not desk_applications_visible_to(officer, now.date()).filter(pk=lead.application_id).exists()
    assert Application.objects.filter(pk=lead.application_id).exists()


def test_silence_of_several_of_whom_one_is_enough_counts_once(lead: Step, now: datetime) -> None:
    step = lead
    Step.objects.filter(pk=step.pk).update(join="any", silence_days=1, due_on=now.date())
    beside = Step.objects.get(pk=step.pk)
    beside.pk, beside.unit = None, unit_of("kw")
    beside.save(force_insert=True)
    assert count_silence(now.date() + timedelta(days=5), at=now + timedelta(days=5)) == 1
    ended = step.application.steps.filter(position=step.position).order_by("pk").values_list("state", flat=True)
    assert list(ended) == ["done", "skipped"]
