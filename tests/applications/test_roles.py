"""Co-editors and agents: asked by the owner, agreed to by themselves, with a written authority, until it ends."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chuangju.applications.applicant_access import own_applications_visible_to
from chuangju.applications.drafts import begin_application, save_answers
from chuangju.applications.models import Application, ApplicationRole
from chuangju.applications.roles import RoleRefused, answer_role, ask_role, end_role
from chuangju.applications.submissions import submit_application
from chuangju.kernel.mobiles import set_mobile
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from tests.applications.desk import POLICY, begin_case, make_firm
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]
MOBILE = "13900001111"


@pytest.fixture
def founder(reference_data: None) -> User:
    """The owner."""
    return make_user("founder", "entrepreneur")


@pytest.fixture
def partner(now: datetime) -> User:
    """Somebody with a mobile."""
    person = make_user("partner", "entrepreneur")
    set_mobile(person, mobile=MOBILE, by=person, at=now)
    return User.objects.get(pk=person.pk)


@pytest.fixture
def draft(founder: User, now: datetime) -> Application:
    """A draft of the owner's firm."""
    return begin_application(POLICY, make_firm(1, founder=founder), by=founder, at=now)


def authority() -> SimpleUploadedFile:
    """A written authority."""
    return SimpleUploadedFile("授权委托书.txt", "兹授权".encode(), content_type="text/plain")


def test_a_co_editor_writes_after_agreeing_and_does_not_hand_in(
    draft: Application, founder: User, partner: User, now: datetime
) -> None:
    role = ask_role(draft, ApplicationRole.Kind.CO_EDITOR, mobile=MOBILE, by=founder, at=now)
    assert role is not None
    with pytest.raises(Refused):
        save_answers(draft, {"monthly_rent": 1}, by=partner, at=now)
    answer_role(role, agrees=True, by=partner, at=now)
    assert save_answers(draft, {"monthly_rent": 100}, by=partner, at=now).revision > draft.revision
    with pytest.raises(Refused, match="只有申请主体"):
        submit_application(draft, pledge=True, insists=True, by=partner, at=now)


def test_an_agent_needs_an_authority_with_an_end(
    draft: Application, founder: User, partner: User, now: datetime
) -> None:
    with pytest.raises(RoleRefused, match="授权委托书"):
        ask_role(draft, ApplicationRole.Kind.AGENT, mobile=MOBILE, by=founder, at=now)
    with pytest.raises(RoleRefused, match="截止日期"):
        ask_role(draft, ApplicationRole.Kind.AGENT, mobile=MOBILE, files=[authority()], by=founder, at=now)


def test_an_agent_hands_in_within_the_term(founder: User, partner: User, now: datetime) -> None:
    case = begin_case(make_firm(2, founder=founder), by=founder, at=now)
    role = ask_role(
        case,
        ApplicationRole.Kind.AGENT,
        mobile=MOBILE,
        ends_on=date(2026, 12, 31),
        files=[authority()],
        by=founder,
        at=now,
    )
    assert role is not None
    answer_role(role, agrees=True, by=partner, at=now)
    assert submit_application(case, pledge=True, by=partner, at=now).number


def test_an_unknown_number_is_answered_alike(draft: Application, founder: User, now: datetime) -> None:
    assert ask_role(draft, ApplicationRole.Kind.CO_EDITOR, mobile="13900009999", by=founder, at=now) is None


def test_ended_the_case_is_seen_no_more(draft: Application, founder: User, partner: User, now: datetime) -> None:
    role = ask_role(draft, ApplicationRole.Kind.CO_EDITOR, mobile=MOBILE, by=founder, at=now)
    assert role is not None
    answer_role(role, agrees=True, by=partner, at=now)
    assert own_applications_visible_to(partner, now.date()).exists()
    end_role(role, by=founder, at=now)
    assert not own_applications_visible_to(partner, now.date()).exists()
    with pytest.raises(RoleRefused):
        answer_role(role, agrees=True, by=founder, at=now)
