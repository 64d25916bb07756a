"""Outgoing papers: from the draft without a seal to the delivered copy; what is refused, what is frozen, what is told."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import docx
import pypdfium2
import pytest
from django.db import IntegrityError, transaction

from chuangju.kernel import outgoing_papers
from chuangju.kernel.attachments import attachments_visible_to
from chuangju.kernel.audit import events_about
from chuangju.kernel.models import Attachment, Paper, PaperDelivery, SavedView, User
from chuangju.kernel.outgoing_papers import (
    PaperRefused,
    change_paper,
    deliver_paper,
    draft_paper,
    hand_over_paper,
    papers_about,
    papers_visible_to,
    record_seal,
    register_paper_template,
    take_back_paper,
    void_paper,
)
from chuangju.kernel.paper_templates import can_read_paper, paper_document, templates, verify_address
from chuangju.papers.documents import Paragraph, QrBlock
from tests.conftest import NOW
from tests.kernel.letters import LETTER, begun, content_of, handed_over, letter_template, scan, sealed
from tests.papers.test_pdf_papers import pages_of


@pytest.fixture
def writer(make_user: Any) -> User:
    user: User = make_user("writer")
    return user


@pytest.fixture
def told() -> list[str]:
    """Titles of the papers whose template was told of their seal."""
    return []


@pytest.fixture
def subject(writer: User, told: list[str]) -> Iterator[SavedView]:
    """Any record will do as what a paper is about; its name is the paper's text."""
    register_paper_template(letter_template(told))
    yield SavedView.objects.create(user=writer, listing="x", name="正文第一句")
    templates.remove(LETTER)


def test_a_paper_goes_its_whole_way_and_the_log_tells_it(subject: SavedView, writer: User, told: list[str]) -> None:
    paper = sealed(subject)
    assert told == ["关于某事的函 某〔2026〕1号 ['at', 'by']"]
    for reader in ("甲", "乙"):
        deliver_paper(paper, recipient=reader, method="post", delivered_on=NOW.date(), note="EMS 1", by=writer, at=NOW)
    paper.refresh_from_db()
    assert paper.state == Paper.State.DELIVERED
    assert [str(one) for one in paper.deliveries.all()] == ["甲 2026-06-15", "乙 2026-06-15"]
    steps = [event.action for event in events_about(paper).filter(object_type="kernel.paper").order_by("pk")]
    assert steps == [
        "kernel.paper_drafted", "kernel.paper_handed_over", "kernel.paper_sealed",
        "kernel.paper_delivered", "kernel.paper_delivered",
    ]  # fmt: skip
    assert list(papers_about(subject)) == [paper]


def test_a_draft_follows_its_record_and_is_marked(subject: SavedView) -> None:
    paper = begun(subject)
    document = paper_document(paper)
    assert (document.mark, document.title, document.issuer, document.recipients) == (
        "未用印",
        "关于某事的函",
        "某局",
        "某人",
    )
    assert document.footer_code == paper.code
    code = document.blocks[-1]
    assert isinstance(code, QrBlock)
    assert code.url == verify_address(paper)
    assert code.url.endswith(f"/verify/{paper.code}/")
    subject.name = "改过的正文"
    subject.save()
    paper.refresh_from_db()
    assert paper_document(Paper.objects.get(pk=paper.pk)).blocks[0] == Paragraph("改过的正文")


def test_what_is_handed_over_is_frozen_in_two_files(subject: SavedView) -> None:
    paper = handed_over(subject)
    subject.name = "后来改的"
    subject.save()
    word = docx.Document(io.BytesIO(content_of(paper.docx)))
    assert "正文第一句" in [each.text for each in word.paragraphs]
    assert word.sections[0].header.paragraphs[0].text == "未用印"
    text = "".join(pages_of(content_of(paper.pdf)))
    assert "正文第一句" in text
    assert "未用印" in text
    assert paper.pdf is not None
    assert hashlib.sha256(content_of(paper.pdf)).hexdigest() == paper.pdf.sha256
    with closing(pypdfium2.PdfDocument(content_of(paper.pdf))) as document:
        assert document.get_metadata_dict()["Title"] == paper.title
    assert paper.docx is not None
    assert not paper.is_sealed


def test_a_paper_sent_back_is_a_draft_again_and_its_files_stay_on_record(subject: SavedView, writer: User) -> None:
    paper = take_back_paper(handed_over(subject), reason="标题不妥", by=writer, at=NOW)
    assert (paper.state, paper.docx, paper.pdf, paper.handed_over_at) == (Paper.State.DRAFT, None, None, None)
    assert len(attachments_visible_to(writer).of(paper)[paper.pk]) == 2
    changed = change_paper(paper, title="新的  标题", recipient="某人", openness="closed", by=writer, at=NOW)
    assert (changed.title, changed.openness) == ("新的 标题", "closed")
    assert hand_over_paper(changed, by=writer, at=NOW).docx is not None


def test_a_number_is_written_one_way_and_used_once_for_ever(subject: SavedView, writer: User) -> None:
    first = sealed(subject, " 某 [2026] 7号 ")
    assert first.number == "某〔2026〕7号"
    void_paper(first, reason="内容有误", by=writer, at=NOW)
    with pytest.raises(PaperRefused, match="已用于《关于某事的函》"):
        sealed(subject, "某【2026】7号")
    second = sealed(subject, "某〔2026〕8号")
    with pytest.raises(IntegrityError), transaction.atomic():
        Paper.objects.filter(pk=second.pk).update(number=first.number)


def test_the_code_of_a_paper_is_its_own(subject: SavedView) -> None:
    codes = {begun(subject).code for _time in range(20)}
    assert len(codes) == 20
    assert all(len(code) == 12 for code in codes)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"number": " "}, "请填写发文字号"),
        ({"number": "长" * 81}, "不能超过 80 字"),
        ({"sealed_on": NOW.date() + timedelta(days=1)}, "不能晚于今天"),
        ({"scan": None}, "请上传用印后的扫描件"),
    ],
)
def test_a_seal_that_is_not_complete_is_refused(given: dict[str, Any], sentence: str, subject: SavedView) -> None:
    paper = handed_over(subject)
    values = {"number": "某〔2026〕1号", "sealed_on": NOW.date(), "scan": scan()} | given
    with pytest.raises(PaperRefused, match=sentence):
        record_seal(paper, **values, by=subject.user, at=NOW)
    paper.refresh_from_db()
    assert paper.state == Paper.State.HANDED_OVER


def test_the_copy_without_a_seal_does_not_pass_for_the_sealed_one(subject: SavedView) -> None:
    paper = handed_over(subject)
    copy = scan("盖章.pdf", content_of(paper.pdf))
    with pytest.raises(PaperRefused, match="没有印章"):
        record_seal(paper, number="某〔2026〕1号", sealed_on=NOW.date(), scan=copy, by=subject.user, at=NOW)


def test_a_template_that_refuses_the_seal_takes_everything_back(subject: SavedView) -> None:
    paper = handed_over(subject)
    before = Attachment.objects.count()
    broken = replace(templates.get(LETTER), on_sealed=lambda _paper, **_who: _refuse())
    templates.remove(LETTER)
    register_paper_template(broken)
    with pytest.raises(PaperRefused, match="不行"):
        record_seal(paper, number="某〔2026〕1号", sealed_on=NOW.date(), scan=scan(), by=subject.user, at=NOW)
    paper.refresh_from_db()
    assert (paper.state, paper.number) == (Paper.State.HANDED_OVER, "")
    assert Attachment.objects.count() == before


def _refuse() -> None:
    raise PaperRefused("不行")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"recipient": " "}, "请填写受送达人"),
        ({"method": "鸽子"}, "请选择送达方式"),
        ({"delivered_on": NOW.date() - timedelta(days=1)}, "不能早于用印日期"),
        ({"delivered_on": NOW.date() + timedelta(days=1)}, "不能晚于今天"),
    ],
)
def test_a_delivery_that_cannot_be_is_refused(given: dict[str, Any], sentence: str, subject: SavedView) -> None:
    paper = sealed(subject)
    values = {"recipient": "甲", "method": "post", "delivered_on": NOW.date()} | given
    with pytest.raises(PaperRefused, match=sentence):
        deliver_paper(paper, **values, by=subject.user, at=NOW)
    assert not PaperDelivery.objects.exists()


def test_a_delivery_is_recorded_once(subject: SavedView) -> None:
    paper, delivery = sealed(subject), {"recipient": "甲", "method": "post", "delivered_on": NOW.date()}
    deliver_paper(paper, **delivery, by=subject.user, at=NOW)
    with pytest.raises(PaperRefused, match="已经登记过"):
        deliver_paper(paper, **delivery, by=subject.user, at=NOW)


def test_nothing_leaves_without_its_seal_and_no_step_is_taken_twice(subject: SavedView, writer: User) -> None:
    said = {"by": writer, "at": NOW}
    draft = begun(subject)
    delivery = {"recipient": "甲", "method": "post", "delivered_on": NOW.date()}
    seal = {"number": "某〔2026〕1号", "sealed_on": NOW.date(), "scan": scan()}
    for refused in (
        lambda: deliver_paper(draft, **delivery, **said),
        lambda: record_seal(draft, **seal, **said),
        lambda: take_back_paper(draft, reason="x", **said),
    ):
        with pytest.raises(PaperRefused):
            refused()
    frozen = hand_over_paper(draft, **said)
    for refused in (
        lambda: hand_over_paper(frozen, **said),
        lambda: change_paper(frozen, title="x", recipient="", openness="open", **said),
        lambda: deliver_paper(frozen, **delivery, **said),
    ):
        with pytest.raises(PaperRefused):
            refused()
    voided = void_paper(frozen, reason="不发了", **said)
    with pytest.raises(PaperRefused, match="已经作废"):
        void_paper(voided, reason="再来", **said)


@pytest.mark.parametrize("change", [void_paper, take_back_paper])
def test_a_reason_is_asked_for(change: Any, subject: SavedView) -> None:
    with pytest.raises(PaperRefused, match="请写明"):
        change(handed_over(subject), reason=" ", by=subject.user, at=NOW)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [({"title": " "}, "请填写文书标题"), ({"title": "长" * 201}, "200 字"), ({"openness": "x"}, "请选择公开属性")],
)
def test_a_draft_that_is_not_complete_is_refused(given: dict[str, str], sentence: str, subject: SavedView) -> None:
    values = {"title": "题", "recipient": "", "openness": "open"} | given
    with pytest.raises(PaperRefused, match=sentence):
        draft_paper(LETTER, subject, **values, by=subject.user, at=NOW)


def test_others_neither_draft_nor_change_nor_see(subject: SavedView, make_user: Any) -> None:
    other, paper = make_user("other"), handed_over(subject)
    with pytest.raises(PaperRefused, match="不能起草"):
        draft_paper(LETTER, subject, title="题", recipient="", openness="open", by=other, at=NOW)
    with pytest.raises(PaperRefused, match="不能办理"):
        void_paper(paper, reason="x", by=other, at=NOW)
    assert not can_read_paper(other, paper)
    assert not can_read_paper(None, paper)
    assert list(papers_visible_to(other)) == list(papers_visible_to(None)) == []
    assert attachments_visible_to(other).of(paper)[paper.pk] == []


def test_readers_and_managers_see(subject: SavedView, writer: User, make_user: Any) -> None:
    paper, reader = handed_over(subject), make_user("reader-1")
    assert can_read_paper(reader, paper)
    assert can_read_paper(writer, paper)
    assert list(papers_visible_to(writer)) == [paper]
    writer.is_active = False
    assert not can_read_paper(writer, paper)
    assert list(papers_visible_to(writer)) == []


def test_a_paper_whose_package_is_gone_is_nobodys(subject: SavedView, writer: User) -> None:
    paper = begun(subject)
    Paper.objects.filter(pk=paper.pk).update(template_key="gone.letter")
    paper.refresh_from_db()
    assert not can_read_paper(writer, paper)


def test_the_database_keeps_the_order_of_steps(subject: SavedView) -> None:
    paper = begun(subject)
    for wrong in ({"state": "handed_over"}, {"state": "sealed", "number": "x"}, {"state": "voided"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Paper.objects.filter(pk=paper.pk).update(**wrong)


def test_the_signs_of_a_code_are_told_apart() -> None:
    assert not set(outgoing_papers._CODE_SIGNS) & set("01BIOSUVZ")
