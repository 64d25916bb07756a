"""读取任务表 - from a file to the programme's table, or to one sentence that says why not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from chuangju.papers.grids import Grid, UnreadableFile
from chuangju.papers.guard import read_in_child
from chuangju.papers.reading import read_grids
from chuangju.papers.sentences import name_file
from chuangju.programme.table.alignment import align_rows
from chuangju.programme.table.headers import Header, check_header, find_header
from chuangju.programme.table.loose_lines import regroup_lines
from chuangju.programme.table.numbers import parse_number
from chuangju.programme.table.result import ReadTable, UnreadableTable
from chuangju.programme.table.row_cells import shorten
from chuangju.programme.table.rows import Progress, RowCollector
from chuangju.programme.table.sections import lines_above, name_sections
from chuangju.programme.table.sentences import refuse, warn
from chuangju.programme.table.tasks import build_tasks
from chuangju.programme.table.titles import Title, find_title

SECONDS = 30
MEGABYTES = 512
_TALLEST_BANNER = 3
# — 2 —, 第 3 页 共 8 页
_PAGE_NUMBER = re.compile(r"[\s\-–—·]*(?:第\s*)?\d{1,4}\s*页?(?:\s*[/，,]?\s*共?\s*\d{1,4}\s*页?)?[\s\-–—·]*")


def read_table(path: Path, *, name: str | None = None, on_progress: Progress | None = None) -> ReadTable:
    """The table of the file; `name` is what its owner calls it. Raises UnreadableTable."""
    called = name or Path(path).name
    try:
        return assemble_table(read_grids(path, name=called), on_progress=on_progress)
    except UnreadableTable as refusal:
        part = refusal.params.get("part")
        raise name_file(refusal, f"{called}（{part}）" if part else called) from refusal
    except UnreadableFile as refusal:
        raise UnreadableTable(refusal.sentence, code=refusal.code, params=refusal.params) from refusal


def read_table_guarded(path: Path, *, name: str | None = None, on_progress: Progress | None = None) -> ReadTable:
    """The same, read in a child process with limits: for files that strangers made."""
    reader = "chuangju.programme.table.reader:read_for_child"
    try:
        found = read_in_child(reader, path, name=name, seconds=SECONDS, megabytes=MEGABYTES, on_progress=on_progress)
    except UnreadableFile as refusal:
        raise UnreadableTable(refusal.sentence, code=refusal.code, params=refusal.params) from refusal
    return ReadTable.from_dict(found)


def read_for_child(path: Path, *, name: str, on_progress: Progress) -> dict[str, Any]:
    """What the child process does."""
    return read_table(path, name=name, on_progress=on_progress).as_dict()


def assemble_table(grids: list[Grid], *, on_progress: Progress | None = None) -> ReadTable:
    """The table out of a file's grids: the first with a header, and those that go on with it."""
    if not grids or not any(grid.rows for grid in grids):
        raise refuse("no_header")
    found = [(grid, find_header(grid)) for grid in grids]
    if not any(header for _, header in found) and grids[0].source == "lines":
        regrouped = regroup_lines(grids[0])
        if regrouped:
            found = [(regrouped, find_header(regrouped))]
    first = _first_header(found)
    place = next(index for index, (_, header) in enumerate(found) if header is first)
    sections = name_sections(found[place:])
    title = _title_of(found[place][0], first, has_sheet_name=not sections)
    if not title.text and place and _is_banner(found[place - 1][0]):
        title = find_title([cell.text for row in found[place - 1][0].rows for cell in row])
    collector = RowCollector(title=title.text)
    if not title.text:
        collector.notice(None, warn("title_missing"))
    _notice_columns(collector, found[place][0], first)
    _collect_all(collector, first, found[place:], sections, on_progress)
    collector.finish()
    if not collector.tasks:
        raise refuse("no_rows", row=first.row)
    _notice_text_after(collector, [grid for grid, _ in found])
    tasks, warnings = build_tasks(collector)
    columns = [(key, header) for key, header in first.columns if key]
    return ReadTable(title.text, title.headings, columns, tasks, warnings)


def _first_header(found: list[tuple[Grid, Header | None]]) -> Header:
    headers = [header for _, header in found if header]
    complete = [header for header in headers if header.is_complete]
    if not headers:
        raise refuse("no_header")
    # A list of projects with its offices looks like a table of tasks too; words like 工作任务 tell them apart.
    chosen = max(complete, key=lambda header: header.certainty) if complete else headers[0]
    check_header(chosen)
    return chosen


def _title_of(grid: Grid, header: Header, *, has_sheet_name: bool = True) -> Title:
    """The title above a table; the sheet's name serves for one unless it names a category."""
    return find_title(lines_above(grid, header), sheet=grid.label if grid.source == "xlsx" and has_sheet_name else "")


def _is_banner(grid: Grid) -> bool:
    """Whether a table is only a frame around a title: every row of it one cell."""
    return len(grid.rows) <= _TALLEST_BANNER and all(len({cell.origin for cell in row}) == 1 for row in grid.rows)


def _notice_columns(collector: RowCollector, grid: Grid, header: Header) -> None:
    for place, (key, name) in enumerate(header.columns):
        if key == "other" and any(row[place].text.strip() for row in grid.rows[header.last + 1 :] if place < len(row)):
            collector.notice(header.row, warn("column_ignored", cell=name, column=name))
    if "measures" not in header.indices:
        collector.notice(header.row, warn("no_measures_column"))
    if "cooperating" not in header.indices:
        collector.notice(header.row, warn("no_cooperating_column"))


def _collect_all(
    collector: RowCollector,
    first: Header,
    found: list[tuple[Grid, Header | None]],
    sections: dict[int, str],
    on_progress: Progress | None,
) -> None:
    """Takes the rows of the table and of those that go on with it; `found` begins with the table itself."""
    current, width = first, found[0][0].width
    for place, (grid, header) in enumerate(found):
        collector.part = _name_part(grid) if sum(1 for other, _ in found if other.rows) > 1 else ""
        if header is None:
            if grid.rows and grid.width == width and (_goes_on(grid) or _counts_on(collector, grid, current)):
                collector.collect(grid, current, 0, on_progress)
        elif header.is_complete and header.certainty >= first.certainty:
            if place and place not in sections and _is_another_table(collector, grid, header):
                label = _title_of(grid, header).text or grid.label
                collector.notice(None, warn("table_ignored", label=label))
                continue
            check_header(header)
            current, width = header, grid.width
            align_rows(grid, header.last)
            if place in sections:
                collector.begin_category(sections[place])
            collector.collect(grid, header, header.last + 1, on_progress)


def _name_part(grid: Grid) -> str:
    """What the file calls the table: its sheet's name, or which table of the document it is."""
    return f"表{grid.label}" if grid.source == "docx" else grid.label


def _goes_on(grid: Grid) -> bool:
    """Whether a table without a header continues the one before it: nothing but a page break lies between."""
    between = [line.strip() for line in grid.before if line.strip()]
    return (
        grid.source == "docx"
        and "." not in grid.label
        and all(line.strip("（()）").startswith("续") or _PAGE_NUMBER.fullmatch(line) for line in between)
    )


def _counts_on(collector: RowCollector, grid: Grid, header: Header) -> bool:
    """Whether a table without a header begins with the number after the last one, whatever stands between."""
    if grid.source != "docx" or "number" not in header.indices or not collector.tasks:
        return False
    column = header.indices["number"][0]
    number = parse_number(grid.rows[0][column].text) if column < len(grid.rows[0]) else None
    last = parse_number(collector.tasks[-1].texts["number"])
    return number is not None and last is not None and number == last + 1


def _is_another_table(collector: RowCollector, grid: Grid, header: Header) -> bool:
    """Whether a later table with its own title or sheet counts from the beginning again."""
    if "number" not in header.indices:
        return False
    column = header.indices["number"][0]
    numbers = {parse_number(row[column].text) for row in grid.rows[header.last + 1 :] if column < len(row)} - {None}
    past = {parse_number(task.texts["number"]) for task in collector.tasks}
    has_own_title = grid.source == "xlsx" or bool(_title_of(grid, header).text)
    return has_own_title and bool(numbers & past)


def _notice_text_after(collector: RowCollector, grids: list[Grid]) -> None:
    lines = [line.strip() for line in grids[-1].after if line.strip()]
    collector.remarks.extend([*grids[-1].after, *(line for grid in grids for line in grid.before)])
    if lines:
        collector.notice(None, warn("text_ignored", text=shorten(" ".join(lines))))
