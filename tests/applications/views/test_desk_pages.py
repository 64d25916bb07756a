"""The clerk's pages: what lies on whose desk, only what is allowed, many at once with what failed, and few queries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangju.applications.consultations import consult_units
from chuangju.applications.flags import raise_flag
from chuangju.applications.models import Application, ApplicationFlag, Decision, Step
from chuangju.kernel.models import User
from tests.applications import desk
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data", "clock"), pytest.mark.database("sqlite")]
TOWN = "310112114"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def cases(count: int, at: datetime) -> list[Application]:
    founder = make_user("founder", "entrepreneur")
    return [desk.hand_in(desk.make_firm(n, founder=founder), by=founder, at=at) for n in range(1, count + 1)]


def send(client: Client, name: str, *args: Any, **data: Any) -> Any:
    return client.post(reverse(f"applications:{name}", args=args), data)


def test_the_workbench_shows_what_is_to_be_done_and_with_whom_the_rest_is(now: datetime) -> None:
    first, second = cases(2, now)
    desk.accept(second, at=now)
    page = signed_in(desk.clerk_of(TOWN)).get("/cases/")
    assert page.status_code == 200
    text = page.content.decode()
    assert first.number in text
    assert second.number in text
    others = signed_in(desk.clerk_of("rsj")).get("/cases/tabs/others/").content.decode()
    assert first.number in others
    assert first.number not in signed_in(desk.clerk_of("rsj")).get("/cases/").content.decode()


def test_cases_that_lack_a_paper_after_its_day_are_counted_on_their_tab(now: datetime) -> None:
    for case in cases(3, now)[:2]:
        raise_flag(case, ApplicationFlag.Kind.OVERDUE, reason="租约没有补交", by=None, at=now)
    client = signed_in(desk.clerk_of("rsj"))
    client.get("/cases/tabs/overdue/")
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/cases/tabs/overdue/")
    assert {str(tab["label"]): tab["count"] for tab in page.context["tabs"]}["容缺逾期"] == 2
    assert len(queries) <= 12
    stranger = signed_in(desk.clerk_of("kw")).get("/cases/")
    assert {str(tab["label"]): tab["count"] for tab in stranger.context["tabs"]}["容缺逾期"] == 0


def test_the_case_page_offers_only_what_is_allowed(now: datetime) -> None:
    (case,) = cases(1, now)
    address = reverse("applications:case", args=(case.pk,))
    town = signed_in(desk.clerk_of(TOWN)).get(address).content.decode()
    assert reverse("applications:accept", args=(case.pk,)) in town
    unit = signed_in(desk.clerk_of("rsj")).get(address).content.decode()
    assert reverse("applications:accept", args=(case.pk,)) not in unit
    assert signed_in(desk.clerk_of("kw")).get(address).status_code == 404
    assert send(signed_in(desk.clerk_of("rsj")), "accept", case.pk).status_code == 422


def test_a_case_is_accepted_reviewed_and_approved_on_its_page(now: datetime) -> None:
    (case,) = cases(1, now)
    town, unit = signed_in(desk.clerk_of(TOWN)), signed_in(desk.clerk_of("rsj"))
    assert send(town, "accept", case.pk).status_code == 302
    screen = desk.step_of(case, "screen")
    assert send(town, "step_complete", screen.pk, result="passed", opinion="齐全").status_code == 302
    Step.objects.filter(application=case, kind="visit").update(state="done", result="passed", done_at=now)
    Step.objects.filter(application=case, kind="verify").update(state="open", opened_at=now)
    verify = desk.step_of(case, "verify")
    refused = send(unit, "step_complete", verify.pk, result="failed", opinion="")
    assert refused.status_code == 422
    assert "写明理由" in refused.content.decode()
    assert send(unit, "step_complete", verify.pk, result="passed", opinion="属实").status_code == 302
    decision = Decision.objects.get(application=case)
    assert (decision.state, decision.outcome) == ("proposed", "granted")
    approver = signed_in(desk.approver_of("rsj"))
    shown = approver.get(reverse("applications:approve", args=(case.pk,))).content.decode()
    for expected in ("予以支持", "30,000 元", "属实", "审定时占用资金。"):
        assert expected in shown
    assert send(approver, "decision_return", case.pk, reason="请补充说明").status_code == 302
    decision.refresh_from_db()
    assert decision.state == "returned"


def test_a_correction_lists_papers_facts_and_other_words_at_once(now: datetime) -> None:
    (case,) = cases(1, now)
    client = signed_in(desk.clerk_of(TOWN))
    paper = case.documents.order_by("position").first()
    assert paper is not None
    assert send(client, "correction", case.pk, due_on="2026-06-30").status_code == 422
    data = {
        f"paper-on-{paper.pk}": "1",
        f"paper-{paper.pk}": "缺第三页",
        "fact-monthly_rent": "与发票不符",
        "line": ["请补盖公章", ""],
        "due_on": "2026-06-30",
    }
    assert send(client, "correction", case.pk, **data).status_code == 302
    items = case.corrections.get().items.order_by("position").values_list("text", flat=True)
    assert list(items) == ["缺第三页", "与发票不符", "请补盖公章"]
    text = client.get(reverse("applications:case", args=(case.pk,))).content.decode()
    assert "补正中" in text
    assert reverse("applications:accept", args=(case.pk,)) not in text


def test_many_are_accepted_at_once_and_each_failure_is_told(now: datetime) -> None:
    first, second = cases(2, now)
    client = signed_in(desk.clerk_of(TOWN))
    steps = [desk.step_of(first, "accept").pk, desk.step_of(second, "accept").pk]
    second.documents.update(state="missing")
    shown = client.get(reverse("applications:bulk"), {"action": "accept", "step": steps}).content.decode()
    assert "材料还不齐" in shown
    assert send(client, "bulk_act", action="accept", step=steps).status_code == 302
    result = client.get(reverse("applications:bulk_results")).content.decode()
    assert "没有办成 1 件" in result
    assert "已办成 1 件" in result
    assert "租赁合同" in result
    assert (Application.objects.get(pk=first.pk).state, Application.objects.get(pk=second.pk).state) == (
        "in_review",
        "submitted",
    )


def test_units_that_were_asked_answer_on_the_same_page(now: datetime) -> None:
    (case,) = cases(1, now)
    lead = desk.to_review(case, at=now)
    officer = make_user("liaison-kw", "liaison_officer", unit=desk.unit_of("kw"))
    consult_units(lead, [desk.unit_of("kw")], question="是否入驻？", by=desk.clerk_of("rsj"), at=now)
    client = signed_in(officer)
    assert "是否入驻？" in client.get(reverse("applications:case", args=(case.pk,))).content.decode()
    step = desk.step_of(case, "consult")
    assert send(client, "step_answer", step.pk, result="passed", opinion="已入驻").status_code == 302
    assert desk.step_of(case, "consult").result == "passed"


def test_the_counter_begins_a_case_for_somebody(now: datetime) -> None:
    founder = make_user("founder", "entrepreneur")
    firm = desk.make_firm(7, founder=founder)
    client = signed_in(desk.clerk_of(TOWN))
    assert firm.name in client.get(reverse("applications:counter"), {"q": firm.name}).content.decode()
    assert send(client, "counter", q=firm.name, party="").status_code == 422
    begun = send(client, "counter", q=firm.name, party=str(firm.pk), policy=desk.POLICY)
    assert begun.status_code == 302
    case = Application.objects.get()
    assert (case.channel, case.submitter) == ("counter", desk.clerk_of(TOWN))
    assert client.get(begun["Location"]).status_code in {200, 302}


def test_chosen_columns_stand_in_the_list_in_its_sheet_and_in_a_saved_view(now: datetime) -> None:
    (case,) = cases(1, now)
    client = signed_in(desk.clerk_of(TOWN))
    usual = client.get("/cases/").content.decode()
    assert "申请金额</a>" not in usual
    form = {"cols": ["subject", "amount", "submitted"], "sort": "-subject"}
    shown = client.get("/cases/", form).content.decode()
    assert 'data-label="申请金额"' in shown
    assert 'data-label="剩余"' not in shown
    assert case.number in shown
    sheet = client.get("/cases/", {"cols": "subject.amount.submitted", "export": "csv"}).content.decode("utf-8-sig")
    assert sheet.splitlines()[0].split(",") == ["办件", "申请主体", "申请金额", "提交日期"]
    kept = {
        "listing": "cases.todo",
        "query": "sort=-subject&cols=subject.amount.submitted",
        "name": "金额",
        "next": "/cases/",
    }
    assert client.post("/lists/save-view/", kept).status_code == 302
    again = client.get("/cases/").content.decode()
    assert "/cases/?sort=-subject&amp;cols=subject.amount.submitted" in again
    everything = client.get("/cases/all/", {"cols": "unit.granted.due.decided.channel.amount.state"})
    assert "责任单位" in everything.content.decode()
