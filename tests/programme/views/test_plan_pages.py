"""The pages of plans over HTTP: who sees what on them, stale forms, and that nothing typed is lost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from chuangju.kernel.models import Paper
from chuangju.kernel.search import find_records
from chuangju.programme.models import Opinion, Plan, PlanAdjustment, PlanItem, PlanReview
from chuangju.programme.plan_consultations import answer_without_opinion, close_round, give_opinion
from chuangju.programme.plan_decisions import draft_issue
from chuangju.programme.plan_reviews import open_due_reviews
from chuangju.programme.views import plan_public
from chuangju.programme.views.plan_steps import document_file
from tests.programme.conftest import row_of, unit_called
from tests.programme.plans import Planner
from tests.programme.views.conftest import page

pytestmark = pytest.mark.django_db
FINANCE, SCIENCE = "区财政局", "区科委"


def post(client: Client, name: str, *args: object, **data: object) -> tuple[int, str]:
    response = client.post(reverse(f"programme:{name}", args=args), data)
    return response.status_code, response.content.decode()


def test_the_office_writes_a_plan_through_its_pages(planner: Planner, client: Client) -> None:
    client.force_login(planner.office)
    outside = {
        "kind": "overall",
        "title": "总体方案",
        "version": planner.version.pk,
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "openness": "open",
    }
    assert post(client, "plan_add", **outside)[0] == 302
    plan = Plan.objects.get()
    section = plan.sections.get(position=1)
    words = {"heading": section.heading, "text": "写好的目标", "position": 1, "revision": 1}
    assert post(client, "plan_section_change", section.pk, **words)[0] == 302
    item = {
        "title": "发布计划",
        "task": row_of(planner.version, 1).task.pk,
        "unit": unit_called(FINANCE).pk,
        "due_on": "2026-09-30",
        "weight": 1,
    }
    assert post(client, "plan_item_add", plan.pk, **item)[0] == 302
    shown = page(client, planner.office, "plan", plan.pk)
    assert "写好的目标" in shown
    assert "发布计划" in shown
    assert "1 配套政策的制定、实施及资金投入" in shown


def test_a_stale_section_comes_back_with_the_words_and_the_newest_revision(planner: Planner, client: Client) -> None:
    section = planner.draft().sections.get(position=1)
    planner.reword(section, "先保存的")
    client.force_login(planner.office)
    words = {"heading": section.heading, "text": "后写的长段落", "position": 1, "revision": 1}
    status, shown = post(client, "plan_section_change", section.pk, **words)
    assert (status, "后写的长段落" in shown, "刚刚被他人修改过" in shown) == (409, True, True)
    assert 'name="revision" value="2"' in shown
    assert post(client, "plan_section_change", section.pk, **{**words, "revision": 2})[0] == 302


def test_another_units_opinion_is_not_on_the_page_and_not_in_the_file(planner: Planner, client: Client) -> None:
    consultation = planner.ask(planner.written(), FINANCE, SCIENCE)
    lines = {line.unit.name: line for line in consultation.asked.select_related("unit")}
    for unit, text in ((FINANCE, "财政的意见"), (SCIENCE, "科委的意见")):
        give_opinion(lines[unit], text=text, by=planner.officer(unit), at=planner.now)
    shown = page(client, planner.officer(FINANCE), "plan_round", consultation.pk)
    assert "财政的意见" in shown
    assert "科委的意见" not in shown
    assert client.get(reverse("programme:plan_adoption_file", args=(consultation.pk, "xlsx"))).status_code == 404
    other = Opinion.objects.get(text="科委的意见")
    assert post(client, "opinion_take_back", other.pk)[0] == 404
    assert post(client, "no_opinion", lines[SCIENCE].pk)[0] == 404
    assert "科委的意见" in page(client, planner.leader, "plan_round", consultation.pk)


def test_a_draft_is_hidden_from_units_that_were_not_asked(planner: Planner, client: Client) -> None:
    plan = planner.written()
    consultation = planner.ask(plan, FINANCE)
    client.force_login(planner.officer(SCIENCE))
    for name, key in (("plan", plan.pk), ("plan_round", consultation.pk), ("plan_gantt", plan.pk)):
        assert client.get(reverse(f"programme:{name}", args=(key,))).status_code == 404
    assert plan.title not in page(client, None, "plan_list")
    assert client.get(reverse("programme:plan_item", args=(plan.items.get().pk,))).status_code == 404


def test_a_unit_answers_on_its_page(planner: Planner, client: Client) -> None:
    plan = planner.written()
    consultation = planner.ask(plan)
    asked = consultation.asked.get()
    client.force_login(planner.officer(FINANCE))
    section = plan.sections.get(position=1)
    empty = post(client, "opinion_add", asked.pk, place=f"section-{section.pk}", text="", suggestion="建议保留")
    assert (empty[0], "建议保留" in empty[1]) == (422, True)
    given = post(client, "opinion_add", asked.pk, place=f"section-{section.pk}", text="太笼统", suggestion="")
    assert given[0] == 302
    assert Opinion.objects.get().section == section
    assert post(client, "opinion_add", asked.pk, place="section-999999", text="意见")[0] == 422


def test_the_next_step_is_offered_to_whoever_takes_it(planner: Planner, client: Client) -> None:
    plan = planner.written()
    assert reverse("programme:plan_consult", args=(plan.pk,)) in page(client, planner.office, "plan", plan.pk)
    plan = planner.proposed(plan)
    approve = reverse("programme:plan_approve", args=(plan.pk,))
    assert approve in page(client, planner.leader, "plan", plan.pk)
    assert approve not in page(client, planner.office, "plan", plan.pk)


def test_a_leader_approves_and_a_second_one_is_told(planner: Planner, client: Client) -> None:
    plan = planner.proposed(planner.written())
    client.force_login(planner.leader)
    said = {"meeting": "第三次会议", "approved_on": "2026-06-15", "revision": plan.revision}
    assert post(client, "plan_approve", plan.pk, **said)[0] == 302
    status, shown = post(client, "plan_approve", plan.pk, **said)
    assert (status, "第三次会议" in shown, "刚刚被他人修改或处理过" in shown) == (409, True, True)


def test_the_paper_is_begun_from_the_page_and_the_way_leads_to_it(planner: Planner, client: Client) -> None:
    plan = planner.approved(planner.written())
    client.force_login(planner.office)
    response = client.post(reverse("programme:plan_issue", args=(plan.pk,)), {"recipient": "各单位"})
    assert response["Location"].startswith("/staff/papers/")
    assert client.get(response["Location"]).status_code == 200


def test_what_is_late_is_named_on_the_row_and_in_the_table(planner: Planner, client: Client, today: date) -> None:
    planner.issued({"title": "逾期的事项", "due_on": today - timedelta(days=3)})
    sentence = "方案事项“逾期的事项”逾期 1 个工作日"
    assert sentence in page(client, planner.leader, "table")
    assert sentence in page(client, planner.leader, "task", row_of(planner.version, 1).task.code)


def test_plans_and_items_are_found_by_those_who_may_see_them(planner: Planner) -> None:
    planner.issued({"title": "发布宣传计划"}, title="印发的方案")
    planner.item(planner.draft("起草的方案"), "起草的事项")
    officer = planner.officer(SCIENCE)

    def titles(text: str, user: object) -> set[str]:
        hits = find_records(text, user, limit=20).hits
        return {hit.title for hit in hits if hit.source.startswith(("programme.plan", "programme.public_plan"))}  # type: ignore[arg-type]

    assert titles("宣传计划", officer) == {"发布宣传计划"}
    # An item is found by the plan that it stands in, too.
    assert titles("的方案", officer) == {"印发的方案", "发布宣传计划"}
    assert titles("的方案", planner.office) == {"印发的方案", "发布宣传计划", "起草的方案", "起草的事项"}
    assert titles("起草的事项", officer) == set()
    assert titles("印发的方案", None) == {"印发的方案"}
    assert titles("发布宣传计划", None) == set()


def test_the_public_reads_what_is_open_and_nothing_else(planner: Planner, client: Client) -> None:
    shown = planner.issued({"title": "公开的事项"}, title="公开的方案")
    closed = planner.issued({"title": "内部的事项"}, title="内部的方案", openness="closed")
    planner.draft("草稿方案")
    listed = page(client, None, "public_plan_list")
    assert "公开的方案" in listed
    assert "内部的方案" not in listed
    assert "草稿方案" not in listed
    text = page(client, None, "public_plan", shown.pk)
    assert "公开的事项" in text
    assert "当前状态" not in text
    assert client.get(reverse("programme:public_plan", args=(closed.pk,))).status_code == 404
    assert client.get(reverse("programme:public_plan_file", args=(closed.pk, "pdf"))).status_code == 404


def test_whoever_voids_the_paper_of_a_plan_is_told_that_the_plan_ends_with_it(planner: Planner, client: Client) -> None:
    draft = draft_issue(planner.approved(planner.written()), recipient="各单位", by=planner.office, at=planner.now)
    client.force_login(planner.office)

    def asked(paper: Paper) -> str:
        return client.get(reverse("units:paper_void", args=(paper.code,))).content.decode()

    assert "方案随之停止执行" not in asked(draft)
    sealed = planner.seal(planner.approved(planner.written(title="另一个方案")))
    assert "方案随之停止执行" in asked(sealed)


def test_a_public_file_is_set_once_and_not_sent_to_whoever_has_it(
    planner: Planner, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planner.issued(title="公开的方案")
    address = reverse("programme:public_plan_file", args=(plan.pk, "docx"))
    made: list[object] = []
    monkeypatch.setattr(
        plan_public, "document_file", lambda document, kind: made.append(kind) or document_file(document, kind)
    )
    plan_public._issued_file.cache_clear()
    first, second = client.get(address), client.get(address)
    assert first.content == second.content
    assert made == ["docx"]
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "no-cache" in again["Cache-Control"]
    # Issued anew under another number it is another paper.
    Plan.objects.filter(pk=plan.pk).update(number="创建办〔2026〕99号")
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert len(made) == 2


def test_the_public_page_shows_the_words_as_issued_whatever_was_adjusted(planner: Planner, client: Client) -> None:
    plan = planner.issued({"title": "事项", "due_on": date(2026, 7, 1)})
    PlanItem.objects.update(due_on=date(2026, 12, 1), title="改过的名字")
    assert "2026-07-01" in page(client, None, "public_plan", plan.pk)


def test_an_officer_reports_and_proposes_from_the_page_of_the_item(planner: Planner, client: Client) -> None:
    item = planner.issued({"due_on": date(2026, 7, 1)}).items.get()
    client.force_login(planner.officer(FINANCE))
    told = {"text": "已发布", "is_done": "on", "done_on": "2026-06-20", "revision": 1}
    status, shown = post(client, "plan_item_report", item.pk, **told)
    assert (status, "不能晚于今天" in shown, "已发布" in shown) == (422, True, True)
    asked = {"kind": "date", "new_due_on": "2026-07-06", "reason": "等待文件"}
    assert post(client, "plan_item_adjust", item.pk, **asked)[0] == 302
    adjustment = PlanAdjustment.objects.get()
    assert post(client, "plan_adjustment", adjustment.pk, answer="yes", words="")[0] == 404
    client.force_login(planner.office)
    assert post(client, "plan_adjustment", adjustment.pk, answer="yes", words="")[0] == 302
    item.refresh_from_db()
    assert item.due_on == date(2026, 7, 6)
    assert "印发时的期限" in page(client, planner.office, "plan_item", item.pk)


def test_a_further_item_is_proposed_for_ones_own_unit_only(planner: Planner, client: Client) -> None:
    plan = planner.issued()
    client.force_login(planner.officer(FINANCE))
    new = {
        "new_title": "补充",
        "new_task": row_of(planner.version, 2).task.pk,
        "new_unit": unit_called(SCIENCE).pk,
        "new_due_on": "2026-08-01",
        "reason": "需要",
    }
    assert post(client, "plan_item_propose", plan.pk, **new)[0] == 422
    assert post(client, "plan_item_propose", plan.pk, **{**new, "new_unit": unit_called(FINANCE).pk})[0] == 302


def test_the_review_is_kept_submitted_and_noted(planner: Planner, client: Client) -> None:
    planner.issued()
    open_due_reviews(on=date(2026, 7, 1), at=planner.now)
    review = PlanReview.objects.get()
    client.force_login(planner.office)
    words = {"overall": "写了一半", "problems": "", "next_steps": "", "revision": 1}
    assert post(client, "plan_review", review.pk, keep="1", **words)[0] == 302
    assert "写了一半" in page(client, planner.office, "plan_review", review.pk)
    assert post(client, "plan_review", review.pk, **{**words, "overall": "写完了", "revision": 2})[0] == 302
    client.force_login(planner.leader)
    assert post(client, "plan_review", review.pk, answer="noted", words="已阅", revision=3)[0] == 302
    shown = page(client, planner.officer(FINANCE), "plan_review", review.pk)
    assert "写完了" in shown
    assert "已阅" in shown


def test_the_difference_shows_what_became_of_the_draft(planner: Planner, client: Client) -> None:
    plan = planner.written()
    consultation = planner.ask(plan)
    answer_without_opinion(consultation.asked.get(), by=planner.officer(FINANCE), at=planner.now)
    close_round(consultation, by=planner.office, at=planner.now)
    planner.reword(plan.sections.get(position=1), "一、工作目标的内容，量化到年。")
    assert "<ins>，量化到年</ins>" in page(client, planner.office, "plan_difference", plan.pk)


def test_the_menu_counts_what_waits_for_the_reader(planner: Planner, client: Client) -> None:
    planner.ask(planner.written())
    officer = planner.officer(FINANCE)
    client.force_login(officer)
    html = client.get(reverse("programme:plan_list")).content.decode()
    at = html.index('href="/staff/plans/"')
    assert ">1<" in html[at : at + 300].replace(" ", "").replace("\n", "")


def test_the_row_of_plans_offers_its_tools(planner: Planner, client: Client) -> None:
    from chuangju.programme.slots import tools_of  # noqa: PLC0415 - the registry as every package has filled it

    keys = [tool.key for tool in tools_of("work-plan", {"leader"})]
    assert keys == ["plans", "plan_items", "plan_calendar", "plan_adjustments", "plan_reviews"]
    assert not set(keys) & {tool.key for tool in tools_of("funding", {"leader"})}, "other rows have tools of their own"
