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
from docx.shared import Length, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml import etree

from chuangju.papers.documents import PaperColumn, paper_text
from chuangju.papers.docx_fonts import HEAD_FONT, PAGE_FONT, TEXT_FONT, TITLE_FONT, name_substitutes, set_fonts

__all__ = ["OfficialPaper", "PaperColumn"]

# 二号, 三号, 五号 and 四号.
TITLE_SIZE, TEXT_SIZE, TABLE_SIZE, PAGE_SIZE = 22, 16, 10.5, 14
CODE_SIZE = 9
MARK_COLOUR = RGBColor(0xB3, 0x26, 0x1E)
_TWIPS_PER_MM = 56.7
_CELL_SPACING = {qn("w:before"): "30", qn("w:after"): "30", qn("w:line"): "240", qn("w:lineRule"): "auto"}
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(slots=True)
class OfficialPaper:
    """A paper in the making."""

    is_landscape: bool = False
    # What stands at the head of every page, framed (未用印), and the code below the number of the page.
    mark: str = ""
    footer_code: str = ""
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
        normal.font.size = Pt(TEXT_SIZE)
        set_fonts(normal.element.get_or_add_rPr(), TEXT_FONT)
        self._name_language(normal.element.get_or_add_rPr())
        name_substitutes(self.document)
        self._number_pages()
        if self.mark:
            self._mark_pages()

    @property
    def text_width(self) -> Length:
        """How wide a line of text is."""
        # Landscape keeps 22 mm on both sides, portrait 28 and 26.
        return Mm(297 - 2 * 22) if self.is_landscape else Mm(210 - 28 - 26)

    def add_heading(self, text: str) -> None:
        """附件1 and the like: 黑体, at the left margin."""
        self.add_line(text, font=HEAD_FONT)

    def add_title(self, text: str) -> None:
        """The title in 小标宋, centred, with room below."""
        paragraph = self.add_line(text, font=TITLE_FONT, size=TITLE_SIZE, alignment=WD_ALIGN_PARAGRAPH.CENTER)
        paragraph.paragraph_format.space_after = Pt(12)
        self.document.core_properties.title = _property(text)

    def add_table(self, columns: Sequence[PaperColumn], rows: Sequence[Sequence[str]]) -> None:
        """A ruled table over the whole width, its head repeated on each page; a row of one text spans all columns."""
        width = int(self.text_width.mm * _TWIPS_PER_MM)
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
        closing.paragraph_format.space_before = closing.paragraph_format.space_after = Pt(0)

    def to_bytes(self, *, title: str = "", author: str = "", subject: str = "") -> bytes:
        """The finished docx, with what a file manager shows of it."""
        out = io.BytesIO()
        properties = self.document.core_properties
        if title:
            properties.title = _property(title)
        properties.author, properties.comments = _property(author), ""
        properties.subject, properties.language = _property(subject), "zh-CN"
        self.document.save(out)
        return out.getvalue()

    def add_line(
        self,
        text: str,
        *,
        font: str = TEXT_FONT,
        size: float = TEXT_SIZE,
        alignment: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT,
    ) -> Paragraph:
        """A paragraph of one text in one face; its line ends stay line ends."""
        paragraph = self.document.add_paragraph()
        paragraph.alignment = alignment
        add_text(paragraph, text, font=font, size=size)
        return paragraph

    def _name_language(self, properties: etree._Element) -> None:
        """Chinese: what a proof reader and the rules of line ends go by."""
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "en-US")
        language.set(qn("w:eastAsia"), "zh-CN")
        properties.append(language)

    def _mark_pages(self) -> None:
        section = self.document.sections[0]
        for header in (section.header, section.even_page_header):
            paragraph = header.paragraphs[0]
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            run = add_text(paragraph, self.mark, font=HEAD_FONT, size=PAGE_SIZE)
            run.font.color.rgb = MARK_COLOUR
            frame = {"val": "single", "sz": "6", "space": "0", "color": str(MARK_COLOUR)}
            border = OxmlElement("w:bdr")
            for name, value in frame.items():
                border.set(qn(f"w:{name}"), value)
            run.element.get_or_add_rPr().append(border)

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
            if self.footer_code:
                line = footer.add_paragraph()
                line.alignment = alignment
                add_text(line, self.footer_code, font=PAGE_FONT, size=CODE_SIZE)


def _property(text: str) -> str:
    """A line that the properties of a file may hold."""
    return " ".join(paper_text(text).split())[:255]


def add_text(paragraph: Paragraph, text: str, *, font: str, size: float) -> Run:
    """Words of one face at the end of a paragraph."""
    run = paragraph.add_run(paper_text(text))
    run.font.size = Pt(size)
    set_fonts(run.element.get_or_add_rPr(), font)
    return run


def _add_field_part(run: Run, kind: str, text: str) -> None:
    run.font.size = Pt(PAGE_SIZE)
    set_fonts(run.element.get_or_add_rPr(), PAGE_FONT)
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
    cell = _cell(text, sum(widths), font=HEAD_FONT, is_centred=False, span=len(widths))
    for layout in cell.iter(qn("w:pPr")):
        # A heading does not stay behind at the foot of a page.
        layout.insert(0, OxmlElement("w:keepNext"))
    row.append(cell)
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
    for line in paper_text(text).split("\n"):
        paragraph = etree.SubElement(cell, qn("w:p"))
        layout = etree.SubElement(paragraph, qn("w:pPr"))
        # Rows are as high as their words: the grid of a page's lines is not for tables.
        etree.SubElement(layout, qn("w:snapToGrid"), {qn("w:val"): "0"})
        # Without this Word's own style would add a gap below every line, and cells would hang too high.
        etree.SubElement(layout, qn("w:spacing"), _CELL_SPACING)
        if is_centred:
            etree.SubElement(layout, qn("w:jc"), {qn("w:val"): "center"})
        run = etree.SubElement(paragraph, qn("w:r"))
        look = etree.SubElement(run, qn("w:rPr"))
        set_fonts(look, font)
        for tag in ("w:sz", "w:szCs"):
            etree.SubElement(look, qn(tag), {qn("w:val"): str(int(TABLE_SIZE * 2))})
        words = etree.SubElement(run, qn("w:t"), {_XML_SPACE: "preserve"})
        words.text = line
    return cell
