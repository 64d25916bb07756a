"""A standing outlives its case: numbered, on the public register, suspended, resumed, revoked, renewed; obligations and samples."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from chuangju.applications.children import open_renewal
from chuangju.applications.decisions import DecisionRefused, approve_decision, propose_decision
from chuangju.applications.models import Application, Decision, Obligation, PublicNotice, Standing, Step
from chuangju.applications.notices import end_notice
from chuangju.applications.obligations import (
    ObligationRefused,
    remind_of_obligations,
    remind_of_standings,
    report_obligation,
    settle_obligation,
)
from chuangju.applications.recoveries import hearing_of, open_recovery
from chuangju.applications.samples import draw_sample, drawn_from, settle_samples
from chuangju.applications.standings import (
    StandingRefused,
    end_standing,
    give_standing,
    last_day_of,
    public_standings,
    resume_standing,
    revoke_standing,
    state_on,
    suspend_standing,
)
from chuangju.applications.steps import complete_step
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.models import Message, User
from chuangju.policies.current import current_catalogue
from chuangju.rules.showing import show_value
from chuangju.units.models import Role
from chuangju.ventures.memberships import is_on_list, join_list
from tests.applications import deciding, desk
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]
POLICY = "district_incubator_base"


@pytest.fixture
def founder() -> User:
    return make_user("founder", Role.ENTREPRENEUR)


def _period(at: datetime) -> DutyPeriod:
    return DutyPeriod(on=at.date(), start=at, end=at, at=at)


@pytest.fixture
def recognised(founder: User, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Standing:
    """A demonstration base of the district, recognised by a decision in force."""
    policy = current_catalogue().version_for(POLICY, now.date())
    assert policy is not None
    answers = {key: show_value(value) for key, value in policy.examples[0].given.items()}
    monkeypatch.setattr(desk, "ANSWERS", answers)
    application = desk.hand_in(desk.make_firm(1, founder=founder), by=founder, at=now, policy_id=POLICY)
    deciding.at_approval(application, at=now)
    decision = propose_decision(application, Decision.Outcome.GRANTED, by=deciding.proposer(), at=now)
    approve_decision(decision, by=desk.approver_of("rsj"), at=now)
    end_notice(PublicNotice.objects.get(decisions=decision), by=None, at=now + timedelta(days=10))
    return Standing.objects.get()


def test_a_recognition_leaves_a_standing_with_number_term_and_a_line_of_the_public_register(
    recognised: Standing, now: datetime
) -> None:
    on = (now + timedelta(days=10)).date()
    assert recognised.number == "ZG310112-2026-0001"
    assert recognised.ends_on is not None
    assert (recognised.starts_on, recognised.ends_on.isoformat()) == (on, "2028-06-24")
    assert list(public_standings(on)) == [recognised]
    assert state_on(recognised, recognised.ends_on) == "expiring"
    assert state_on(recognised, recognised.ends_on + timedelta(days=1)) == "expired"
    assert not Application.objects.get().entitlements.exists(), "a title is no money"
    assert Application.objects.get().closed_at is not None


def test_a_suspended_standing_leaves_the_register_until_it_is_resumed(recognised: Standing, now: datetime) -> None:
    at = now + timedelta(days=20)
    with pytest.raises(StandingRefused):
        suspend_standing(recognised, reason="核实", by=desk.clerk_of(deciding.TOWN), at=at)
    suspend_standing(recognised, reason="核实在孵团队", by=desk.clerk_of("rsj"), at=at)
    assert not public_standings(at.date()).exists()
    resume_standing(recognised, reason="核实无误", by=desk.clerk_of("rsj"), at=at)
    assert public_standings(at.date()).exists()
    with pytest.raises(StandingRefused, match="审批人"):
        revoke_standing(recognised, reason="弄虚作假", by=desk.clerk_of("rsj"), at=at)
    revoked = revoke_standing(recognised, reason="弄虚作假", by=desk.approver_of("rsj"), at=at)
    assert state_on(revoked, at.date()) == "revoked"
    with pytest.raises(StandingRefused, match="已撤销"):
        resume_standing(recognised, reason="再来", by=desk.clerk_of("rsj"), at=at)


def test_a_list_named_by_the_policy_holds_the_holder_while_the_standing_is_active(
    recognised: Standing, now: datetime
) -> None:
    leaf = {"kind": "standing", "label": {"zh": "重点载体", "en": "Key carrier"}, "list": "key_carriers", "months": 12}
    at = now + timedelta(days=20)
    given = give_standing(recognised.decision, leaf, on=at.date(), by=None, at=at)
    assert is_on_list("key_carriers", given.party, on=at.date())
    suspend_standing(given, reason="核实", by=desk.clerk_of("rsj"), at=at + timedelta(days=5))
    assert not is_on_list("key_carriers", given.party, on=(at + timedelta(days=5)).date())


def test_what_the_register_says_of_a_list_is_not_ended_by_a_standing(recognised: Standing, now: datetime) -> None:
    at, later = now + timedelta(days=20), now + timedelta(days=25)
    join_list("key_carriers", recognised.party, starts_on=now.date(), source="市级名单", by=None, at=now)
    leaf = {"kind": "standing", "label": {"zh": "重点载体", "en": "Key carrier"}, "list": "key_carriers", "months": 12}
    given = give_standing(recognised.decision, leaf, on=at.date(), by=None, at=at)
    suspend_standing(given, reason="核实", by=desk.clerk_of("rsj"), at=later)
    assert is_on_list("key_carriers", given.party, on=later.date()), "the city put it there"


def test_the_holder_is_told_before_it_runs_out_and_asks_for_another_term(
    recognised: Standing, founder: User, now: datetime
) -> None:
    assert recognised.ends_on is not None
    near = now + timedelta(days=(recognised.ends_on - now.date()).days - 30)
    assert remind_of_standings(_period(near)) == 1
    assert remind_of_standings(_period(near)) == 0
    with pytest.raises(DecisionRefused, match="只有持有人"):
        open_renewal(recognised, by=make_user("other", Role.ENTREPRENEUR), at=now)
    child = open_renewal(recognised, by=founder, at=now + timedelta(days=30))
    assert (child.kind, child.state, child.parent) == ("renewal", "draft", recognised.decision.application)


def test_an_obligation_is_reminded_of_reported_and_settled(recognised: Standing, founder: User, now: datetime) -> None:
    duty = Obligation.objects.get()
    near = now + timedelta(days=(duty.due_on - now.date()).days - 5)
    told = remind_of_obligations(_period(near))
    assert told == Message.objects.filter(user=founder, template="applications.obligation_due").count() > 0
    assert remind_of_obligations(_period(near)) == 0
    with pytest.raises(ObligationRefused, match="申请人"):
        report_obligation(duty, report="已报", by=desk.clerk_of("rsj"), at=near)
    report_obligation(duty, report="年度数据已报送", by=founder, at=near)
    with pytest.raises(ObligationRefused, match="请写明情况"):
        settle_obligation(duty, Obligation.State.BROKEN, by=desk.clerk_of("rsj"), at=near)
    settle_obligation(duty, Obligation.State.MET, by=desk.clerk_of("rsj"), at=near)
    with pytest.raises(ObligationRefused, match="已经核实"):
        report_obligation(duty, report="再报一次", by=founder, at=near)
    late = now + timedelta(days=(duty.due_on - now.date()).days + 3)
    assert remind_of_obligations(_period(late)) == 0


def test_a_draw_can_be_repeated_by_anybody() -> None:
    numbers = [f"310112-{place:05d}" for place in range(1, 101)]
    assert drawn_from(numbers, share=5, seed="a") == drawn_from(list(reversed(numbers)), share=5, seed="a")
    assert len(drawn_from(numbers, share=5, seed="a")) == 5
    assert drawn_from(numbers, share=5, seed="a") != drawn_from(numbers, share=5, seed="b")
    assert len(drawn_from(numbers[:3], share=1, seed="a")) == 1


def test_a_sample_that_finds_something_wrong_begins_a_recovery_with_a_hearing(
    recognised: Standing, now: datetime
) -> None:
    at = now + timedelta(days=30)
    with pytest.raises(DecisionRefused):
        draw_sample(desk.unit_of("rsj"), share=100, seed="s", by=desk.clerk_of(deciding.TOWN), at=at)
    (check,) = draw_sample(desk.unit_of("rsj"), share=100, seed="s", by=desk.clerk_of("rsj"), at=at)
    with pytest.raises(DecisionRefused, match="没有可以抽查"):
        draw_sample(desk.unit_of("rsj"), share=100, seed="s", by=desk.clerk_of("rsj"), at=at)
    assert settle_samples(_period(at)) == 0
    visit = desk.step_of(check, Step.Kind.VISIT)
    complete_step(visit, Step.Result.FAILED, opinion="在孵团队只有 12 家", by=desk.clerk_of("rsj"), at=at)
    assert settle_samples(_period(at)) == 1
    check.refresh_from_db()
    assert check.state == Application.State.REFUSED
    recovery = Application.objects.get(kind="recovery")
    assert recovery.parent == recognised.decision.application
    assert hearing_of(recovery) is not None


@pytest.mark.parametrize(
    ("starts", "months", "ends"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 6, 15), 36, date(2029, 6, 14)),
        (date(2026, 3, 1), 12, date(2027, 2, 28)),
    ],
)
def test_a_term_ends_on_the_eve_of_its_anniversary_or_with_the_month(starts: date, months: int, ends: date) -> None:
    assert last_day_of(starts, months) == ends


def test_what_a_revoked_decision_asked_for_is_asked_no_more(recognised: Standing, now: datetime) -> None:
    application, bureau = recognised.decision.application, desk.clerk_of("rsj")
    duty = Obligation.objects.get()
    child = open_recovery(application, reason="场地已退租", hears=False, by=bureau, at=now)
    complete_step(desk.step_of(child, "verify"), Step.Result.PASSED, opinion="属实", by=bureau, at=now)
    revoked = propose_decision(child, "revoked", remark="场地已退租", by=deciding.proposer(), at=now)
    approve_decision(revoked, by=desk.approver_of("rsj"), at=now)
    duty.refresh_from_db()
    recognised.refresh_from_db()
    assert (duty.state, recognised.state) == (Obligation.State.WAIVED, Standing.State.ENDED)
    assert remind_of_obligations(_period(now + timedelta(days=(duty.due_on - now.date()).days - 5))) == 0


def test_a_renewal_that_is_given_up_leaves_the_term_before_it_on_the_list(recognised: Standing, now: datetime) -> None:
    leaf = {"kind": "standing", "label": {"zh": "重点载体", "en": "Key carrier"}, "list": "key_carriers", "months": 12}
    first = give_standing(recognised.decision, leaf, on=now.date(), by=None, at=now)
    assert first.ends_on is not None
    begins = first.ends_on + timedelta(days=1)
    coming = give_standing(recognised.decision, leaf, on=begins, by=None, at=now)
    end_standing(coming, reason="放弃续期", by=None, at=now)
    assert is_on_list("key_carriers", first.party, on=first.ends_on)
    assert not is_on_list("key_carriers", first.party, on=begins + timedelta(days=1))
