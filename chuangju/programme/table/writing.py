"""写出任务表 - the table as docx and xlsx in the layout it came in; read again, both give the same tasks."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from chuangju.programme.table.result import ReadTable

_SHARES = {"number": 5, "category": 9, "task": 18, "lead": 16, "cooperating": 20, "measures": 46, "due": 11}
_CENTRED = frozenset({"number", "category", "due"})
# Stands for "no category" below rows that have one, where an empty cell would mean "the same".
_NO_CATEGORY = "—"
_DEFAULT_COLUMNS = (
    ("number", "序号"),
    ("category", "类别"),
    ("task", "工作任务"),
    ("lead", "牵头部门"),
    ("cooperating", "配合单位"),
    ("measures", "推进举措"),
)


@dataclass(slots=True)
class PrintedRow:
    """One task as it is to be printed."""

    number: int
    category: str | None
    task: str
    lead: list[str]
    cooperating: list[str] = field(default_factory=list)
    measures: list[str] = field(default_factory=list)
    due: str | None = None


@dataclass(slots=True)
class PrintedTable:
    """A table as it is to be printed: columns with their headers in the order of the original."""

    title: str
    headings: list[str]
    columns: Sequence[tuple[str, str]]
    rows: Sequence[PrintedRow]

    @property
    def shown_columns(self) -> list[tuple[str, str]]:
        """The columns we have content for; a table without any gets the usual ones."""
        return [(key, header) for key, header in self.columns if key in _SHARES] or list(_DEFAULT_COLUMNS)


def print_read_table(table: ReadTable) -> PrintedTable:
    """A table just read, ready to be written again."""
    rows = [
        PrintedRow(task.number, task.category, task.task, task.lead, task.cooperating, task.measures, task.due)
        for task in table.tasks
    ]
    return PrintedTable(table.title, table.headings, table.columns, rows)


def table_docx(doc: PrintedTable) -> bytes:
    """The table as a Word paper: A4 across, 小标宋 title, head on every page, categories merged."""
    from chuangju.papers.official import OfficialPaper, PaperColumn  # noqa: PLC0415 - loading Word's library takes a while

    paper = OfficialPaper(is_landscape=True)
    for heading in doc.headings:
        paper.add_heading(heading)
    if doc.title:
        paper.add_title(doc.title)
    columns = [
        PaperColumn(header, _SHARES[key], is_centred=key in _CENTRED, is_merged=key == "category")
        for key, header in doc.shown_columns
    ]
    paper.add_table(columns, _cell_texts(doc))
    return paper.to_bytes()


def table_xlsx(doc: PrintedTable) -> bytes:
    """The table as a workbook: title and headings above it, categories merged, ready to print."""
    import xlsxwriter  # noqa: PLC0415 - readers of this module's types need no writer

    from chuangju.papers.sheets import Styles, fit_row, lay_out, sheet_name, write_cell  # noqa: PLC0415 - as above

    out = io.BytesIO()
    columns = doc.shown_columns
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, styles = book.add_worksheet(sheet_name(doc.title)), Styles(book)
        top = _write_above(sheet, styles, doc, len(columns))
        for place, (key, header) in enumerate(columns):
            write_cell(sheet, top, place, header, styles, base="header")
            sheet.set_column(place, place, _SHARES[key] * 1.1)
        texts = _cell_texts(doc)
        # Categories are merged over their rows and need no height of their own.
        widths = {place: _SHARES[key] * 1.1 for place, (key, _) in enumerate(columns) if key != "category"}
        for index, row in enumerate(texts, start=top + 1):
            if len(row) < len(columns):
                _write_across(sheet, styles, index, len(columns), row[0], font_name="黑体")
                continue
            for place, (key, _) in enumerate(columns):
                write_cell(sheet, index, place, int(row[place]) if key == "number" else row[place], styles)
            fit_row(sheet, index, [(row[place], width) for place, width in widths.items()])
        for place, (key, _) in enumerate(columns):
            if key == "category":
                _merge_equal(sheet, styles, [row[place] for row in texts], top + 1, place)
        lay_out(sheet, header_row=top)
        book.set_properties({"title": doc.title})
    return out.getvalue()


def _write_above(sheet: Any, styles: Any, doc: PrintedTable, width: int) -> int:
    """Headings and title in rows over the whole width; returns the row of the header."""
    for index, heading in enumerate(doc.headings):
        _write_across(sheet, styles, index, width, heading, font_name="黑体", font_size=14, border=0)
    row = len(doc.headings)
    if not doc.title:
        return row
    _write_across(
        sheet, styles, row, width, doc.title, font_name="方正小标宋简体", font_size=20, border=0, align="center"
    )
    sheet.set_row(row, 36)
    return row + 1


def _write_across(sheet: Any, styles: Any, row: int, width: int, text: str, **look: object) -> None:
    style = _text_style(styles, text, **look)
    if width > 1:
        sheet.merge_range(row, 0, row, width - 1, "", style)
    sheet.write_string(row, 0, text, style)


def _merge_equal(sheet: Any, styles: Any, texts: list[str], top: int, column: int) -> None:
    """Equal neighbours below one another become one merged cell."""
    start = 0
    for end in range(1, len(texts) + 1):
        if end < len(texts) and texts[end] == texts[start]:
            continue
        if end - start > 1 and texts[start]:
            style = _text_style(styles, texts[start], align="center")
            sheet.merge_range(top + start, column, top + end - 1, column, "", style)
            sheet.write_string(top + start, column, texts[start], style)
        start = end


def _text_style(styles: Any, text: str, **look: object) -> Any:
    """The look of a text that stays text when somebody edits it."""
    from chuangju.papers.sheets import is_dangerous  # noqa: PLC0415 - as above

    return styles.get(quote_prefix=True, **look) if is_dangerous(text) else styles.get(**look)


def _cell_texts(doc: PrintedTable) -> list[list[str]]:
    """The cells of each row; where categories have no column, a row of one cell stands above their tasks."""
    columns = doc.shown_columns
    has_column = any(key == "category" for key, _ in columns)
    rows: list[list[str]] = []
    past: str | None = None
    for row in doc.rows:
        category = row.category or (_NO_CATEGORY if past else "")
        if not has_column and category != (past or ""):
            rows.append([category])
        past = category or None
        rows.append([_cell_text(row, key, category) for key, _ in columns])
    return rows


def _cell_text(row: PrintedRow, key: str, category: str) -> str:
    if key == "measures":
        if len(row.measures) <= 1:
            return "".join(row.measures)
        return "\n".join(f"（{place}）{measure}" for place, measure in enumerate(row.measures, start=1))
    texts = {
        "number": str(row.number),
        "category": category,
        "task": row.task,
        "lead": "、".join(row.lead),
        "cooperating": "、".join(row.cooperating),
        "due": row.due or "",
    }
    return texts[key]
