"""One programme in every shape of file that offices send."""

from __future__ import annotations

from collections.abc import Callable

from tests.programme.table.files import (
    HEADERS,
    TASKS,
    TITLE,
    C,
    cell_rows,
    csv_text,
    docx,
    led_text,
    number_list,
    paragraph,
    plain_word,
    word_row,
    word_table,
    xlsx,
)

HEAD = list(HEADERS)


def merged_word() -> bytes:
    rows: list[list[C | str]] = [list(HEAD)]
    past = ""
    for row in cell_rows():
        down = "continue" if row[1] == past else "restart"
        rows.append([row[0], C("" if down == "continue" else row[1], down=down), *row[2:]])
        past = row[1]
    return docx(paragraph("附件1") + paragraph("") + paragraph(TITLE) + word_table(rows))


def category_rows_word() -> bytes:
    rows: list[list[C | str]] = [[name for name in HEAD if name != "类别"]]
    past = ""
    for row in cell_rows():
        if row[1] != past:
            rows.append([C(f"{'一二三'[len({r[1] for r in cell_rows()[: int(row[0]) - 1]})]}、{row[1]}", span=5)])
            past = row[1]
        rows.append([row[0], *row[2:]])
    return docx(paragraph(TITLE) + word_table(rows))


def broken_over_pages_word() -> bytes:
    """The table ends, 续表 stands on the next page, and a new table repeats the header; a third does not."""
    rows = cell_rows()
    return docx(
        paragraph(TITLE)
        + word_table([HEAD, *rows[:2], HEAD])
        + paragraph("（续表）")
        + word_table([HEAD, *rows[2:4]])
        + paragraph("")
        + word_table([rows[4]])
    )


def among_other_tables_word() -> bytes:
    contacts = word_table([["序号", "单位", "联系人"], ["1", "区科委", "张三"]])
    letter = paragraph("各镇、街道：") + paragraph("现将分工印发给你们，请认真落实。") + contacts
    return docx(letter + paragraph("附件1") + paragraph(TITLE) + word_table([HEAD, *cell_rows()]) + contacts)


def controls_and_changes_word() -> bytes:
    """Content controls around table, row and cell; deleted text and a deleted row; a text box's old twin."""
    rows = cell_rows()
    inserted = '<w:p><w:ins w:id="1"><w:r><w:t>成立领导小组</w:t></w:r></w:ins><w:del w:id="2"><w:r><w:delText>撤销</w:delText>'
    inserted += "</w:r></w:del><w:r><w:t>并有效运作</w:t></w:r></w:p>"
    first = word_row(
        [rows[0][0], rows[0][1], C(inner=inserted), *rows[0][3:]], wrap="<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>"
    )
    gone = word_row(["99", "旧类别", "删去的任务", "区科委", "", ""], properties='<w:del w:id="3"/>')
    cell = C(rows[1][2]).xml()
    second = word_row(rows[1]).replace(cell, f"<w:sdt><w:sdtContent>{cell}</w:sdtContent></w:sdt>")
    table = word_table([HEAD, first, gone, second, *rows[2:]])
    return docx(paragraph(TITLE) + f"<w:sdt><w:sdtContent>{table}</w:sdtContent></w:sdt>")


def numbered_by_word() -> bytes:
    """Numbers of rows and of measures are Word's own lists and stand nowhere in the text."""
    lists = number_list(1, "decimal", "%1") + "".join(number_list(10 + n, "decimal", "（%1）") for n, *_ in TASKS)
    rows: list[list[C | str]] = [list(HEAD)]
    for number, category, task, lead, cooperating, measures in TASKS:
        listed = "".join(paragraph(text, number_id=10 + number if len(measures) > 1 else 0) for text in measures)
        rows.append(
            [
                C(inner=paragraph("", number_id=1)),
                category,
                task,
                "、".join(lead),
                "、".join(cooperating),
                C(inner=listed),
            ]
        )
    return docx(paragraph(TITLE) + word_table(rows), numbering=lists)


def two_row_header_word() -> bytes:
    upper: list[C | str] = [C(name, down="restart") for name in HEAD[:3]]
    upper += [C("责任分工", span=2), C(HEAD[5], down="restart")]
    lower: list[C | str] = [C(down="continue") for _ in range(3)]
    lower += ["牵头", "配合", C(down="continue")]
    return docx(paragraph(TITLE) + word_table([upper, lower, *cell_rows()]))


def legacy_merge_word() -> bytes:
    head = [C(TITLE, sideways="restart"), *[C(sideways="continue") for _ in range(5)]]
    return docx(word_table([head, HEAD, *cell_rows()]))


def rows_split_by_measure_word() -> bytes:
    """One row for each measure: number, category, task and units are merged downwards."""
    rows: list[list[C | str]] = [list(HEAD)]
    for row, (*_, measures) in zip(cell_rows(), TASKS, strict=True):
        for place, measure in enumerate(measures):
            down = "" if len(measures) == 1 else "continue" if place else "restart"
            cells: list[C | str] = [C("" if place else text, down=down) for text in row[:5]]
            rows.append([*cells, measure])
    return docx(paragraph(TITLE) + word_table(rows))


def inner_table_word() -> bytes:
    inner = paragraph(TITLE) + word_table([HEAD, *cell_rows()]) + paragraph("")
    return docx(word_table([[C(inner=inner)]]).replace("<w:tblGrid/>", "", 1))


def strict_word() -> bytes:
    body = paragraph(TITLE) + word_table([HEAD, *cell_rows()])
    return docx(body, namespace="http://purl.oclc.org/ooxml/wordprocessingml/main")


def reordered_sheet() -> bytes:
    head = ["责任\n单位", "编　号", "重点任务", "具体举措", "协办单位", "工作 类别"]
    order = [3, 0, 2, 5, 4, 1]
    lines: list[list[object]] = [[TITLE], [], head]
    lines += [[float(row[0]) if column == 0 else row[column] for column in order] for row in cell_rows()]
    return xlsx(
        [*lines, ["注：本表由创建办负责解释。"], ["填表人：张三", "", "", "联系电话：5412"]], merges=[(0, 0, 0, 5)]
    )


def merged_sheet() -> bytes:
    lines: list[list[object]] = [["附件1"], [TITLE], HEAD]
    lines += [[int(row[0]), *row[1:]] for row in cell_rows(blank_repeats=True)]
    return xlsx(lines, merges=[(0, 0, 0, 5), (1, 0, 1, 5), (4, 1, 5, 1), (6, 1, 7, 1)])


def second_sheet() -> bytes:
    cover = [["填报说明"], ["请各单位认真填写。"]]
    return xlsx(cover, sheet="说明", others={"分解表": [[TITLE], HEAD, *cell_rows()], "备用": []})


def category_rows_sheet() -> bytes:
    lines: list[list[object]] = [[TITLE], [name for name in HEAD if name != "类别"]]
    past = ""
    for row in cell_rows():
        if row[1] != past:
            lines.append([row[1]])
            past = row[1]
        lines.append([int(row[0]), *row[2:]])
    return xlsx([*lines, ["合计", "5 项"]])


def quoted_csv() -> bytes:
    return csv_text([[TITLE, *[""] * 5], HEAD, *cell_rows()]).encode("utf-8-sig")


def semicolon_csv() -> bytes:
    return csv_text([[TITLE, *[""] * 5], HEAD, *cell_rows()], ";").encode("gb18030")


def tabbed_rows() -> bytes:
    return (TITLE + "\n" + csv_text([HEAD, *cell_rows()], "\t")).encode("utf-16")


def led_cells() -> bytes:
    return led_text([HEAD, *cell_rows(blank_repeats=True)], before=f"\n附件1\n{TITLE}\n").encode()


def led_cells_gb18030() -> bytes:
    text = led_text([HEAD, *cell_rows()], before=f"附件1：{TITLE}\n").replace("\n", "\r\n")
    return text.encode("gb18030")


def bare_lines() -> bytes:
    lines = [TITLE, *HEAD]
    for row in cell_rows():
        lines += row
    return "\n".join(lines).encode("utf-16-le")


def drawn_with_bars() -> bytes:
    rows = [HEAD, ["---"] * 6, *[[cell.replace("\n", "<br>") for cell in row] for row in cell_rows()]]
    return (f"{TITLE}\n\n" + "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n").encode()


SHAPES: dict[str, Callable[[], bytes]] = {
    builder.__name__: builder
    for builder in (
        plain_word, merged_word, category_rows_word, broken_over_pages_word, among_other_tables_word,
        controls_and_changes_word, numbered_by_word, two_row_header_word, legacy_merge_word, rows_split_by_measure_word,
        inner_table_word, strict_word, reordered_sheet, merged_sheet, second_sheet, category_rows_sheet, quoted_csv,
        semicolon_csv, tabbed_rows, led_cells, led_cells_gb18030, bare_lines, drawn_with_bars,
    )
}  # fmt: skip
