"""The same programme once more, in the shapes that come out of offices by accident and by habit."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Sequence

import docx as word

from tests.programme.table.files import (
    HEADERS,
    TITLE,
    C,
    cell_rows,
    csv_text,
    docx,
    led_text,
    paragraph,
    word_table,
    xlsx,
)

HEAD = list(HEADERS)
WITHOUT_CATEGORY = [HEAD[0], *HEAD[2:]]


def _by_category(*, restart: bool = False) -> dict[str, list[list[str]]]:
    groups: dict[str, list[list[str]]] = {}
    for number, category, *rest in cell_rows():
        rows = groups.setdefault(category, [])
        rows.append([str(len(rows) + 1) if restart else number, *rest])
    return groups


def dragged_borders_word() -> bytes:
    """Borders of the rows lie beside those of the header; categories are merged downwards."""
    head = [C(HEAD[0], span=2), C(HEAD[1]), C(HEAD[2]), C(HEAD[3]), C(HEAD[4], span=2), C(HEAD[5])]
    rows: list[Sequence[C | str]] = [head]
    past = ""
    for number, category, task, lead, cooperating, measures in cell_rows():
        goes_on = category == past
        merged = C("" if goes_on else category, span=2, down="continue" if goes_on else "restart")
        rows.append([number, merged, task, lead, cooperating, C(measures, span=2)])
        past = category
    return docx(paragraph(TITLE) + word_table(rows))


def _tables_by_category(marker: Callable[[int], str], *, restart: bool) -> bytes:
    body = paragraph("附件1") + paragraph(TITLE)
    for place, (category, rows) in enumerate(_by_category(restart=restart).items()):
        body += paragraph("") + paragraph(marker(place) + category) + word_table([WITHOUT_CATEGORY, *rows])
    return docx(body)


def a_table_for_each_category_word() -> bytes:
    return _tables_by_category(lambda place: f"{'一二三'[place]}、", restart=False)


def each_category_counts_anew_word() -> bytes:
    return _tables_by_category(lambda place: f"（{'一二三'[place]}）", restart=True)


def category_above_each_header_word() -> bytes:
    body = paragraph(TITLE)
    for place, (category, rows) in enumerate(_by_category().items()):
        above = [C(f"{'一二三'[place]}、{category}", span=5)]
        body += word_table([above, WITHOUT_CATEGORY, *rows]) + paragraph("")
    return docx(body)


def counted_category_rows_word() -> bytes:
    rows: list[Sequence[C | str]] = [WITHOUT_CATEGORY]
    for place, (category, tasks) in enumerate(_by_category().items()):
        rows += [["一二三"[place], C(f"{category}（共{len(tasks)}项）", span=4)], *tasks]
    return docx(paragraph(TITLE) + word_table(rows))


def counted_category_rows_sheet() -> bytes:
    rows: list[list[str]] = [[TITLE], WITHOUT_CATEGORY]
    for place, (category, tasks) in enumerate(_by_category().items()):
        rows += [["一二三"[place], category], *tasks]
    return xlsx(rows)


def page_numbers_between_word() -> bytes:
    """Every page its own table, only the first with a header, page numbers between them."""
    rows = cell_rows()
    body = paragraph(TITLE) + word_table([HEAD, *rows[:2]]) + paragraph("— 2 —")
    return docx(body + word_table(rows[2:4]) + paragraph("第 3 页 共 3 页") + word_table(rows[4:]))


def words_between_word() -> bytes:
    rows = cell_rows()
    between = paragraph("闵行区创建办编制")
    return docx(paragraph(TITLE) + word_table([HEAD, *rows[:2]]) + between + word_table(rows[2:]))


def framed_title_word() -> bytes:
    return docx(word_table([[TITLE]]) + word_table([HEAD, *cell_rows()]))


def library_made_word() -> bytes:
    """As programs make it: styles, merged cells that keep both texts."""
    document = word.Document()
    document.add_paragraph("附件1")
    document.add_heading(TITLE, 0)
    table = document.add_table(rows=1, cols=6)
    for cell, header in zip(table.rows[0].cells, HEAD, strict=True):
        cell.text = header
    for row in cell_rows():
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = value
    table.cell(2, 1).merge(table.cell(3, 1))
    table.cell(4, 1).merge(table.cell(5, 1))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def a_sheet_for_each_category() -> bytes:
    sheets = {name: [[TITLE], WITHOUT_CATEGORY, *rows] for name, rows in _by_category().items()}
    first, *others = sheets.items()
    return xlsx(first[1], sheet=first[0], others=dict(others))


def each_sheet_counts_anew() -> bytes:
    sheets = {name: [[TITLE], WITHOUT_CATEGORY, *rows] for name, rows in _by_category(restart=True).items()}
    first, *others = sheets.items()
    return xlsx(first[1], sheet=first[0], others=dict(others))


def coded_numbers_sheet() -> bytes:
    codes = ["1-1", "2-1", "2-2", "3-1", "3-2"]
    return xlsx([[TITLE], HEAD, *[[code, *row[1:]] for code, row in zip(codes, cell_rows(), strict=True)]])


def roman_numbers_sheet() -> bytes:
    return xlsx([[TITLE], HEAD, *[[sign, *row[1:]] for sign, row in zip("ⅠⅡⅢⅣⅤ", cell_rows(), strict=True)]])


def numbers_twice_sheet() -> bytes:
    return xlsx([[TITLE], HEAD, *[[row[0], row[1], f"{row[0]}.{row[2]}", *row[3:]] for row in cell_rows()]])


def spacer_columns_sheet() -> bytes:
    lines = [[row[0], "", row[1], "", *row[2:]] for row in [HEAD, *cell_rows()]]
    return xlsx([[], [], [TITLE], *lines])


def english_headers_sheet() -> bytes:
    head = ["S/N", "Type", "Work item", "Responsible unit", "Supporting units", "Action plan"]
    return xlsx([[TITLE], head, *cell_rows()])


def headers_in_two_languages_word() -> bytes:
    english = ("No.", "Category", "Task", "Lead", "Support", "Measures")
    head = [f"{ours}\n{theirs}" for ours, theirs in zip(HEAD, english, strict=True)]
    return docx(paragraph(TITLE) + word_table([head, *cell_rows()]))


def responsible_beside_lead_csv() -> bytes:
    head = ["序号", "类别", "任务清单", "牵头单位", "责任单位", "推进举措"]
    return csv_text([[TITLE, *[""] * 5], head, *cell_rows()]).encode("utf-8-sig")


def sign_line_csv() -> bytes:
    return ("sep=;\n" + csv_text([[TITLE, *[""] * 5], HEAD, *cell_rows()], ";")).replace("\n", "\r\n").encode("gb18030")


def spaces_after_commas_csv() -> bytes:
    rows = [[TITLE, *[""] * 5], HEAD, *cell_rows()]
    return "\n".join(", ".join(f'"{value}"' for value in row) for row in rows).encode()


def literal_numbers_csv() -> bytes:
    rows = [[f'="{row[0]}"', *row[1:]] for row in cell_rows()]
    return csv_text([[TITLE, *[""] * 5], HEAD, *rows]).encode("gb18030")


def drawn_with_boxes() -> bytes:
    rule = "├──┼──┼──┼──┼──┼──┤"
    lines = [TITLE, rule.replace("├", "┌"), _boxed(HEAD)]
    for row in cell_rows():
        cells = [cell.split("\n") for cell in row]
        lines += [_boxed(line) for line in itertools.zip_longest(*cells, fillvalue="")]
        lines.append(rule)
    return "\n".join(lines).encode("gb18030")


def _boxed(cells: Sequence[str]) -> str:
    return "│" + "│".join(f" {cell} " for cell in cells) + "│"


def bars_without_edges() -> bytes:
    rows = [HEAD, ["---"] * 6, *[[cell.replace("\n", "<br>") for cell in row] for row in cell_rows()]]
    return (f"{TITLE}\n\n" + "\n".join(" | ".join(row) for row in rows)).encode()


def columns_of_spaces() -> bytes:
    rows = [HEAD, *[[cell.replace("\n", "") for cell in row] for row in cell_rows()]]
    widths = [max(_width(row[place]) for row in rows) + 2 for place in range(6)]
    lines = [
        "".join(cell + " " * (wide - _width(cell)) for cell, wide in zip(row, widths, strict=True)) for row in rows
    ]
    return (TITLE + "\n\n" + "\n".join(lines)).encode()


def _width(text: str) -> int:
    return sum(1 if sign.isascii() or sign in "“”" else 2 for sign in text)


def spaces_for_tabs() -> bytes:
    return led_text([HEAD, *cell_rows()], before=TITLE + "\n").replace("\t", "    ").encode()


ODD_SHAPES: dict[str, Callable[[], bytes]] = {
    builder.__name__: builder
    for builder in (
        dragged_borders_word, a_table_for_each_category_word, each_category_counts_anew_word,
        category_above_each_header_word, counted_category_rows_word, counted_category_rows_sheet, page_numbers_between_word,
        words_between_word, framed_title_word, library_made_word, a_sheet_for_each_category, each_sheet_counts_anew,
        coded_numbers_sheet, roman_numbers_sheet, numbers_twice_sheet, spacer_columns_sheet, english_headers_sheet,
        headers_in_two_languages_word, responsible_beside_lead_csv, sign_line_csv, spaces_after_commas_csv,
        literal_numbers_csv, drawn_with_boxes, bars_without_edges, columns_of_spaces, spaces_for_tabs,
    )
}  # fmt: skip
