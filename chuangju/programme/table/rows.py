"""Rows - what each row below the header is: a task, more of the task above, a category, the header again, a note."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from chuangju.papers.grids import Cell, Grid
from chuangju.programme.table.categories import clean_category, is_none_sign
from chuangju.programme.table.header_words import plain_header
from chuangju.programme.table.headers import Header
from chuangju.programme.table.numbers import parse_number
from chuangju.programme.table.result import TableWarning
from chuangju.programme.table.row_cells import cells_of, own_cells, plain_row, shorten, text_of
from chuangju.programme.table.sentences import refuse, warn

Progress = Callable[[int, int], None]

# Lines of a form below the table; they may be spread over several cells.
_NOTE = re.compile(
    r"^[*※（(【]?\s*(?:注\s*[:：\d]|备\s*注\s*[:：]|说\s*明\s*[:：]|附\s*注\s*[:：]|填\s*(?:表|报)\s*(?:人|单位|日期|说明|时间)|制\s*表|"
    r"联系人\s*[:：]|联系电话|审\s*[核批]\s*[:：人]|负责人\s*[:：]|签\s*[字章名]\s*[:：]|盖\s*章|日\s*期\s*[:：]|数据来源\s*[:：])"
)
# Openings of a remark, which are the opening of a task as well and so count only where nothing else is in the row.
_REMARK = re.compile(r"^[*※（(【]?\s*(?:注|备\s*注|说\s*明|附\s*注|以上|本表|报送)")
_SUM = re.compile(r"^(?:合|小|总|共)\s*计")
_CONTINUED = re.compile(r"^[（(]?\s*(?:续\s*(?:上\s*)?表|接\s*(?:上|下)\s*页|续)\s*\d*\s*[）)]?$")
_SAME_AS_ABOVE = re.compile(r"同\s*[上前]|同上[行栏项]|[〃″]|ditto", re.IGNORECASE)
_CHINESE_NUMBER = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[）)、.．]?")
_COUNTED_CELLS = 2
_LONGEST_CATEGORY = 100
_REPORT_EVERY = 200
# 填表人：… | 联系电话：… | 日期：…
_NOTE_CELLS = 4


@dataclass(slots=True)
class RawTask:
    """The cells of one task as they stand in the file, gathered from all of its rows."""

    row: int
    header: Header
    category: str | None
    texts: dict[str, str]
    # Which table of the file it stands in, where there are several.
    part: str = ""
    # The number stands in a merged cell that began at an earlier task.
    shares_number: bool = False


@dataclass(slots=True)
class Noticed:
    """A warning before the numbers of tasks are known."""

    row: int | None
    warning: TableWarning
    task: RawTask | None = None


@dataclass(slots=True)
class _Section:
    """A row that names a category for the tasks below it, if there are any."""

    row: int
    text: str
    name: str
    is_used: bool = False


@dataclass(slots=True)
class RowCollector:
    """Gathers the tasks of all parts of a table."""

    title: str = ""
    part: str = ""
    tasks: list[RawTask] = field(default_factory=list)
    # Whole texts of notes around the table, which may say how to read it.
    remarks: list[str] = field(default_factory=list)
    noticed: list[Noticed] = field(default_factory=list)
    _category: str | None = None
    _section: _Section | None = None
    _header: Header | None = None
    _source: str = ""
    _printed: set[tuple[str, ...]] = field(default_factory=set)
    _strays: set[int] = field(default_factory=set)
    # Whether tasks are numbered in digits, so that 一 and 二 count categories.
    _counts_in_digits: bool = False
    _seen_categories: set[tuple[int, int]] = field(default_factory=set)

    def collect(self, grid: Grid, header: Header, start: int, on_progress: Progress | None = None) -> None:
        """Takes the rows of a grid from `start` on under that header."""
        self._header, self._source = header, grid.source
        for row in grid.rows[header.first : header.last + 1] if start > header.last else ():
            self._printed.add(plain_row(row))
        self._seen_categories.clear()
        self._counts_in_digits = any(text_of(row, header, "number").isdigit() for row in grid.rows[start:])
        total = len(grid.rows)
        for place, row in enumerate(grid.rows[start:], start=start):
            self._take(row, header)
            if on_progress and (place % _REPORT_EVERY == 0 or place + 1 == total):
                on_progress(place + 1, total)

    def begin_category(self, name: str) -> None:
        """The rows that follow are of a category named outside of the table."""
        self._open_section(None)
        self._category = name

    def finish(self) -> None:
        """The table is over: a category row without tasks was only a line of text."""
        self._open_section(None)
        last = self.tasks[-1] if self.tasks else None
        if last and self._source == "text":
            self._cut_trailing_note(last)

    def notice(self, row: int | None, warning: TableWarning, task: RawTask | None = None) -> None:
        """Remembers a warning with the row it belongs to."""
        self.noticed.append(Noticed(row, warning, task))

    def _take(self, row: list[Cell], header: Header) -> None:
        own = own_cells(row)
        if not own or plain_row(row) in self._printed:
            return
        self._check_width(row, header)
        first = own[0].text.strip()
        if self._is_note(first, row, own, header):
            self._ignore(own)
        elif self._is_line(row, own, header):
            self._take_line(own)
        elif self._is_counted_category(row, own, header):
            self._take_line(own[1:])
        elif self._continues(row, header):
            self._extend(row, own, header)
        else:
            self._add(row, header)

    def _is_note(self, first: str, row: list[Cell], own: list[Cell], header: Header) -> bool:
        """Whether the row says something about the table (注：…, 合计, 填表人：…) and is no part of it."""
        if parse_number(text_of(row, header, "number")) is not None:
            return False
        if len(own) == 1 and _REMARK.match(first):
            return True
        return bool(_SUM.match(first) or (_NOTE.match(first) and len(own) <= _NOTE_CELLS))

    def _check_width(self, row: list[Cell], header: Header) -> None:
        width = len(header.columns)
        for place, cell in enumerate(row):
            is_beyond = place >= width
            if not cell.text.strip() or cell.merged_from or not (is_beyond or not header.columns[place][0]):
                continue
            if is_beyond and self._source == "csv":
                last = header.columns[-1][1]
                raise refuse("row_too_wide", row=cell.row, count=len(row), width=width, column=last)
            if place not in self._strays:
                self._strays.add(place)
                self.notice(cell.row, warn("cell_ignored", line=cell.row, text=shorten(cell.text)))

    def _is_line(self, row: list[Cell], own: list[Cell], header: Header) -> bool:
        """Whether the row is one text and no task: over the whole width, or alone in a cell that cannot hold it."""
        if len(own) != 1:
            return False
        cell = own[0]
        span = [place for place, other in enumerate(row) if other.origin == cell.origin]
        carried = [other for other in row if other.text.strip() and other.origin[0] < row[0].row]
        if len(span) > 1 and len(span) >= len(header.columns) // 2 and not carried:
            return True
        key = header.columns[span[0]][0] if span[0] < len(header.columns) else ""
        if key == "number":
            return parse_number(cell.text) is None
        if key == "category":
            return not carried
        if key == "task":
            return "category" not in header.indices and not carried
        return not self.tasks or key not in {"lead", "cooperating", "measures", "due"}

    def _is_counted_category(self, row: list[Cell], own: list[Cell], header: Header) -> bool:
        """一 | 组织领导: a category with its own number, over the columns of task and units or of another kind of number."""
        if len(own) != _COUNTED_CELLS or "number" not in header.indices or "category" in header.indices:
            return False
        number, name = (cells[0] for cells in (cells_of(row, header, "number"), cells_of(row, header, "task")))
        if own != [number, name]:
            return False
        lead = cells_of(row, header, "lead")[0]
        if lead.origin == name.origin:
            return True
        return self._counts_in_digits and bool(_CHINESE_NUMBER.fullmatch(number.text.strip()))

    def _take_line(self, own: list[Cell]) -> None:
        text = own[0].text.strip()
        name, _ = clean_category(text)
        if _CONTINUED.match(text) or plain_header(text) == plain_header(self.title):
            return
        if is_none_sign(text):
            self._open_section(None)
            self._category = None
            return
        if not name or len(name) > _LONGEST_CATEGORY or re.search(r"[。；;：:]$", name):
            self._ignore(own)
            return
        self._open_section(_Section(own[0].row, text, name))
        self._category = name

    def _open_section(self, section: _Section | None) -> None:
        past = self._section
        if past and not past.is_used:
            self.notice(past.row, warn("row_ignored", line=past.row, text=shorten(past.text)))
        self._section = section

    def _continues(self, row: list[Cell], header: Header) -> bool:
        """Whether the row only goes on with the task above it (one row for each of its measures, a page break)."""
        if not self.tasks:
            return False
        cells = {key: cells_of(row, header, key)[0] for key in ("number", "task", "lead") if key in header.indices}
        empty = {key for key, cell in cells.items() if not cell.text.strip()}
        carried = {key for key, cell in cells.items() if key not in empty and cell.origin[0] < row[0].row}
        if "task" not in empty | carried or ("number" in cells and "number" not in empty | carried):
            return False
        # A lead of its own under an empty task is a task without a name, unless the file shows that they are merged.
        return "lead" in empty | carried or "task" in carried

    def _extend(self, row: list[Cell], own: list[Cell], header: Header) -> None:
        task = self.tasks[-1]
        for key in ("lead", "cooperating", "measures", "due"):
            for cell in cells_of(row, header, key):
                text = cell.text.strip()
                if cell in own and text and text != task.texts[key]:
                    # A row cut by the end of a page goes on in the middle of its sentence.
                    is_cut = key != "measures" or re.search(r"[，、：,:]$", task.texts[key])
                    between = "\n" if is_cut else "\n\n"
                    task.texts[key] = between.join(part for part in (task.texts[key], text) if part)

    def _add(self, row: list[Cell], header: Header) -> None:
        texts = {key: text_of(row, header, key) for key in ("number", "task", "lead", "cooperating", "measures", "due")}
        if self.tasks:
            for key in ("lead", "cooperating", "measures", "due"):
                if _SAME_AS_ABOVE.fullmatch(texts[key]):
                    texts[key] = self.tasks[-1].texts[key]
        place = row[0].row
        self._check_filled(texts, header, place)
        task = RawTask(place, header, None, texts, self.part)
        task.category = self._category_of(row, header, task)
        if self._section and task.category == self._section.name:
            self._section.is_used = True
        if "number" in header.indices:
            cell = cells_of(row, header, "number")[0]
            task.shares_number = bool(cell.text.strip()) and cell.origin[0] < place
        self.tasks.append(task)

    def _check_filled(self, texts: dict[str, str], header: Header, place: int) -> None:
        number = parse_number(texts["number"])
        for key in ("task", "lead"):
            if is_none_sign(texts[key]):
                code = f"no_{key}" if number is not None else f"no_{key}_unnumbered"
                raise refuse(code, row=place, number=number, column=header.name(key), part=self.part)

    def _category_of(self, row: list[Cell], header: Header, task: RawTask) -> str | None:
        if "category" not in header.indices:
            return self._category
        cell = cells_of(row, header, "category")[0]
        if not cell.text.strip() or _SAME_AS_ABOVE.fullmatch(cell.text.strip()):
            return self._category
        name, is_repeated = clean_category(cell.text)
        if is_repeated and cell.origin not in self._seen_categories:
            self.notice(task.row, warn("category_repeated", cell=header.name("category"), category=name), task)
        self._seen_categories.add(cell.origin)
        self._category = name or None
        return self._category

    def _ignore(self, own: list[Cell]) -> None:
        text = " ".join(cell.text.strip() for cell in own)
        self.remarks.append(text)
        self.notice(own[0].row, warn("row_ignored", line=own[0].row, text=shorten(text)))

    def _cut_trailing_note(self, task: RawTask) -> None:
        for key, text in task.texts.items():
            match = re.search(r"\n\s*\n\s*((?:注|备注|说明|附注)\s*[:：].*)$", text, re.DOTALL)
            if match:
                task.texts[key] = text[: match.start()]
                self.notice(None, warn("text_ignored", text=shorten(match[1])))
