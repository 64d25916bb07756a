"""Who stands on the applicant's side: whoever acts for it, also where one body was entered twice; none of them decides."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chuangju.applications.access import can_act_in_step
from chuangju.applications.applicant_access import acts_for_subject, applicants_of, own_applications_visible_to
from chuangju.applications.case_people import applicants_to_tell
from chuangju.applications.claim_conflicts import conflicts_of
from chuangju.applications.documents import DocumentRefused, give_document
from chuangju.applications.drafts import ApplicationRefused, begin_application
from chuangju.applications.evaluation import pinned_policy
from chuangju.applications.exclusions import standing_grants
from chuangju.applications.instalments import InstalmentRefused, stop_instalment
from chuangju.applications.models import Instalment
from chuangju.applications.notices import may_answer
from chuangju.kernel.models import User
from chuangju.units.models import Role
from chuangju.ventures.access import own_entries_visible_to, own_parties_visible_to
from chuangju.ventures.mergers import merge_party
from chuangju.ventures.models import Claim, Party
from tests.applications import deciding, desk
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


@pytest.fixture
def founder() -> User:
    return make_user("founder", Role.ENTREPRENEUR)


@pytest.fixture
def firm(founder: User) -> Party:
    return desk.make_firm(1, founder=founder)


def _claimed(user: User, party: Party, *, at: datetime) -> None:
    Claim.objects.create(
        user=user,
        party=party,
        given_name=party.name,
        capacity=Claim.Capacity.EMPLOYEE,
        way=Claim.Way.DOCUMENT,
        state=Claim.State.CONFIRMED,
        starts_on=at.date(),
        made_at=at,
        decided_at=at,
        decided_by=desk.clerk_of("rsj"),
    )


def _merged(firm: Party, *, at: datetime) -> Party:
    """Another entry of the same firm, which stays."""
    other = desk.make_firm(2, founder=make_user("colleague", Role.ENTREPRENEUR))
    office = make_user("office", Role.PROGRAMME_OFFICE, unit=desk.unit_of("rsj"))
    merge_party(firm, into=other, reason="同一企业重复登记", by=office, at=at)
    return other


def test_a_clerk_who_acts_for_the_firm_decides_nothing_of_it(firm: Party, founder: User, now: datetime) -> None:
    step = desk.step_of(desk.hand_in(firm, by=founder, at=now), "accept")
    clerk = desk.clerk_of(deciding.TOWN)
    assert can_act_in_step(clerk, step, now.date())
    _claimed(clerk, firm, at=now)
    assert not can_act_in_step(clerk, step, now.date())


def test_cases_of_an_entry_that_was_merged_stay_with_its_people(firm: Party, founder: User, now: datetime) -> None:
    application = desk.hand_in(firm, by=founder, at=now)
    helper = make_user("helper", Role.ENTREPRENEUR)
    _claimed(helper, firm, at=now)
    _merged(firm, at=now)
    application.refresh_from_db()
    colleague = User.objects.get(username="colleague")
    for user in (founder, helper, colleague):
        assert own_applications_visible_to(user, now.date()).contains(application)
        assert acts_for_subject(user, application, now.date())
    assert set(applicants_to_tell(application, on=now.date())) == {founder, helper, colleague}


def test_a_person_whose_own_entry_was_merged_applies_under_the_one_that_stays(now: datetime) -> None:
    founder = make_user("founder", Role.ENTREPRENEUR)
    entries = [
        Party.objects.create(kind=Party.Kind.PERSON, name="甲", source=Party.Source.REGISTER, created_at=now)
        for _number in range(2)
    ]
    Party.objects.filter(pk=entries[0].pk).update(account=founder, merged_into=entries[1])
    assert list(applicants_of(founder, now.date())) == [entries[1]]


def test_one_body_has_a_grant_once_whatever_its_entries(firm: Party, founder: User, now: datetime) -> None:
    deciding.give_line(100_000 * deciding.YUAN, at=now)
    application = deciding.case_at_approval(firm, founder=founder, at=now)
    other = _merged(firm, at=now)
    with pytest.raises(ApplicationRefused, match="不用重复申请"):
        begin_application(desk.POLICY, other, by=founder, at=now)
    decision = deciding.granted(application, at=now, later=now + timedelta(days=10))
    second = desk.begin_case(other, by=founder, at=now + timedelta(days=10))
    assert list(standing_grants(other, beside=second)) == [decision]
    assert [one.application for one in conflicts_of(second, pinned_policy(second))] == [application]


def test_whoever_left_the_firm_neither_reads_nor_hears_of_its_cases(firm: Party, founder: User, now: datetime) -> None:
    clerk = make_user("employee", Role.ENTREPRENEUR)
    _claimed(clerk, firm, at=now)
    application = desk.hand_in(firm, by=clerk, at=now)
    assert set(applicants_to_tell(application, on=now.date())) == {founder, clerk}
    Claim.objects.filter(user=clerk).update(ends_on=now.date())
    later = now + timedelta(days=1)
    assert own_applications_visible_to(founder, later.date()).contains(application)
    assert not own_applications_visible_to(clerk, later.date()).contains(application)
    assert applicants_to_tell(application, on=later.date()) == [founder]
    paper = application.documents.first()
    assert paper is not None
    with pytest.raises(DocumentRefused, match="不能填写"):
        give_document(paper, files=[SimpleUploadedFile("a.txt", b"a")], by=clerk, at=later)


def test_what_hangs_on_a_merged_entry_is_seen_by_its_people(firm: Party, founder: User, now: datetime) -> None:
    _merged(firm, at=now)
    assert own_entries_visible_to(founder, now.date()).contains(firm)
    assert not own_parties_visible_to(founder, now.date()).contains(firm)


def test_nor_does_a_clerk_who_acts_for_the_firm_do_anything_about_what_it_was_granted(
    firm: Party, founder: User, now: datetime
) -> None:
    deciding.give_line(100_000 * deciding.YUAN, at=now)
    application = deciding.case_at_approval(firm, founder=founder, at=now)
    deciding.granted(application, at=now, later=now + timedelta(days=10))
    clerk = desk.clerk_of("rsj")
    part = Instalment.objects.get(number=2)
    assert may_answer(clerk, application, on=now.date())
    _claimed(clerk, firm, at=now)
    assert not may_answer(clerk, application, on=now.date())
    with pytest.raises(InstalmentRefused, match="应当回避"):
        stop_instalment(part, reason="核实", by=clerk, at=now + timedelta(days=10))
