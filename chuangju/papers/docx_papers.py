"""文书 Word - a paper as docx in the measures of GB/T 9704: 22 lines of 28 characters, to be edited on by the office.

Headings are real headings (for the navigation pane), whatever Word's own style for them looks like.
"""

from __future__ import annotations

import io
import unicodedata

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as DocxParagraph
from lxml import etree

from chuangju.papers.charts import chart_png
from chuangju.papers.documents import (
    DEEPEST_HEADING,
    OPEN_DAY,
    Block,
    Chart,
    Heading,
    PaperColumn,
    PaperDocument,
    PaperTable,
    Paragraph,
    QrBlock,
    SignedBy,
    paper_day,
    paper_text,
)
from chuangju.papers.docx_fonts import HEAD_FONT, KAI_FONT, TEXT_FONT, TITLE_FONT, set_fonts
from chuangju.papers.official import CODE_SIZE, TEXT_SIZE, TITLE_SIZE, OfficialPaper
from chuangju.papers.qr_codes import qr_png

# 225 mm in 22 lines, and how much narrower 28 characters of 16 points must stand to fit 156 mm; in twentieths of a point.
# The narrowing belongs to the characters: a grid of characters is drawn by each program in its own way.
LINE_PITCH, CHARACTER_SPACE = 579, -5
_TITLE_PITCH = 720
_HEADING_FONTS = {1: HEAD_FONT, 2: KAI_FONT, 3: TEXT_FONT, 4: TEXT_FONT}
_CAPTION_SIZE = 12
_QR_SIDE = Mm(26)
# 四字, in hundredths of a character and in twips.
_INDENT_OF_DAY = 4
_PIXELS_PER_INCH = 96


def document_docx(doc: PaperDocument) -> bytes:
    """The paper as docx."""
    paper = OfficialPaper(is_landscape=doc.is_landscape, mark=doc.mark, footer_code=doc.footer_code)
    _lay_grid(paper)
    _set_headings(paper)
    if doc.number:
        _hold_line(paper.add_line(doc.number, alignment=WD_ALIGN_PARAGRAPH.CENTER))
    title = paper.add_line(doc.title, font=TITLE_FONT, size=TITLE_SIZE, alignment=WD_ALIGN_PARAGRAPH.CENTER)
    _hold_line(title, pitch=_TITLE_PITCH)
    title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(0), Pt(LINE_PITCH / 20)
    if doc.recipients:
        _hold_line(paper.add_line(f"{doc.recipients}："))
    for block in doc.blocks:
        _add_block(paper, block)
    return paper.to_bytes(title=doc.title, author=doc.issuer, subject=doc.number)


def _lay_grid(paper: OfficialPaper) -> None:
    """The grid that makes 22 lines of 28 characters, and where the number of the page stands."""
    section = paper.document.sections[0]
    section.header_distance, section.footer_distance = Mm(18), Mm(16)
    if paper.is_landscape:
        section.header_distance = section.footer_distance = Mm(10)
    properties = section._sectPr  # noqa: SLF001 - the library has no grid
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    grid = OxmlElement("w:docGrid")
    for name, value in (("type", "lines"), ("linePitch", str(LINE_PITCH))):
        grid.set(qn(f"w:{name}"), value)
    properties.append(grid)


def _narrow(run_properties: etree._Element) -> None:
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(CHARACTER_SPACE))
    # Before the size of the characters, where the order of the format wants it.
    run_properties.find(qn("w:sz")).addprevious(spacing)


def _set_headings(paper: OfficialPaper) -> None:
    """The heading styles in the faces of papers, in black, without Word's own gaps."""
    for level in range(1, DEEPEST_HEADING + 1):
        style = paper.document.styles[f"Heading {level}"]
        properties = style.element.get_or_add_rPr()
        for child in list(properties):
            properties.remove(child)
        set_fonts(properties, _HEADING_FONTS[level])
        style.font.size, style.font.bold, style.font.italic = Pt(TEXT_SIZE), False, False
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)


def _add_block(paper: OfficialPaper, block: Block) -> None:
    match block:
        case Heading():
            line = _add_body_line(paper, block.text, font=_HEADING_FONTS[block.level])
            line.style = paper.document.styles[f"Heading {block.level}"]
            _hold_line(line, is_indented=True)
        case Paragraph():
            for text in paper_text(block.text).split("\n"):
                line = _add_body_line(paper, text)
                line.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
                _hold_line(line, is_indented=block.is_indented)
        case PaperTable():
            _add_table(paper, block)
        case Chart():
            _add_chart(paper, block)
        case SignedBy():
            _add_signature(paper, block)
        case QrBlock():
            _add_code(paper, block)


def _add_body_line(paper: OfficialPaper, text: str, *, font: str = TEXT_FONT) -> DocxParagraph:
    line = paper.add_line(text, font=font)
    for run in line.runs:
        _narrow(run.element.get_or_add_rPr())
    return line


def _add_table(paper: OfficialPaper, block: PaperTable) -> None:
    if block.caption:
        _add_caption(paper, block.caption)
    paper.add_table(block.columns, block.rows)


def _add_caption(paper: OfficialPaper, text: str) -> None:
    caption = paper.add_line(text, font=HEAD_FONT, size=_CAPTION_SIZE, alignment=WD_ALIGN_PARAGRAPH.CENTER)
    caption.paragraph_format.keep_with_next = True
    _leave_grid(caption)


def _leave_grid(paragraph: DocxParagraph) -> None:
    """Small print stands in lines of its own height."""
    snap = OxmlElement("w:snapToGrid")
    snap.set(qn("w:val"), "0")
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - the library knows no grid
    paragraph.paragraph_format.line_spacing = 1.0
    properties.find(qn("w:spacing")).addprevious(snap)


def _add_chart(paper: OfficialPaper, block: Chart) -> None:
    _add_caption(paper, block.caption)
    place = paper.document.add_paragraph()
    place.alignment = WD_ALIGN_PARAGRAPH.CENTER
    width = Pt(float(etree.fromstring(block.svg.encode()).get("width", "0")) * 72 / _PIXELS_PER_INCH)
    _leave_grid(place)
    picture = place.add_run().add_picture(io.BytesIO(chart_png(block.svg)), width=min(width, paper.text_width))
    # What a screen reader says of it.
    picture._inline.docPr.set("descr", paper_text(block.caption))  # noqa: SLF001 - the library has no description
    if block.header:
        place.paragraph_format.keep_with_next = True
        paper.add_table([PaperColumn(head, 1) for head in block.header], block.rows)


def _add_signature(paper: OfficialPaper, block: SignedBy) -> None:
    """成文日期右空四字，发文机关署名以成文日期为准居中, and two lines above them for the seal."""
    _keep_last_words(paper)
    day = paper_day(block.day) if block.day else OPEN_DAY
    wide_day, wide_unit = _characters(day), _characters(block.unit)
    unit_indent = max(0.0, _INDENT_OF_DAY + (wide_day - wide_unit) / 2)
    # A name so long that it reaches the margin takes the day with it: it stays below the middle of the name.
    day_indent = _INDENT_OF_DAY if unit_indent else max(_INDENT_OF_DAY, (wide_unit - wide_day) / 2)
    unit = paper.add_line(block.unit, alignment=WD_ALIGN_PARAGRAPH.RIGHT)
    _hold_line(unit, right=unit_indent)
    unit.paragraph_format.space_before = Pt(2 * LINE_PITCH / 20)
    unit.paragraph_format.keep_with_next = True
    _hold_line(paper.add_line(day, alignment=WD_ALIGN_PARAGRAPH.RIGHT), right=day_indent)


def _keep_last_words(paper: OfficialPaper) -> None:
    """The signature does not stand on a page alone: the last words go with it, where the paper does not end with a table."""
    last = [part for part in paper.document.element.body if part.tag != qn("w:sectPr")][-1:]
    if last and last[0].tag == qn("w:p"):
        words = paper.document.paragraphs[-1].paragraph_format
        words.keep_with_next = words.keep_together = True


def _add_code(paper: OfficialPaper, block: QrBlock) -> None:
    place = paper.document.add_paragraph()
    place.paragraph_format.space_before = Pt(LINE_PITCH / 20)
    place.paragraph_format.keep_with_next = True
    _leave_grid(place)
    picture = place.add_run().add_picture(io.BytesIO(qr_png(block.url)), width=_QR_SIDE)
    picture._inline.docPr.set("descr", paper_text(block.caption))  # noqa: SLF001 - the library has no description
    for text in (block.caption, block.url):
        line = paper.add_line(text, size=CODE_SIZE)
        _leave_grid(line)


def _hold_line(
    paragraph: DocxParagraph, *, pitch: int = LINE_PITCH, is_indented: bool = False, right: float = 0
) -> None:
    """Lines of exactly the height that puts 22 on a page; indents in characters, as Chinese papers count them."""
    form = paragraph.paragraph_format
    form.line_spacing = Pt(pitch / 20)
    form.space_before = form.space_after = Pt(0)
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - the library counts no characters
    if is_indented:
        form.first_line_indent = Pt(2 * TEXT_SIZE)
        properties.find(qn("w:ind")).set(qn("w:firstLineChars"), "200")
    if right:
        form.right_indent = Pt(right * TEXT_SIZE)
        properties.find(qn("w:ind")).set(qn("w:rightChars"), str(round(right * 100)))


def _characters(text: str) -> float:
    """How many Chinese characters wide a text is; Latin ones count half."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WF" else 0.5 for sign in text)
