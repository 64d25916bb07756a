"""Rounds: towns limit who may apply, in a sentence that names them; the score sheet is chosen when the round is set up."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chuangju.applications.drafts import begin_application
from chuangju.applications.models import Application, RequiredDocument, Window
from chuangju.applications.offers import make_offer
from chuangju.applications.payee_accounts import give_account
from chuangju.applications.review_page import ReviewPage
from chuangju.applications.submissions import submit_application
from chuangju.applications.window_changes import close_window, prepare_window
from chuangju.applications.window_notes import open_rounds
from chuangju.applications.windows import WindowRefused
from chuangju.kernel.models import User
from chuangju.policies.current import current_catalogue
from chuangju.scoring.sheets import latest_sheet, load_sheets
from chuangju.ventures.models import Party
from tests.applications import desk, selecting
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]
INSIDE, OUTSIDE = "310112114", "310112101"
SHEET = "sci_tech_project"


@pytest.fixture
def founder() -> User:
    return make_user("founder", "entrepreneur")


@pytest.fixture
def window(now: datetime) -> Window:
    """A round for one town alone."""
    return selecting.begin_round(now, towns=[desk.unit_of(INSIDE)])


def firm_of(place: int, founder: User, town: str) -> Party:
    firm = desk.make_firm(place, founder=founder, town=town, name=f"科创企业{place}")
    firm.registered_on = date(2024, 9, 15)
    firm.save()
    return firm


def begin(firm: Party, founder: User, now: datetime) -> Application:
    draft = begin_application(selecting.POLICY, firm, by=founder, at=now, answers=selecting.ANSWERS)
    give_account(draft, name=firm.name, number="6222000000000000", bank="演示银行", by=founder, at=now)
    draft.documents.update(state=RequiredDocument.State.GIVEN)
    return draft


def test_a_firm_of_the_town_applies_and_one_of_another_is_told_where_the_round_is(
    window: Window, founder: User, now: datetime
) -> None:
    assert begin(firm_of(1, founder, INSIDE), founder, now).window == window
    with pytest.raises(WindowRefused, match="只受理浦江镇的申请；“科创企业2”登记在莘庄镇"):
        begin(firm_of(2, founder, OUTSIDE), founder, now)


def test_whoever_has_no_town_is_told_to_register_it(window: Window, founder: User, now: datetime) -> None:
    firm = firm_of(1, founder, INSIDE)
    Party.objects.filter(pk=firm.pk).update(town=None)
    firm.refresh_from_db()
    with pytest.raises(WindowRefused, match="请先登记主体所在的街镇"):
        begin(firm, founder, now)


def test_a_firm_that_moved_away_meanwhile_does_not_hand_in(window: Window, founder: User, now: datetime) -> None:
    draft = begin(firm_of(1, founder, INSIDE), founder, now)
    Party.objects.filter(pk=draft.subject_id).update(town=desk.unit_of(OUTSIDE))
    with pytest.raises(WindowRefused, match="登记在莘庄镇"):
        submit_application(draft, pledge=True, insists=True, by=founder, at=now)


def test_a_draft_of_a_round_that_is_over_goes_into_the_open_one_if_it_is_for_its_town(
    window: Window, founder: User, now: datetime
) -> None:
    draft = begin(firm_of(1, founder, INSIDE), founder, now)
    close_window(window, reason="名额已满", by=selecting.officer(), at=now)
    with pytest.raises(WindowRefused, match="现在不受理"):
        submit_application(draft, pledge=True, insists=True, by=founder, at=now)
    later = now + timedelta(days=12)
    second = selecting.begin_round(later, towns=[desk.unit_of(INSIDE)])
    handed = submit_application(draft, pledge=True, insists=True, by=founder, at=later)
    assert handed.window == second


def test_nobody_outside_the_towns_is_offered_anything(window: Window, founder: User, now: datetime) -> None:
    policy = current_catalogue().version_for(selecting.POLICY, timezone.localdate(now))
    assert policy is not None
    firm = firm_of(2, founder, OUTSIDE)
    assert make_offer(policy, firm, selecting.ANSWERS, said="名录", by=None, at=now) is None
    assert not Application.objects.filter(subject=firm).exists()


def test_the_policy_and_the_start_page_say_so_before_anything_is_typed(
    window: Window, founder: User, client: Client, clock: datetime
) -> None:
    now = timezone.now()
    Window.objects.filter(pk=window.pk).update(opens_on=now.date(), closes_on=now.date() + timedelta(days=9))
    firm_of(1, founder, INSIDE)
    firm_of(2, founder, OUTSIDE)
    assert "只受理浦江镇" in open_rounds(now.date())[selecting.POLICY]
    client.force_login(founder)
    page = client.get(reverse("applications:apply_start", args=(selecting.POLICY,))).content.decode()
    assert "“科创企业2”登记在莘庄镇" in page
    assert page.count('name="subject"') == 1


def test_a_round_names_its_sheet_and_only_a_published_one(now: datetime) -> None:
    load_sheets(now)
    by = selecting.officer()
    made = prepare_window(selecting.facts(now, score_sheet=SHEET), by=by, at=now)
    assert made.score_sheet == SHEET
    with pytest.raises(WindowRefused, match="还没有发布"):
        prepare_window(selecting.facts(now, score_sheet="nothing"), by=by, at=now)
    with pytest.raises(WindowRefused, match="集中评选的批次"):
        prepare_window(selecting.facts(now, score_sheet=SHEET, is_competitive=False), by=by, at=now)


def test_the_sheet_is_chosen_in_the_form_of_the_round_and_stands_ready_for_its_panel(
    founder: User, client: Client, now: datetime, clock: datetime
) -> None:
    load_sheets(now)
    sheet = latest_sheet("contest_final")
    assert sheet is not None
    at = timezone.now()
    window = selecting.begin_round(at)
    selecting.screened(selecting.hand_in(1, founder=founder, at=at), at=at)
    Window.objects.filter(pk=window.pk).update(state=Window.State.DRAFT)
    client.force_login(selecting.officer())
    address = reverse("applications:window_change", args=(window.pk,))
    page = client.get(address)
    assert sheet.title in page.content.decode()
    keys = (
        "policy_id",
        "unit",
        "title",
        "opens_on",
        "closes_on",
        "places",
        "money",
        "reserves",
        "when_empty",
        "revision",
    )
    said = {key: page.context["form"].initial[key] for key in keys}
    assert client.post(address, {**said, "score_sheet": "contest_final", "is_competitive": "on"}).status_code == 302
    window.refresh_from_db()
    assert window.score_sheet == "contest_final"
    Window.objects.filter(pk=window.pk).update(state=Window.State.CLOSED)
    form = client.get(reverse("applications:window_panel", args=(window.pk,))).context["form"]
    assert form.initial["sheet"] == sheet.pk
    assert sheet.title in client.get(reverse("applications:window", args=(window.pk,))).content.decode()


def test_a_sealed_case_stands_on_no_other_page_of_its_applicant(founder: User, now: datetime) -> None:
    selecting.begin_round(now, is_sealed=True)
    sealed = selecting.hand_in(1, founder=founder, at=now)
    other = desk.hand_in(sealed.subject, by=founder, at=now)
    on = now.date()
    assert ReviewPage(other, on=on).others == []
    assert ReviewPage(other, on=on + timedelta(days=11)).others == [sealed]
