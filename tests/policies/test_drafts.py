"""A version of a policy is written by one and published by another; what is published never changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from chuangju.kernel.audit import events_about
from chuangju.kernel.guards import guards_lifted
from chuangju.kernel.models import User
from chuangju.kernel.refusals import StaleForm
from chuangju.policies.current import current_catalogue, forget_catalogue
from chuangju.policies.draft_access import can_decide_draft, drafts_visible_to
from chuangju.policies.drafts import (
    DraftRefused,
    NewVersion,
    begin_draft,
    change_draft,
    discard_draft,
    submit_draft,
    take_back_draft,
)
from chuangju.policies.models import PolicyDraft, PublishedPolicy
from chuangju.policies.policy_text import set_value
from chuangju.policies.publishing import find_published_faults, publish_draft, return_draft
from chuangju.units.models import Role, Unit
from tests.conftest import NOW
from tests.policies.desk import TODAY, rent_draft, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> None:
    """Keys of published versions begin anew with every test."""
    forget_catalogue()


@pytest.fixture
def officer(make_user: Callable[..., User], unit: Unit) -> User:
    """The policy officer who writes."""
    return make_user("officer", Role.POLICY_OFFICER, unit=unit)


@pytest.fixture
def approver(make_user: Callable[..., User], unit: Unit) -> User:
    """The second person."""
    return make_user("approver", Role.APPROVER, unit=unit)


def test_a_draft_begins_from_a_version_with_its_examples_moved_into_the_new_term(officer: User) -> None:
    draft = rent_draft(officer)
    assert (draft.policy_id, draft.version, draft.state) == ("rent_subsidy", "2027", PolicyDraft.State.DRAFT)
    assert draft.unit is not None
    assert "effective: 2027-01-01 .. 2028-12-31" in draft.text
    assert "on: 2027-01-01" in draft.text
    assert draft.fault_count == 0


def test_a_new_policy_begins_with_a_sound_text(officer: User, unit: Unit) -> None:
    new = NewVersion("2027", date(2027, 1, 1), None, "new_help", "新的扶持: #一", unit, "6")
    draft = begin_draft(new, base=None, by=officer, at=NOW)
    assert draft.fault_count == 0
    submit_draft(draft, note="", revision=draft.revision, by=officer, at=NOW)
    with pytest.raises(DraftRefused, match="现有政策"):
        begin_draft(NewVersion("1", TODAY, None, "rent_subsidy", "x", unit, "6"), base=None, by=officer, at=NOW)


def test_only_writers_of_the_unit_begin_and_only_the_author_writes(
    officer: User, make_user: Callable[..., User], other_unit: Unit, leader: User, office: User
) -> None:
    base = current_catalogue().version("rent_subsidy", "2024")
    new = NewVersion("2027", date(2027, 1, 1))
    stranger = make_user("elsewhere", Role.POLICY_OFFICER, unit=other_unit)
    for user, sentence in ((leader, "只有政策主管"), (stranger, "不是您主管")):
        with pytest.raises(DraftRefused, match=sentence):
            begin_draft(new, base=base, by=user, at=NOW)
    draft = rent_draft(officer)
    with pytest.raises(DraftRefused, match="只有起草人"):
        change_draft(draft, "x", revision=draft.revision, by=office, at=NOW)
    with pytest.raises(DraftRefused, match="已有版本"):
        begin_draft(NewVersion("2024", TODAY), base=base, by=officer, at=NOW)


def test_a_stale_form_changes_nothing(officer: User) -> None:
    draft = rent_draft(officer)
    with pytest.raises(StaleForm):
        change_draft(draft, draft.text + "# 又一行\n", revision=draft.revision - 1, by=officer, at=NOW)
    assert change_draft(draft, draft.text, revision=draft.revision, by=officer, at=NOW).revision == draft.revision


def test_faulty_texts_are_kept_but_not_handed_in(officer: User) -> None:
    draft = rent_draft(officer)
    draft = change_draft(draft, "id: [", revision=draft.revision, by=officer, at=NOW)
    assert (draft.fault_count, draft.policy_id) == (1, "rent_subsidy")
    with pytest.raises(DraftRefused, match="没有改正"):
        submit_draft(draft, note="", revision=draft.revision, by=officer, at=NOW)


def test_an_example_that_comes_out_otherwise_is_told(officer: User) -> None:
    draft = rent_draft(officer)
    text = set_value(draft.text, ("examples", "0", "amount"), "1元")
    draft = change_draft(draft, text, revision=draft.revision, by=officer, at=NOW)
    with pytest.raises(DraftRefused, match="1 个范例"):
        submit_draft(draft, note="", revision=draft.revision, by=officer, at=NOW)


def test_what_one_wrote_another_publishes_and_it_counts(officer: User, approver: User) -> None:
    draft = submitted(rent_draft(officer))
    assert not can_decide_draft(officer, draft, on=TODAY)
    with pytest.raises(DraftRefused, match="起草人不能发布"):
        publish_draft(draft, revision=draft.revision, by=officer, at=NOW)
    with pytest.raises(StaleForm):
        publish_draft(draft, revision=draft.revision + 1, by=approver, at=NOW)
    published = publish_draft(draft, revision=draft.revision, by=approver, at=NOW)
    assert publish_draft(draft, revision=draft.revision, by=approver, at=NOW).pk == published.pk
    assert current_catalogue().version_for("rent_subsidy", date(2027, 3, 1)) is not None
    found = current_catalogue().version("rent_subsidy", "2027")
    assert found is not None
    assert found.sha256 == published.sha256
    assert [one.action for one in events_about(draft).order_by("sequence")][-1] == "policies.version_published"
    assert list(find_published_faults()) == []


def test_a_version_that_overlaps_ends_the_earlier_one_the_day_before(officer: User, office: User) -> None:
    draft = submitted(rent_draft(officer, version="2026b", first=date(2026, 7, 1)))
    published = publish_draft(draft, revision=draft.revision, by=office, at=NOW)
    assert published.ends_key == "rent_subsidy@2024"
    old = current_catalogue().version("rent_subsidy", "2024")
    assert old is not None
    assert old.effective_to == date(2026, 6, 30)
    earlier = submitted(rent_draft(officer, version="2026a", first=date(2026, 1, 1)))
    with pytest.raises(DraftRefused, match="重叠"):
        publish_draft(earlier, revision=earlier.revision, by=office, at=NOW)


def test_a_draft_is_returned_with_a_reason_and_taken_back_by_its_author(officer: User, approver: User) -> None:
    draft = submitted(rent_draft(officer))
    with pytest.raises(DraftRefused, match="原因"):
        return_draft(draft, reason=" ", revision=draft.revision, by=approver, at=NOW)
    return_draft(draft, reason="条款写错了", revision=draft.revision, by=approver, at=NOW)
    draft.refresh_from_db()
    assert (draft.state, draft.reason) == (PolicyDraft.State.RETURNED, "条款写错了")
    again = submitted(change_draft(draft, draft.text + "# 已改\n", revision=draft.revision, by=officer, at=NOW))
    with pytest.raises(DraftRefused, match="撤回"):
        take_back_draft(again, by=approver, at=NOW)
    take_back_draft(again, by=officer, at=NOW)
    discard_draft(again, by=officer, at=NOW)
    discard_draft(again, by=officer, at=NOW)
    assert not drafts_visible_to(approver, on=TODAY).exists()
    assert drafts_visible_to(officer, on=TODAY).exists()


def test_the_database_keeps_what_was_published(officer: User, approver: User) -> None:
    draft = submitted(rent_draft(officer))
    published = publish_draft(draft, revision=draft.revision, by=approver, at=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        PublishedPolicy.objects.filter(pk=published.pk).update(text="别的")
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyDraft.objects.filter(pk=draft.pk).update(decided_by=officer)


def test_a_published_text_that_was_tampered_with_is_refused_when_loaded(officer: User, approver: User) -> None:
    draft = submitted(rent_draft(officer))
    publish_draft(draft, revision=draft.revision, by=approver, at=NOW)
    with guards_lifted(connection):
        PublishedPolicy.objects.update(text=draft.text.replace("3000元", "9000元"))
    forget_catalogue()
    assert current_catalogue().version("rent_subsidy", "2027") is None
    assert "校验值" in current_catalogue().faults[0].sentence()
    assert len(list(find_published_faults())) == 2
