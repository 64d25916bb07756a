"""公文格式 - Word papers as offices print them (GB/T 9704): 小标宋 titles, 仿宋 text, 黑体 heads, page numbers between dashes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml import etree

from chuangju.papers.sheets import clean_text

TITLE_FONT, TEXT_FONT, HEAD_FONT, LATIN_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体", "Times New Roman"
TITLE_SIZE, HEADING_SIZE, TABLE_SIZE, PAGE_SIZE = 22, 16, 10.5, 14
_TWIPS_PER_MM = 56.7
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(frozen=True, slots=True)
class PaperColumn:
    """A column of a table on paper: its head, its share of the width, and how its cells stand."""

    head: str
    share: int
    is_centred: bool = False
    # Equal neighbours below one another become one cell.
    is_merged: bool = False


@dataclass(slots=True)
class OfficialPaper:
    """A paper in the making."""

    is_landscape: bool = False
    document: Document = field(init=False)

    def __post_init__(self) -> None:
        self.document = docx.Document()
        section = self.document.sections[0]
        width, height = (Mm(297), Mm(210)) if self.is_landscape else (Mm(210), Mm(297))
        section.orientation = WD_ORIENT.LANDSCAPE if self.is_landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = width, height
        section.top_margin, section.bottom_margin = (Mm(25), Mm(22)) if self.is_landscape else (Mm(37), Mm(35))
        section.left_margin, section.right_margin = (Mm(22), Mm(22)) if self.is_landscape else (Mm(28), Mm(26))
        normal = self.document.styles["Normal"]
        normal.font.size = Pt(HEADING_SIZE)
        _set_fonts(normal.element.get_or_add_rPr(), TEXT_FONT)
        self._number_pages()

    def add_heading(self, text: str) -> None:
        """附件1 and the like: 黑体, at the left margin."""
        self._add_line(text, HEAD_FONT, HEADING_SIZE, WD_ALIGN_PARAGRAPH.LEFT)

    def add_title(self, text: str) -> None:
        """The title in 小标宋, centred, with room below."""
        paragraph = self._add_line(text, TITLE_FONT, TITLE_SIZE, WD_ALIGN_PARAGRAPH.CENTER)
        paragraph.paragraph_format.space_after = Pt(12)
        self.document.core_properties.title = clean_text(text)

    def add_table(self, columns: Sequence[PaperColumn], rows: Sequence[Sequence[str]]) -> None:
        """A ruled table over the whole width, its head repeated on each page; a row of one text spans all columns."""
        width = int((297 - 2 * 22 if self.is_landscape else 210 - 28 - 26) * _TWIPS_PER_MM)
        shares = sum(column.share for column in columns)
        widths = [width * column.share // shares for column in columns]
        table = parse_xml(f"<w:tbl {nsdecls('w')}>{_table_properties(width)}</w:tbl>")
        grid = etree.SubElement(table, qn("w:tblGrid"))
        for each in widths:
            etree.SubElement(grid, qn("w:gridCol"), {qn("w:w"): str(each)})
        table.append(_head_row(columns, widths))
        above: Sequence[str] | None = None
        for row in rows:
            if len(row) < len(columns):
                table.append(_spanning_row(row[0], widths))
                above = None
                continue
            table.append(_body_row(columns, widths, row, above))
            above = row
        body = self.document.element.body
        body.insert(len(body) - 1, table)
        # Word wants a paragraph after a table; a small one does not begin a page of its own.
        closing = self.document.add_paragraph()
        closing.paragraph_format.line_spacing = Pt(1)

    def to_bytes(self) -> bytes:
        """The finished docx."""
        out = io.BytesIO()
        properties = self.document.core_properties
        properties.author, properties.comments = "", ""
        self.document.save(out)
        return out.getvalue()

    def _add_line(self, text: str, font: str, size: float, alignment: WD_ALIGN_PARAGRAPH) -> Paragraph:
        paragraph = self.document.add_paragraph()
        paragraph.alignment = alignment
        run = paragraph.add_run(clean_text(text))
        run.font.size = Pt(size)
        _set_fonts(run.element.get_or_add_rPr(), font)
        return paragraph

    def _number_pages(self) -> None:
        """— 1 —, right on odd pages and left on even ones."""
        self.document.settings.odd_and_even_pages_header_footer = True
        section = self.document.sections[0]
        for footer, alignment in (
            (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
            (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
        ):
            paragraph = footer.paragraphs[0]
            paragraph.alignment = alignment
            for kind, text in (("text", "— "), ("begin", ""), ("code", "PAGE"), ("end", ""), ("text", " —")):
                _add_field_part(paragraph.add_run(), kind, text)


def _set_fonts(properties: etree._Element, font: str) -> None:
    """One font for Chinese and one for Latin: Word chooses by script only when both are named."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        # The first of a run's properties, or Word calls the file damaged.
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for script in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), LATIN_FONT)
    fonts.set(qn("w:eastAsia"), font)
    # So that quotation marks and circled numbers are set in the Chinese font too.
    fonts.set(qn("w:hint"), "eastAsia")


def _add_field_part(run: Run, kind: str, text: str) -> None:
    run.font.size = Pt(PAGE_SIZE)
    _set_fonts(run.element.get_or_add_rPr(), "宋体")
    if kind == "text":
        run.text = text
    elif kind == "code":
        code = etree.SubElement(run.element, qn("w:instrText"))
        code.text = text
    else:
        etree.SubElement(run.element, qn("w:fldChar"), {qn("w:fldCharType"): kind})


def _table_properties(width: int) -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    rules = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in sides)
    return (
        f'<w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{rules}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/>'
        "</w:tblCellMar></w:tblPr>"
    )


def _head_row(columns: Sequence[PaperColumn], widths: Sequence[int]) -> etree._Element:
    row = OxmlElement("w:tr")
    properties = etree.SubElement(row, qn("w:trPr"))
    etree.SubElement(properties, qn("w:cantSplit"))
    etree.SubElement(properties, qn("w:tblHeader"))
    for column, width in zip(columns, widths, strict=True):
        row.append(_cell(column.head, width, font=HEAD_FONT, is_centred=True))
    return row


def _body_row(
    columns: Sequence[PaperColumn], widths: Sequence[int], texts: Sequence[str], above: Sequence[str] | None
) -> etree._Element:
    row = OxmlElement("w:tr")
    etree.SubElement(etree.SubElement(row, qn("w:trPr")), qn("w:cantSplit"))
    for place, (column, width, text) in enumerate(zip(columns, widths, texts, strict=True)):
        merge = ""
        if column.is_merged and text:
            merge = "continue" if above is not None and above[place] == text else "restart"
        shown = "" if merge == "continue" else text
        row.append(_cell(shown, width, font=TEXT_FONT, is_centred=column.is_centred, merge=merge))
    return row


def _spanning_row(text: str, widths: Sequence[int]) -> etree._Element:
    row = OxmlElement("w:tr")
    row.append(_cell(text, sum(widths), font=HEAD_FONT, is_centred=False, span=len(widths)))
    return row


def _cell(text: str, width: int, *, font: str, is_centred: bool, merge: str = "", span: int = 1) -> etree._Element:
    cell = OxmlElement("w:tc")
    properties = etree.SubElement(cell, qn("w:tcPr"))
    etree.SubElement(properties, qn("w:tcW"), {qn("w:w"): str(width), qn("w:type"): "dxa"})
    if span > 1:
        etree.SubElement(properties, qn("w:gridSpan"), {qn("w:val"): str(span)})
    if merge:
        etree.SubElement(properties, qn("w:vMerge"), {qn("w:val"): merge})
    etree.SubElement(properties, qn("w:vAlign"), {qn("w:val"): "center"})
    for line in clean_text(text).split("\n"):
        paragraph = etree.SubElement(cell, qn("w:p"))
        layout = etree.SubElement(paragraph, qn("w:pPr"))
        # Without this Word's own style would add a gap below every line, and cells would hang too high.
        etree.SubElement(layout, qn("w:spacing"), {qn(f"w:{side}"): "30" for side in ("before", "after")})
        if is_centred:
            etree.SubElement(layout, qn("w:jc"), {qn("w:val"): "center"})
        run = etree.SubElement(paragraph, qn("w:r"))
        look = etree.SubElement(run, qn("w:rPr"))
        _set_fonts(look, font)
        for tag in ("w:sz", "w:szCs"):
            etree.SubElement(look, qn(tag), {qn("w:val"): str(int(TABLE_SIZE * 2))})
        words = etree.SubElement(run, qn("w:t"), {_XML_SPACE: "preserve"})
        words.text = line
    return cell
