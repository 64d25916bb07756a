"""Papers as PDF: read again with pypdfium2 - their text, their fonts, their pages; nothing typed is ever markup."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date

import pypdfium2
import pytest
import zxingcpp

from chuangju.papers import pdf_papers, typesetting
from chuangju.papers.documents import Heading, PaperColumn, PaperDocument, PaperTable, Paragraph, SignedBy
from chuangju.papers.pdf_papers import document_pdf
from chuangju.papers.typesetting import PaperFault, compile_pdf, set_pdf
from tests.papers.samples import ADDRESS, HOSTILE, SENTENCE, paper


@contextmanager
def opened(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    with closing(pypdfium2.PdfDocument(content)) as document:
        yield document


def pages_of(content: bytes) -> list[str]:
    """The text of each page, in one line."""
    with opened(content) as document:
        pages = []
        for number in range(len(document)):
            with closing(document[number]) as page, closing(page.get_textpage()) as text:
                pages.append(re.sub(r"[\r\n]+", "", text.get_text_range()))
        return pages


def plain(text: str) -> str:
    """Without blanks, which a line end may swallow."""
    return re.sub(r"[\s\u200b]+", "", text)


def test_every_block_is_there_to_be_read_and_searched() -> None:
    text = "".join(pages_of(document_pdf(paper())))
    for words in (
        "关于报送工作进展情况的通知", "闵创建办〔2026〕1号", "各成员单位：", SENTENCE, "一、报送内容", "（一）节点",
        "组织保障", "各项任务何时完成？", "闵行区创建办", "2026年6月15日", "扫码核验", ADDRESS,
    ):  # fmt: skip
        assert plain(words) in plain(text), words


def test_every_page_has_its_number_its_code_and_its_mark() -> None:
    pages = pages_of(document_pdf(paper()))
    assert len(pages) >= 2
    for number, page in enumerate(pages, start=1):
        assert f"— {number} —" in page
        assert "ABCDEFGHJKLM" in page
        assert "未用印" in page
    assert not any("未用印" in page for page in pages_of(document_pdf(paper(mark=""))))


def test_the_fonts_of_the_installation_are_within_the_file() -> None:
    content = document_pdf(paper())
    names = set(re.findall(rb"/BaseFont ?/[A-Z]{6}\+([A-Za-z]+)", content)) or set(_font_names(content))
    assert names == {b"NotoSerifSC", b"NotoSansSC"}
    # Outlines in the file for each of them.
    assert content.count(b"/FontFile3") >= 2


def _font_names(content: bytes) -> Iterator[bytes]:
    with opened(content) as document, closing(document[0]) as page:
        for thing in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
            yield thing.get_font().get_family_name().encode().replace(b" ", b"")


def test_file_properties_name_title_issuer_and_number() -> None:
    with opened(document_pdf(paper())) as document:
        said = document.get_metadata_dict()
    assert (said["Title"], said["Author"], said["Keywords"]) == (
        "关于报送工作进展情况的通知", "闵行区创建办", "闵创建办〔2026〕1号",
    )  # fmt: skip


def test_the_same_paper_is_the_same_file() -> None:
    assert document_pdf(paper()) == document_pdf(paper())


def test_a_page_is_a4_with_twenty_two_lines_of_twenty_eight_characters() -> None:
    content = document_pdf(PaperDocument("题", [Paragraph("满" * 28 * 60, is_indented=False)]))
    with opened(content) as document, closing(document[1]) as page, closing(page.get_textpage()) as text:
        assert page.get_size() == pytest.approx((595.28, 841.89), abs=0.1)
        lines = [line for line in text.get_text_range().splitlines() if set(line) == {"满"}]
    assert len(lines) == 22
    assert {len(line) for line in lines} == {28}


@pytest.mark.parametrize("lines", range(16, 21))
def test_a_heading_goes_over_to_the_page_of_what_it_heads(lines: int) -> None:
    blocks = [*(Paragraph(f"第{number}行") for number in range(lines)), Heading("一、报送内容", 1), Paragraph(SENTENCE)]
    pages = pages_of(document_pdf(PaperDocument("关于报送工作进展情况的通知", blocks)))
    headed = next(page for page in pages if "一、报送内容" in page)
    assert plain(SENTENCE)[:10] in plain(headed)


@pytest.mark.parametrize("lines", range(12, 20))
def test_the_signature_never_stands_on_a_page_alone(lines: int) -> None:
    blocks = [*(Paragraph(f"第{number}行") for number in range(lines)), SignedBy("闵行区创建办", date(2026, 6, 15))]
    pages = pages_of(document_pdf(PaperDocument("关于报送工作进展情况的通知", blocks)))
    signed = next(page for page in pages if "闵行区创建办" in page)
    assert f"第{lines - 1}行" in signed


def test_the_code_on_the_page_leads_to_the_address() -> None:
    with opened(document_pdf(paper())) as document, closing(document[len(document) - 1]) as page:
        found = zxingcpp.read_barcodes(page.render(scale=3).to_pil())
    assert [code.text for code in found] == [ADDRESS]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_word_becomes_markup(text: str) -> None:
    doc = PaperDocument(
        text, [Paragraph(text), Heading(text, 1), PaperTable([PaperColumn(text, 1)], [[text]]), SignedBy(text)],
        issuer=text, number=text, recipients=text,
    )  # fmt: skip
    read = plain("".join(pages_of(document_pdf(doc))))
    # Number, title, recipients, paragraph, heading, head of the table, cell, signature.
    assert read.count(plain(text)) == 8


def test_emoji_control_signs_and_turned_reading_do_no_harm() -> None:
    (page,) = pages_of(document_pdf(PaperDocument("甲\x00乙", [Paragraph("丙\u202e丁\ud800😀\x07戊")])))
    assert "甲乙" in page
    assert "丙丁" in page
    assert "戊" in page


def test_a_word_longer_than_its_line_stays_on_the_page() -> None:
    doc = PaperDocument(
        "题", [Paragraph("A" * 300), PaperTable([PaperColumn("窄", 1), PaperColumn("宽", 9)], [["B" * 60, ""]])]
    )
    with opened(document_pdf(doc)) as document, closing(document[0]) as page:
        rights = [thing.get_bounds()[2] for thing in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT])]
    assert max(rights) <= (210 - 26) / 25.4 * 72 + 3


def test_a_code_in_a_wide_cell_can_be_copied_whole() -> None:
    table = PaperTable([PaperColumn("代码", 1)], [["91310112MA1GB1234X"]])
    assert "91310112MA1GB1234X" in pages_of(document_pdf(PaperDocument("题", [table])))[0]


def test_a_table_of_a_thousand_rows_repeats_its_head_on_every_page() -> None:
    rows = [[f"第{number}行", "长" * 30] for number in range(1000)]
    pages = pages_of(
        document_pdf(PaperDocument("表", [PaperTable([PaperColumn("号", 2), PaperColumn("文字", 5)], rows)]))
    )
    assert len(pages) > 20
    assert all("文字" in page for page in pages)
    assert "第999行" in pages[-1]


def test_a_paper_may_lie_across() -> None:
    with opened(document_pdf(paper(is_landscape=True))) as document:
        assert document.get_page_size(0)[0] > document.get_page_size(0)[1]


def test_a_font_that_is_missing_is_an_error_and_not_another_font() -> None:
    values = json.dumps(pdf_papers._values(PaperDocument("题", [])))
    with pytest.raises(PaperFault, match="no such face"):
        compile_pdf(values, serif="No Such Face")


@pytest.mark.parametrize("filling", ["", "长" * 60_000])
def test_a_drawing_that_is_none_is_a_fault_of_the_paper(filling: str) -> None:
    """Short papers are set here, long ones in a child: the fault is told alike."""
    values = pdf_papers._values(PaperDocument("题", [Paragraph(filling)]))
    values["blocks"].append({"kind": "chart", "svg": "kein svg", "caption": "", "width": 10})
    with pytest.raises(PaperFault, match="SVG"):
        set_pdf(json.dumps(values))


def test_a_paper_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "_SECONDS", 0.001)
    with pytest.raises(PaperFault, match="not set within"):
        set_pdf(json.dumps({"blocks": "长" * 60_000}))
