"""Drafts: begun once, filled from what is known already, saved as one goes, evaluated at each step, by whoever may."""

from __future__ import annotations

from datetime import datetime

import pytest

from chuangju.applications.answers import answers_of, facts_of_application
from chuangju.applications.applicant_access import own_applications_visible_to
from chuangju.applications.disputes import dispute_register_fact
from chuangju.applications.drafts import AnswerRefused, ApplicationRefused, begin_application, save_answers
from chuangju.applications.evaluation import evaluate
from chuangju.applications.models import Application, Window
from chuangju.applications.payee_accounts import earlier_account, give_account
from chuangju.applications.questions import fields_asked
from chuangju.applications.windows import WindowRefused, window_for
from chuangju.kernel.models import AuditEvent, User
from chuangju.kernel.refusals import StaleForm
from chuangju.policies.current import current_catalogue
from chuangju.ventures.facts import record_fact
from chuangju.ventures.models import Party
from tests.applications.desk import ANSWERS, POLICY, make_firm
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


@pytest.fixture
def founder(reference_data: None) -> User:
    """Somebody who acts for the firm."""
    return make_user("founder", "entrepreneur")


@pytest.fixture
def firm(founder: User) -> Party:
    """A firm whose entry a clerk has checked."""
    return make_firm(1, founder=founder)


@pytest.fixture
def draft(firm: Party, founder: User, now: datetime) -> Application:
    """A draft of the sample subsidy, nothing told yet."""
    return begin_application(POLICY, firm, by=founder, at=now)


def test_a_policy_of_a_file_is_applied_for_without_anything_prepared(draft: Application, firm: Party) -> None:
    assert (draft.state, draft.policy_id) == ("draft", POLICY)
    assert draft.window.kind == Window.Kind.ROLLING
    assert draft.town == firm.town
    assert [one.name for one in draft.documents.order_by("position")] == ["租赁合同", "已付租金的发票", "营业执照"]
    assert AuditEvent.objects.filter(action="applications.begun", object_id=str(draft.pk)).exists()


def test_beginning_twice_goes_on_with_the_same_draft(
    draft: Application, firm: Party, founder: User, now: datetime
) -> None:
    assert begin_application(POLICY, firm, by=founder, at=now).pk == draft.pk


def test_nobody_applies_for_a_firm_they_do_not_act_for(firm: Party, now: datetime) -> None:
    with pytest.raises(ApplicationRefused, match="还不能代表"):
        begin_application(POLICY, firm, by=make_user("other", "entrepreneur"), at=now)


def test_a_policy_for_people_is_none_for_a_firm(firm: Party, founder: User, now: datetime) -> None:
    with pytest.raises(ApplicationRefused, match="不适用于"):
        begin_application("graduate_jobseeking_grant", firm, by=founder, at=now)


def test_what_needs_no_application_has_no_window(now: datetime) -> None:
    policy = current_catalogue().version_for("startup_fee_exemption", now.date())
    assert policy is not None
    with pytest.raises(WindowRefused, match="不用申请"):
        window_for(policy, on=now.date())


def test_every_policy_that_is_applied_for_finds_its_unit(now: datetime) -> None:
    on = now.date()
    applied = [one for one in current_catalogue().in_force(on) if one.channel in {"apply", "offered", "referral"}]
    assert len(applied) > 10
    assert [window_for(policy, on=on).unit is not None for policy in applied] == [True] * len(applied)


def test_only_what_is_unknown_is_asked_and_answers_settle_it(draft: Application, founder: User, now: datetime) -> None:
    on = now.date()
    keys = {key for one in fields_asked(draft, on=on) for key in one.facts}
    assert {"leases", "employees"} <= keys
    # The register has these.
    assert not {"status", "registered_on"} & keys
    saved = save_answers(draft, ANSWERS, by=founder, at=now)
    assert (saved.verdict, saved.expected_amount) == ("eligible", 3_000_000)
    assert fields_asked(saved, on=on) == []


def test_what_nobody_knows_is_left_to_the_clerk(draft: Application, founder: User, now: datetime) -> None:
    saved = save_answers(draft, {}, by=founder, at=now, skipped=("employees",))
    assert "employees" not in {key for one in fields_asked(saved, on=now.date()) for key in one.facts}
    assert evaluate(saved, on=now.date()).verdict == "unknown"


def test_a_checked_value_of_the_register_goes_before_what_is_typed(
    draft: Application, firm: Party, founder: User, now: datetime
) -> None:
    saved = save_answers(draft, {"registered_on": "2020-01-01"}, by=founder, at=now)
    facts, sources = facts_of_application(saved, on=now.date())
    assert facts["registered_on"] == firm.registered_on
    assert sources["registered_on"]["source"] == "register"


def test_a_disputed_value_counts_no_more_and_ones_own_does(
    draft: Application, firm: Party, founder: User, now: datetime
) -> None:
    record_fact(firm, "monthly_rent", 900_000, source="税务", is_certified=True, by=None, at=now)
    told = save_answers(draft, {"monthly_rent": 500_000}, by=founder, at=now)
    assert facts_of_application(told, on=now.date())[0]["monthly_rent"] == 900_000
    disputed = dispute_register_fact(told, "monthly_rent", reason="租金已降", by=founder, at=now)
    facts, sources = facts_of_application(disputed, on=now.date())
    assert facts["monthly_rent"] == 500_000
    assert sources["monthly_rent"]["is_disputed"]


def test_an_older_form_is_refused_and_changes_nothing(draft: Application, founder: User, now: datetime) -> None:
    save_answers(draft, {"monthly_rent": 400_000}, by=founder, at=now, revision=draft.revision)
    with pytest.raises(StaleForm):
        save_answers(draft, {"monthly_rent": 900_000}, by=founder, at=now, revision=draft.revision)
    assert answers_of(Application.objects.get(pk=draft.pk))["monthly_rent"]["value"] == 400_000


def test_a_value_of_the_wrong_kind_is_told_by_its_name(draft: Application, founder: User, now: datetime) -> None:
    with pytest.raises(AnswerRefused, match="月租金"):
        save_answers(draft, {"monthly_rent": "很多"}, by=founder, at=now)


def test_nothing_is_typed_twice_for_another_policy(
    draft: Application, firm: Party, founder: User, now: datetime
) -> None:
    save_answers(draft, ANSWERS, by=founder, at=now)
    give_account(draft, name="甲", number="6222 0000 1111", bank="银行", by=founder, at=now)
    other = begin_application("town_lease_support", firm, by=founder, at=now)
    assert {key: entry["source"] for key, entry in answers_of(other).items()}["leases"] == "earlier"
    assert earlier_account(firm)["number"] == "622200001111"


def test_a_number_that_is_none_is_told(draft: Application, founder: User, now: datetime) -> None:
    with pytest.raises(ApplicationRefused, match="账号"):
        give_account(draft, name="甲", number="12", bank="银行", by=founder, at=now)


def test_the_account_stands_encrypted_and_out_of_the_log(draft: Application, founder: User, now: datetime) -> None:
    give_account(draft, name="甲", number="6222000011112222", bank="银行", by=founder, at=now)
    event = AuditEvent.objects.get(action="applications.account_given")
    assert "6222000011112222" not in str(event.changes)


def test_a_case_is_seen_by_its_own_people_only(draft: Application, founder: User, now: datetime) -> None:
    other = make_user("other", "entrepreneur")
    assert own_applications_visible_to(founder, now.date()).get() == draft
    assert not own_applications_visible_to(other, now.date()).exists()
    with pytest.raises(ApplicationRefused, match="不能填写"):
        save_answers(draft, {"monthly_rent": 1}, by=other, at=now)
