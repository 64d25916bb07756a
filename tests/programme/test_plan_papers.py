"""What plans become on paper, opened again: every word of the plan, every opinion, every change."""

from __future__ import annotations

import io
from datetime import date, timedelta

import docx
import openpyxl
import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from chuangju.papers.docx_papers import document_docx
from chuangju.papers.pdf_papers import document_pdf
from chuangju.programme.models import Plan, PlanReview
from chuangju.programme.plan_adjustments import decide_adjustment, propose_adjustment
from chuangju.programme.plan_consultations import close_round, decide_opinion, give_opinion
from chuangju.programme.plan_papers import (
    ADOPTION_HEAD,
    adjustments_document,
    adoption_document,
    plan_document,
    review_document,
)
from chuangju.programme.plan_reviews import open_due_reviews, submit_review
from tests.programme.plans import Planner

pytestmark = pytest.mark.django_db


def docx_words(data: bytes) -> str:
    read = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in read.paragraphs] + cells)


def pdf_words(data: bytes) -> str:
    pdf = pypdfium2.PdfDocument(data)
    try:
        return "".join(page.get_textpage().get_text_bounded() for page in pdf)
    finally:
        pdf.close()


@pytest.fixture
def asked(planner: Planner) -> Plan:
    """A plan after a round: one unit with an opinion, one without, one silent."""
    plan = planner.written()
    consultation = planner.ask(plan, "区财政局", "区科委", "区教育局")
    lines = {line.unit.name: line for line in consultation.asked.select_related("unit")}
    opinion = give_opinion(
        lines["区财政局"],
        text="=期限偏紧",
        suggestion="改为年底",
        section=plan.sections.first(),
        by=planner.officer("区财政局"),
        at=planner.now,
    )
    decide_opinion(opinion, result="partly", reason="已放宽一个月", revision=1, by=planner.office, at=planner.now)
    after = planner.now + (consultation.due_on - planner.now.date()) + timedelta(days=1)
    close_round(consultation, by=planner.office, at=after)
    return planner.fresh(plan)


def test_the_plan_as_issued_is_on_paper_word_for_word(planner: Planner) -> None:
    plan = planner.issued({"title": "发布宣传计划", "person": "张科长"})
    for words in (docx_words(document_docx(plan_document(plan))), pdf_words(document_pdf(plan_document(plan)))):
        for text in ("创建工作总体方案", plan.number, "一、工作目标的内容。", "发布宣传计划", "张科长", "区财政局"):
            assert text in words.replace("\r\n", "").replace("\n", ""), text
    assert plan_document(plan).mark == ""


def test_a_plan_not_issued_yet_says_so(planner: Planner) -> None:
    assert plan_document(planner.written()).mark == "未印发稿"


def test_the_table_of_opinions_names_every_unit_and_every_answer(planner: Planner, asked: Plan) -> None:
    document = adoption_document(asked.rounds.get())
    words = docx_words(document_docx(document))
    for text in (
        "共征求 3 个单位意见，1 个单位已反馈，2 个单位未反馈",
        "部分采纳 1 条",
        "改为年底",
        "已放宽一个月",
        "逾期未反馈",
    ):
        assert text in words, text


def test_the_workbook_of_opinions_holds_text_and_no_formula(planner: Planner, asked: Plan, client: Client) -> None:
    client.force_login(planner.office)
    address = reverse("programme:plan_adoption_file", args=(asked.rounds.get().pk, "xlsx"))
    book = openpyxl.load_workbook(io.BytesIO(client.get(address).content))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]  # type: ignore[union-attr]
    assert rows[0] == list(ADOPTION_HEAD)
    line = next(row for row in rows if row[0] == "区财政局")
    assert line[2] in ("=期限偏紧", "'=期限偏紧")
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)  # type: ignore[union-attr]
    assert {row[0] for row in rows[1:]} == {"区财政局", "区科委", "区教育局"}


def test_the_table_of_adjustments_prints_before_and_after(planner: Planner) -> None:
    plan = planner.issued({"due_on": date(2026, 7, 1)})
    adjustment = propose_adjustment(
        plan,
        kind="date",
        item=plan.items.get(),
        new_due_on=date(2026, 8, 1),
        reason="等待市级文件",
        by=planner.office,
        at=planner.now,
    )
    decided = decide_adjustment(adjustment, is_approved=True, words="", by=planner.leader, at=planner.now)
    words = docx_words(document_docx(adjustments_document(plan, [decided], on=planner.now.date())))
    for text in ("共调整 1 次", "完成期限：2026-07-01", "完成期限：2026-08-01", "等待市级文件", "leader"):
        assert text in words, text


def test_the_review_on_paper_carries_the_figures_and_the_words(planner: Planner) -> None:
    planner.issued({"due_on": date(2026, 6, 1), "title": "逾期的事项"})
    open_due_reviews(on=date(2026, 7, 1), at=planner.now)
    review = PlanReview.objects.select_related("plan__version").get()
    assert review_document(review, on=date(2026, 7, 1)).mark == "草稿"
    submitted = submit_review(
        review,
        overall="完成较好。",
        problems="进度不均。",
        next_steps="加强督促。",
        revision=1,
        by=planner.office,
        at=planner.now + timedelta(days=20),
    )
    document = review_document(submitted, on=date(2026, 7, 5))
    words = docx_words(document_docx(document))
    for text in ("2026年上半年自查总结", "期末逾期 1 项", "逾期的事项", "完成较好。", "进度不均。", "加强督促。"):
        assert text in f"{document.title}{words}", text
    assert document.mark == ""
