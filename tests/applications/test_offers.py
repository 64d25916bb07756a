"""Offered benefits: found, checked again, told, taken by one tap with the account, or declined; the rest goes by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from chuangju.applications.drafts import ApplicationRefused
from chuangju.applications.lapses import lapse_cases
from chuangju.applications.models import Application, OfferRun, Step
from chuangju.applications.offer_runs import offer_to_all
from chuangju.applications.offer_stages import Stage, stage_counts
from chuangju.applications.offers import (
    accept_offer,
    decline_offer,
    make_offer,
    offer_from_register,
    offers_nobody_heard_of,
    plan_offers,
)
from chuangju.kernel.models import Message, User
from chuangju.policies.current import current_catalogue
from chuangju.rules.policy import Policy
from chuangju.rules.showing import show_value
from chuangju.ventures.models import Claim, Party
from tests.applications.desk import make_firm
from tests.people import make_user
from tests.ventures.numbers import credit_code

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]
ACCOUNT = {"name": "甲", "number": "6222000011112222", "bank": "演示银行"}


@pytest.fixture
def founder(reference_data: None) -> User:
    """Somebody who acts for the firm."""
    return make_user("founder", "entrepreneur")


@pytest.fixture
def firm(founder: User) -> Party:
    """A firm."""
    return make_firm(1, founder=founder)


@pytest.fixture
def policy(now: datetime) -> Policy:
    """A policy of the catalogue that is offered to ventures."""
    found = current_catalogue().version_for("competition_prize_organisation", now.date())
    assert found is not None
    return found


@pytest.fixture
def facts(policy: Policy) -> dict[str, Any]:
    """What the policy's own example says of one who gets it."""
    example = next(one for one in policy.examples if one.verdict == "eligible")
    return {key: show_value(value) for key, value in example.given.items()}


@pytest.fixture
def offered(policy: Policy, firm: Party, facts: dict[str, Any], now: datetime) -> Application:
    """An offer."""
    made = make_offer(policy, firm, facts, said="名录", by=None, at=now)
    assert made is not None
    return made


def test_an_offer_is_told_and_rests_on_what_is_known(offered: Application, founder: User) -> None:
    assert (offered.state, offered.channel) == ("offered", "offered")
    assert offered.expected_amount
    assert Message.objects.filter(user=founder, template="applications.offered").exists()


def test_who_does_not_qualify_any_more_is_offered_nothing(policy: Policy, firm: Party, now: datetime) -> None:
    assert make_offer(policy, firm, {}, said="名录", by=None, at=now) is None
    assert not Application.objects.exists()


def test_one_tap_with_the_account_and_the_case_waits_for_approval(
    offered: Application, founder: User, now: datetime
) -> None:
    case = accept_offer(offered, ACCOUNT, by=founder, at=now)
    assert case.state == Application.State.IN_REVIEW
    assert case.number
    assert [step.kind for step in case.steps.filter(state="open")] == [Step.Kind.APPROVE]
    assert case.frozen.get().amount == offered.expected_amount


def test_tapped_twice_is_tapped_once(offered: Application, founder: User, now: datetime) -> None:
    first = accept_offer(offered, ACCOUNT, by=founder, at=now)
    assert accept_offer(offered, ACCOUNT, by=founder, at=now).number == first.number
    assert first.frozen.count() == 1


def test_without_an_account_it_is_not_taken(offered: Application, founder: User, now: datetime) -> None:
    with pytest.raises(ApplicationRefused, match="收款账户"):
        accept_offer(offered, None, by=founder, at=now)


def test_nobody_else_takes_it(offered: Application, now: datetime) -> None:
    with pytest.raises(ApplicationRefused, match="只有领取主体"):
        accept_offer(offered, ACCOUNT, by=make_user("other"), at=now)


def test_declined_it_is_not_offered_again(
    offered: Application, policy: Policy, firm: Party, facts: dict[str, Any], founder: User, now: datetime
) -> None:
    assert decline_offer(offered, by=founder, at=now).state == Application.State.WITHDRAWN
    assert make_offer(policy, firm, facts, said="名录", by=None, at=now) is None


def test_a_plan_says_who_is_left_out_and_why(policy: Policy, firm: Party, offered: Application) -> None:
    plan = plan_offers(policy, [(str(firm.credit_code), firm.name, {}), ("91310112X", "没有的企业", {})])
    assert plan.chosen == []
    assert [name for name, _reason in plan.left_out] == [firm.name]
    assert [name for _code, name, _facts in plan.to_enter] == ["没有的企业"]


def test_an_enterprise_of_the_register_is_entered_once_and_offered_though_nobody_can_be_told(
    policy: Policy, facts: dict[str, Any], now: datetime
) -> None:
    officer, row = make_user("officer", "policy_officer"), {**facts, "town": "310112114", "entity_type": "company"}
    code = credit_code(77)
    plan = plan_offers(policy, [(code, "上海名录企业有限公司", row)])
    assert [one[0] for one in plan.to_enter] == [code]
    made = offer_from_register(policy, plan.to_enter[0], said="2026年6月名录", by=officer, at=now)
    assert made is not None
    party = made.subject
    assert (party.credit_code, party.source, party.town.code, party.is_checked) == (code, "register", "310112114", True)  # type: ignore[union-attr]
    assert list(offers_nobody_heard_of()) == [made]
    assert offer_from_register(policy, plan.to_enter[0], said="再次", by=officer, at=now) is None
    assert Party.objects.filter(credit_code=code).count() == 1
    person = make_user("owner", "entrepreneur")
    Claim.objects.create(
        user=person, party=party, given_name=party.name, capacity="legal_representative", way="document",
        state="confirmed", starts_on=now.date(), made_at=now, decided_at=now, decided_by=officer,
    )  # fmt: skip
    assert not offers_nobody_heard_of().exists()
    taken = accept_offer(made, ACCOUNT, by=person, at=now)
    assert taken.state == Application.State.IN_REVIEW


def test_what_is_not_offered_enters_nobody(policy: Policy, now: datetime) -> None:
    row = (credit_code(78), "上海不合条件有限公司", {"town": "310112114", "entity_type": "company"})
    assert offer_from_register(policy, row, said="名录", by=None, at=now) is None
    assert not Party.objects.filter(name="上海不合条件有限公司").exists()


def test_a_run_keeps_whom_it_reached_how_far_each_came_and_who_was_left_out(
    policy: Policy, firm: Party, facts: dict[str, Any], founder: User, now: datetime
) -> None:
    officer = make_user("officer", "policy_officer")
    stale, known = make_firm(2, founder=founder), make_firm(3, founder=founder)
    make_offer(policy, known, facts, said="早先", by=None, at=now)
    new = {**facts, "town": "310112114", "entity_type": "company"}
    rows = [(str(one.credit_code), one.name, facts) for one in (firm, known)]
    rows += [(str(stale.credit_code), stale.name, {}), (credit_code(77), "上海名录企业有限公司", new)]
    run = offer_to_all(policy, plan_offers(policy, rows), said="名单", by=officer, at=now)
    assert (run.found, run.offers.count(), len(run.left_out)) == (4, 2, 2)
    assert dict(run.left_out) == {known.name: "已有这项政策的办件", stale.name: "按最新数据核对不符合"}
    assert stage_counts([run])[run.pk] == {Stage.WAITING: 2}
    offer = run.offers.get(subject=firm)
    accept_offer(offer, ACCOUNT, by=founder, at=now)
    assert stage_counts([run])[run.pk] == {Stage.WAITING: 1, Stage.ACCEPTED: 1}
    lapse_cases(on=now.date() + timedelta(days=100), at=now + timedelta(days=100))
    assert stage_counts([run])[run.pk] == {Stage.LAPSED: 1, Stage.ACCEPTED: 1}
    again = offer_to_all(policy, plan_offers(policy, rows), said="再来", by=officer, at=now)
    assert (again.offers.count(), len(again.left_out)) == (2, 2), "those who let it lapse are offered it again"


@pytest.mark.usefixtures("demo")
def test_the_demo_shows_an_offer_at_each_stage() -> None:
    run = OfferRun.objects.get()
    reached = stage_counts([run])[run.pk]
    assert set(reached) == {
        Stage.WAITING, Stage.ACCEPTED, Stage.NOTICE, Stage.PUBLISHED, Stage.PAID, Stage.DECLINED,
    }  # fmt: skip
    assert [name for name, _reason in run.left_out] == ["上海恒砂包装有限公司（演示）"]
