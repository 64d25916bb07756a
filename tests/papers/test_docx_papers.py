"""Papers in Word: the measures of GB/T 9704, fonts with substitutes, and every word a word; read again with python-docx."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from chuangju.papers.documents import Heading, PaperColumn, PaperDocument, PaperTable, Paragraph, SignedBy
from chuangju.papers.docx_papers import document_docx
from tests.papers.samples import HOSTILE, SENTENCE, paper


def opened(doc: PaperDocument) -> Document:
    return docx.Document(io.BytesIO(document_docx(doc)))


def part(doc: PaperDocument, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(document_docx(doc))) as archive:
        return archive.read(name).decode()


def fonts_of(document: Document, text: str) -> tuple[str, float]:
    """The Chinese font and the size of the first run with this text."""
    run = next(run for paragraph in document.paragraphs for run in paragraph.runs if run.text == text)
    return run.element.rPr.rFonts.get(qn("w:eastAsia")), run.font.size.pt


def test_margins_lines_and_characters_are_those_of_official_papers() -> None:
    section = opened(paper()).sections[0]
    measures = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(each.mm) for each in measures] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    pitch = int(section._sectPr.find(qn("w:docGrid")).get(qn("w:linePitch"))) / 20
    assert 22 * pitch <= Mm(225).pt < 23 * pitch
    line = next(each for each in opened(paper()).paragraphs if each.text == SENTENCE)
    assert line.paragraph_format.line_spacing.pt == pytest.approx(pitch)
    narrowed = 16 + int(line.runs[0].element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    assert 28 * narrowed <= Mm(156).pt < 29 * narrowed


def test_each_part_has_its_face_and_size() -> None:
    document = opened(paper())
    assert fonts_of(document, "关于报送工作进展情况的通知") == ("方正小标宋简体", 22)
    assert fonts_of(document, "一、报送内容") == ("黑体", 16)
    assert fonts_of(document, "（一）节点") == ("楷体_GB2312", 16)
    assert fonts_of(document, SENTENCE) == ("仿宋_GB2312", 16)
    styles = {each.text: each.style.name for each in document.paragraphs}
    assert (styles["一、报送内容"], styles["（一）节点"]) == ("Heading 1", "Heading 2")


def test_the_first_line_stands_in_by_two_characters_and_the_day_four_from_the_right() -> None:
    document = opened(paper())
    text = {each.text: each for each in document.paragraphs}
    assert text[SENTENCE].paragraph_format.first_line_indent == Pt(32)
    assert text["第一段"].paragraph_format.first_line_indent is None
    day = text["2026年6月15日"]._p.pPr.find(qn("w:ind"))
    assert day.get(qn("w:rightChars")) == "400"


def test_a_long_name_of_an_issuer_stands_above_the_middle_of_the_day() -> None:
    long = "闵行区创建创业型城区工作领导小组办公室"
    document = opened(PaperDocument("题", [SignedBy(long)]))
    text = {each.text: each for each in document.paragraphs}
    assert long in text
    assert "　　年　月　日" in text
    name, day = (text[each]._p.pPr.find(qn("w:ind")) for each in (long, "　　年　月　日"))
    assert name is None or name.get(qn("w:rightChars")) is None
    assert int(day.get(qn("w:rightChars"))) > 400


def test_machines_without_the_fonts_are_told_what_to_take_instead() -> None:
    table = part(paper(), "word/fontTable.xml")
    for name, substitute in (
        ("仿宋_GB2312", "仿宋"),
        ("方正小标宋简体", "华文中宋"),
        ("楷体_GB2312", "楷体"),
        ("黑体", "SimHei"),
    ):
        entry = re.search(rf'<w:font w:name="{name}">(.*?)</w:font>', table)
        assert entry, name
        assert substitute in re.search(r'altName w:val="([^"]*)"', entry[1])[1].split(",")


def test_pages_are_numbered_marked_and_carry_the_code() -> None:
    document = opened(paper())
    section = document.sections[0]
    assert section.header.paragraphs[0].text == section.even_page_header.paragraphs[0].text == "未用印"
    assert "PAGE" in section.footer._element.xml
    assert [each.text for each in section.footer.paragraphs][1] == "ABCDEFGHJKLM"
    assert document.settings.odd_and_even_pages_header_footer
    assert opened(paper(mark="")).sections[0].header.paragraphs[0].text == ""


def test_a_table_is_ruled_repeats_its_head_and_spans_headings() -> None:
    table = opened(paper()).tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["序号", "单位", "内容"]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert {cell.text for cell in table.rows[1].cells} == {"组织保障"}
    assert [cell.text for cell in table.rows[3].cells] == ["2", "区经委", "甲\n乙"]
    assert table._tbl.tblPr.find(qn("w:tblBorders")) is not None


def test_chart_and_code_are_pictures_with_words_for_those_who_do_not_see_them() -> None:
    document = opened(paper())
    said = re.findall(r'<wp:docPr [^>]*descr="([^"]*)"', document.element.xml)
    assert said == ["各项任务何时完成？", "扫码核验　ABCDEFGHJKLM"]
    assert len(document.inline_shapes) == 2
    assert all(shape.width <= Mm(156) for shape in document.inline_shapes)
    assert [cell.text for cell in document.tables[1].rows[1].cells] == ["成立领导小组", "2026-03-01"]


def test_file_properties_name_title_issuer_and_number() -> None:
    properties = opened(paper()).core_properties
    assert (properties.title, properties.author, properties.subject) == (
        "关于报送工作进展情况的通知", "闵行区创建办", "闵创建办〔2026〕1号",
    )  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_no_word_becomes_markup(text: str) -> None:
    doc = PaperDocument(
        text, [Paragraph(text), Heading(text, 1), PaperTable([PaperColumn(text, 1)], [[text]]), SignedBy(text)]
    )
    document = opened(doc)
    assert [each.text for each in document.paragraphs].count(text) == 4
    assert [row.cells[0].text for row in document.tables[0].rows] == [text, text]
    assert document.core_properties.title


def test_signs_that_no_file_may_hold_and_turned_reading_are_dropped() -> None:
    document = opened(PaperDocument("甲\x00\x0b乙", [Paragraph("丙\u202e丁\ud800😀")]))
    assert [each.text for each in document.paragraphs] == ["甲乙", "丙丁😀"]


def test_a_table_of_a_thousand_rows_is_whole() -> None:
    rows = [[str(number), "长" * 40] for number in range(1000)]
    document = opened(PaperDocument("表", [PaperTable([PaperColumn("号", 1), PaperColumn("文", 4)], rows)]))
    assert len(document.tables[0]._tbl.findall(qn("w:tr"))) == 1001


def test_a_paper_may_lie_across() -> None:
    section = opened(paper(is_landscape=True)).sections[0]
    assert section.page_width > section.page_height


@pytest.mark.parametrize("row", [["1", "2", "3"], []])
def test_a_row_that_does_not_fit_its_table_is_a_fault_at_once(row: list[str]) -> None:
    with pytest.raises(ValueError, match="cells"):
        PaperTable([PaperColumn("甲", 1), PaperColumn("乙", 1)], [row])


def test_headings_have_four_levels() -> None:
    with pytest.raises(ValueError, match="5"):
        Heading("题", 5)


def test_the_last_words_go_over_with_the_signature() -> None:
    signed = SignedBy("闵行区创建办", date(2026, 6, 15))
    lines = opened(PaperDocument("通知", [Paragraph("前文"), Paragraph("特此通知。"), signed])).paragraphs
    kept = {line.text for line in lines if line.paragraph_format.keep_with_next}
    assert kept == {"特此通知。", "闵行区创建办"}
    table = PaperTable([PaperColumn("甲", 1)], [["乙"]])
    lines = opened(PaperDocument("通知", [Paragraph("前文"), table, signed])).paragraphs
    assert not [line for line in lines if line.text == "前文" and line.paragraph_format.keep_with_next]
