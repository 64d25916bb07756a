"""A panel over one case that is decided alone: opened once by its clerk, its result ends the step; blind, it gives nothing away."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chuangju.applications.access import has_reviewed
from chuangju.applications.case_locks import StepRefused, findings_of
from chuangju.applications.children import open_reopening
from chuangju.applications.decisions import propose_decision
from chuangju.applications.drafts import begin_application
from chuangju.applications.intake import accept_application
from chuangju.applications.models import Application, RequiredDocument, Step
from chuangju.applications.panel_cases import PanelWish, can_open_panel, open_case_panel, panel_steps_of
from chuangju.applications.steps import complete_step
from chuangju.applications.submissions import submit_application
from chuangju.kernel.attachments import attach_file
from chuangju.scoring.assignments import assign_assessor, spread_assessors
from chuangju.scoring.declarations import declare_no_conflict
from chuangju.scoring.freezing import freeze_panel
from chuangju.scoring.models import Assessment, Panel
from chuangju.scoring.panels import begin_scoring
from chuangju.scoring.sheets import latest_sheet, load_sheets
from chuangju.scoring.submissions import submit_scores
from chuangju.units.models import Role
from tests.applications import desk, selecting
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]
POLICY, NAME, FILE = "district_incubator_base", "浦江星火孵化器", "场地证明-浦江星火.pdf"
ANSWERS: dict[str, Any] = {
    "operating": True,
    "carrier_kind": "incubator",
    "incubation_area": 1600,
    "full_time_staff": 4,
    "teams": 36,
    "startups_local": 18,
}
SCORES = {"innovation": "28", "patents": "2", "market": "15", "team": "2", "jobs": "8", "budget": "1"}


@pytest.fixture
def case(now: datetime) -> Application:
    """At its panel: accepted by the town, visited by the bureau."""
    founder = make_user("founder", "entrepreneur", name="林小舟")
    firm = desk.make_firm(1, founder=founder, name=NAME)
    draft = begin_application(POLICY, firm, by=founder, at=now, answers=ANSWERS)
    paper = draft.documents.first()
    assert paper is not None
    pdf = SimpleUploadedFile(FILE, b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", content_type="application/pdf")
    attach_file(paper, pdf, by=founder, at=now)
    draft.documents.update(state=RequiredDocument.State.GIVEN)
    handed = submit_application(draft, pledge=True, insists=True, by=founder, at=now)
    accept_application(handed, by=desk.clerk_of("310112114"), at=now)
    complete_step(desk.step_of(handed, "visit"), "passed", opinion="属实", by=desk.clerk_of("rsj"), at=now)
    return Application.objects.select_related("subject", "window").get(pk=handed.pk)


def wish(now: datetime, **more: Any) -> PanelWish:
    load_sheets(now)
    sheet = latest_sheet("sci_tech_project")
    assert sheet is not None
    return PanelWish(sheet, timezone.localdate(now) + timedelta(days=20), min_assessors=2, **more)


def opened(case: Application, now: datetime, **more: Any) -> Panel:
    return open_case_panel(desk.step_of(case, "panel"), wish(now, **more), by=desk.clerk_of("rsj"), at=now)


def assigned(panel: Panel, now: datetime) -> list[Assessment]:
    """Given to two experts, who begin."""
    clerk = make_user("clerk-rsj", Role.CLERK, unit=desk.unit_of("rsj"))
    officer = make_user("officer-rsj", Role.POLICY_OFFICER, unit=desk.unit_of("rsj"))
    for expert in selecting.experts():
        assign_assessor(panel, expert, [], by=officer, at=now)
    spread_assessors(panel, by=officer, at=now)
    begin_scoring(panel, by=officer, at=now)
    assert clerk.pk
    return list(
        Assessment.objects.filter(panel=panel).select_related("panel__sheet", "entry", "assessor").order_by("pk")
    )


def scored(panel: Panel, now: datetime) -> None:
    for one in assigned(panel, now):
        declare_no_conflict(one, by=one.assessor, at=now)
        submit_scores(one, SCORES, comment="好", by=one.assessor, at=now)
    freeze_panel(panel, by=make_user("officer-rsj", Role.POLICY_OFFICER, unit=desk.unit_of("rsj")), at=now)


def test_the_clerk_of_the_step_opens_it_once(case: Application, now: datetime) -> None:
    step, clerk, on = desk.step_of(case, "panel"), desk.clerk_of("rsj"), now.date()
    assert can_open_panel(clerk, step, on)
    assert not can_open_panel(desk.clerk_of("310112101"), step, on)
    with pytest.raises(StepRefused, match="其他单位"):
        open_case_panel(step, wish(now), by=desk.clerk_of("310112101"), at=now)
    panel = opened(case, now)
    step = desk.step_of(case, "panel")
    assert findings_of(step)["panel"] == str(panel.pk)
    assert not can_open_panel(clerk, step, on)
    with pytest.raises(StepRefused, match="已经组织"):
        opened(case, now)


def test_a_case_of_a_competitive_round_has_no_panel_of_its_own(now: datetime) -> None:
    founder = make_user("founder", "entrepreneur")
    selecting.begin_round(now)
    one = selecting.screened(selecting.hand_in(1, founder=founder, at=now), at=now)
    with pytest.raises(StepRefused, match="统一组织"):
        open_case_panel(desk.step_of(one, "panel"), wish(now), by=desk.clerk_of("kw"), at=now)


def test_the_frozen_result_ends_the_step_with_its_score(case: Application, now: datetime) -> None:
    scored(opened(case, now), now)
    step = desk.step_of(case, "panel")
    assert (step.state, step.result) == ("done", "passed")
    assert "专家评审得分" in step.opinion
    assert "排第" not in step.opinion, "one case has no rank"
    assert findings_of(step)["score"] > 0
    assert case.steps.filter(kind="approve", state="open").exists()


def test_below_the_pass_mark_of_the_file_it_fails_and_goes_to_refusal(case: Application, now: datetime) -> None:
    Step.objects.filter(application=case, kind="panel").update(options={"pass_mark": 99})
    scored(opened(case, now), now)
    assert desk.step_of(case, "panel").result == "failed"
    assert case.steps.filter(kind="approve", state="open").exists()


def test_an_open_panel_names_the_case_and_shows_its_papers(case: Application, now: datetime, client: Client) -> None:
    one = assigned(opened(case, now), now)[0]
    declare_no_conflict(one, by=one.assessor, at=now)
    client.force_login(one.assessor)
    page = client.get(reverse("scoring:own_assessment", args=(one.pk,))).content.decode()
    assert NAME in page
    assert FILE in page


def test_a_blind_panel_over_a_case_gives_neither_name_nor_paper_nor_address_away(
    case: Application, now: datetime, client: Client
) -> None:
    panel = opened(case, now, is_blind=True)
    assert NAME not in panel.title
    one = assigned(panel, now)[0]
    secrets = (NAME, FILE, case.subject.credit_code, "林小舟", str(case.pk))
    client.force_login(one.assessor)
    for declares in (False, True):
        if declares:
            declare_no_conflict(one, by=one.assessor, at=now)
        for address in (
            reverse("scoring:own_assessments"),
            reverse("scoring:own_assessments") + "?export=csv",
            reverse("scoring:own_assessment", args=(one.pk,)),
            reverse("units:message_list"),
        ):
            answer = client.get(address)
            assert answer.status_code == 200
            said = answer.content.decode()
            assert [secret for secret in secrets if secret in said] == [], address
    assert client.get(reverse("scoring:own_paper", args=(one.pk, 1))).status_code == 404
    assert client.get(reverse("applications:case", args=(case.pk,))).status_code in {403, 404}


def test_whoever_runs_a_blind_panel_still_finds_the_case(case: Application, now: datetime) -> None:
    panel = opened(case, now, is_blind=True)
    scored(panel, now)
    assert panel.entries.get().label == NAME
    assert desk.step_of(case, "panel").state == "done"


def test_what_grew_out_of_a_case_of_a_round_is_scored_and_decided_alone(now: datetime) -> None:
    founder = make_user("founder", Role.ENTREPRENEUR)
    selecting.give_line(1_000_000_00, at=now)
    window = selecting.closed_round([20], founder=founder, at=now)
    case = Application.objects.get(window=window)
    child = selecting.screened(open_reopening(case, reason="异议成立", by=None, at=now), at=now)
    assert list(panel_steps_of(window)) == []
    complete_step(desk.step_of(child, "panel"), "passed", opinion="复评通过", by=desk.clerk_of("kw"), at=now)
    second = desk.clerk_of("kw", "clerk-kw-2")
    assert propose_decision(child, "granted", remark="复评通过", by=second, at=now).batch is None


def test_whoever_scored_a_case_does_not_approve_it(now: datetime) -> None:
    founder = make_user("founder", Role.ENTREPRENEUR)
    selecting.give_line(1_000_000_00, at=now)
    window = selecting.closed_round([20], founder=founder, at=now)
    case = Application.objects.get(window=window)
    expert = selecting.experts()[0]
    assert has_reviewed(expert, case)
    assert not has_reviewed(desk.approver_of("kw"), case)
