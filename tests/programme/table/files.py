"""Table files of every shape, made for tests: one small programme as docx, xlsx, csv and text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import xlsxwriter

TITLE = "闵行区创业型城区创建工作指标分解表"
HEADERS = ("序号", "类别", "工作任务", "牵头部门", "配合单位", "推进举措")
# number, category, task, lead, cooperating, measures
TASKS: tuple[tuple[int, str, str, list[str], list[str], list[str]], ...] = (
    (1, "组织领导", "成立领导小组并有效运作", ["区人力资源社会保障局"], ["各创建成员单位"], ["由区长任组长，明确会议制度。"]),
    (
        2,
        "政策支持",
        "初创期扶持政策的落实",
        ["区人力资源社会保障局", "团区委"],
        ["区财政局", "区科委"],
        ["加大扶持力度，鼓励吸纳本区劳动力。", "落实青年大学生的各项扶持政策。"],
    ),
    (3, "政策支持", "行政管理的改善", ["区市场监管局"], [], ["优化注册登记方式。免收登记类收费。"]),
    (
        4,
        "创业服务",
        "创业孵化平台建设",
        ["区科委"],
        ["区财政局", "各街镇（工业区）"],
        ["推广建设“众创空间”。", "建立孵化基地培育机制。", "给予经费补贴。"],
    ),
    (5, "创业服务", "创业典型的树立", ["区委宣传部"], ["团区委", "区教育局"], ["挖掘典型，开展表彰。"]),
)  # fmt: skip
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DOCX_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_XLSX_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def as_tuples(tasks: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Read tasks in the form of TASKS."""
    return [(t.number, t.category, t.task, t.lead, t.cooperating, t.measures) for t in tasks]


def numbered(measures: Sequence[str], between: str = "\n") -> str:
    """Measures as one cell prints them."""
    if len(measures) == 1:
        return measures[0]
    return between.join(f"（{place}）{measure}" for place, measure in enumerate(measures, start=1))


def cell_rows(*, blank_repeats: bool = False) -> list[list[str]]:
    """TASKS as text cells; repeated categories are left empty on request, as where they are merged."""
    rows, past = [], ""
    for number, category, task, lead, cooperating, measures in TASKS:
        shown = "" if blank_repeats and category == past else category
        past = category
        rows.append([str(number), shown, task, "、".join(lead), "、".join(cooperating), numbered(measures)])
    return rows


@dataclass(frozen=True)
class C:
    """A cell of a Word table."""

    text: str = ""
    span: int = 1
    # restart or continue
    down: str = ""
    sideways: str = ""
    # Paragraphs as XML, instead of the text.
    inner: str = ""

    def xml(self) -> str:
        properties = f'<w:gridSpan w:val="{self.span}"/>' if self.span > 1 else ""
        if self.sideways:
            properties += f'<w:hMerge w:val="{self.sideways}"/>'
        if self.down:
            properties += "<w:vMerge/>" if self.down == "continue" else '<w:vMerge w:val="restart"/>'
        body = self.inner or "".join(paragraph(line) for line in self.text.split("\n"))
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{body}</w:tc>"


def paragraph(text: str, *, number_id: int = 0, level: int = 0) -> str:
    """A Word paragraph, in a numbered list on request."""
    listed = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number_id}"/></w:numPr>' if number_id else ""
    run = f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
    return f"<w:p><w:pPr>{listed}</w:pPr>{run}</w:p>"


def word_row(cells: Sequence[C | str], *, properties: str = "", wrap: str = "{}") -> str:
    inner = "".join((cell if isinstance(cell, C) else C(cell)).xml() for cell in cells)
    return wrap.format(f"<w:tr><w:trPr>{properties}</w:trPr>{inner}</w:tr>")


def word_table(rows: Sequence[Sequence[C | str] | str]) -> str:
    """A table; a row may also be given as XML."""
    inner = "".join(row if isinstance(row, str) else word_row(row) for row in rows)
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{inner}</w:tbl>"


def docx(
    body: str, *, numbering: str = "", prolog: str = "", namespace: str = W, more: dict[str, bytes] | None = None
) -> bytes:
    """A minimal Word file around a body of XML."""
    parts: dict[str, bytes] = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Override PartName="/word/document.xml" ContentType="{_DOCX_MAIN}"/></Types>'
        ).encode(),
        "word/document.xml": (
            f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<w:document xmlns:w="{namespace}"'
            ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
            f"<w:body>{body}<w:sectPr/></w:body></w:document>"
        ).encode(),
    }
    if numbering:
        parts["word/numbering.xml"] = f'<w:numbering xmlns:w="{namespace}">{numbering}</w:numbering>'.encode()
    return zipped({**parts, **(more or {})})


def number_list(number_id: int, kind: str, pattern: str) -> str:
    """The definition of a list for `numbering`."""
    return (
        f'<w:abstractNum w:abstractNumId="{number_id}"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{pattern}"/></w:lvl></w:abstractNum>'
        f'<w:num w:numId="{number_id}"><w:abstractNumId w:val="{number_id}"/></w:num>'
    )


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def xlsx(
    rows: Sequence[Sequence[Any]],
    *,
    merges: Sequence[tuple[int, int, int, int]] = (),
    sheet: str = "Sheet1",
    others: dict[str, Sequence[Sequence[Any]]] | None = None,
    date_format: str = "yyyy-mm-dd",
) -> bytes:
    """A workbook; merges are first row, first column, last row, last column, counted from 0."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": date_format}) as book:
        for name, lines in [(sheet, rows), *(others or {}).items()]:
            page = book.add_worksheet(name)
            for row, values in enumerate(lines):
                for column, value in enumerate(values):
                    if value is not None and value != "":
                        page.write(row, column, value)
            for top, left, bottom, right in merges if name == sheet else ():
                value = lines[top][left]
                page.merge_range(top, left, bottom, right, "")
                page.write(top, left, value)
    return out.getvalue()


def xlsx_container(parts: dict[str, bytes], *, kind: str = _XLSX_MAIN) -> bytes:
    """A zip that calls itself a workbook."""
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}"/></Types>'
    )
    return zipped({"[Content_Types].xml": types.encode(), "xl/workbook.xml": b"<workbook/>", **parts})


def csv_text(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    """Separated values, every cell quoted that needs it."""

    def quote(value: str) -> str:
        needs = any(sign in value for sign in f'{delimiter}"\n')
        return '"' + value.replace('"', '""') + '"' if needs else value

    return "\n".join(delimiter.join(quote(value) for value in row) for row in rows) + "\n"


def led_text(rows: Sequence[Sequence[str]], *, before: str = "") -> str:
    """Cells that each begin with a tab, rows parted by an empty line."""
    return before + "\n\n".join("\n".join("\t" + cell for cell in row) for row in rows) + "\n"


def plain_word(*, title: bool = True) -> bytes:
    """The programme as a plain Word table without any merging."""
    head = paragraph("附件1") + paragraph(TITLE) if title else ""
    return docx(head + word_table([list(HEADERS), *cell_rows()]))
