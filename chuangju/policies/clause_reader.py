"""条款识别 - from the text of a policy package to its numbered clauses; pure, and fit to run in a child process.

The text stands as it was written. Recognised are 第一条, 一、, （一）, 1. and （1）; the style whose numbers run on from 1
through the whole text numbers the clauses, and another one above it its chapters. A sheet with the columns 序号 and 内容
is read row by row.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from chuangju.papers.decoding import decode_text
from chuangju.papers.grids import Grid
from chuangju.papers.prose import read_prose
from chuangju.papers.reading import read_grids

LONGEST_HEADING, LONGEST_TEXT, LONGEST_UNIT = 200, 5000, 200
MOST_CLAUSES = 200
_HEAD_WITHIN = 10
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_COUNT = r"[零〇一二三四五六七八九十百两]{1,6}|\d{1,3}"
# In the order in which one style stands above another.
STYLES: dict[str, re.Pattern[str]] = {
    "article": re.compile(rf"第\s*({_COUNT})\s*条\s*[、.．：:]?\s*"),
    "chapter": re.compile(rf"第\s*({_COUNT})\s*[章节部分]+\s*[、.．：:]?\s*"),
    "chinese": re.compile(r"([零〇一二三四五六七八九十百]{1,6})\s*[、.．]\s*"),
    "chinese_in_brackets": re.compile(r"[（(]\s*([零〇一二三四五六七八九十百]{1,6})\s*[）)]\s*[、.．]?\s*"),
    "figure": re.compile(r"(\d{1,3})\s*[、.．](?!\d)\s*"),
    "figure_in_brackets": re.compile(r"[（(]\s*(\d{1,3})\s*[）)]\s*[、.．]?\s*"),
}
_UNITS = re.compile(
    r"[（(【\[]?\s*(?:责任单位|牵头单位|牵头部门|责任部门|主责部门)\s*[：:]\s*([^）)】\]\n]+)[）)】\]]?\s*[。.]?"
)
_POLICY = re.compile(r"[（(【\[]?\s*政策编号\s*[：:]\s*([a-z][a-z0-9_]{2,79})\s*[）)】\]]?")
_SENTENCE_END = re.compile(r"[。；;：:]")
_COLUMNS = {
    "number": ("序号", "编号", "条款", "条目", "条"),
    "heading": ("标题", "条款标题", "名称", "事项", "政策名称"),
    "text": ("内容", "条款内容", "正文", "具体内容", "条款正文", "政策内容"),
    "unit": ("责任单位", "牵头单位", "责任部门", "牵头部门"),
    "policy": ("政策编号",),
    "chapter": ("章节", "类别", "板块"),
}


@dataclass
class ReadClause:
    """One clause as it stands in the file: its line there, its number as a figure and as written."""

    line: int
    number: int
    printed: str
    heading: str = ""
    text: str = ""
    chapter: str = ""
    unit: str = ""
    policy: str = ""


@dataclass
class ClauseFault:
    """What is wrong at a line: a code of package_sentences with its values; a `warning` does not hinder the import."""

    line: int
    code: str
    values: dict[str, Any] = field(default_factory=dict)
    is_warning: bool = False


@dataclass
class ReadPackage:
    """Everything that was read: title, what stands before the first clause, clauses, faults."""

    title: str = ""
    preamble: list[str] = field(default_factory=list)
    style: str = ""
    clauses: list[ReadClause] = field(default_factory=list)
    faults: list[ClauseFault] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """As it passes from the child process and into the database."""
        return asdict(self)


def read_package(
    path: Path, *, name: str | None = None, on_progress: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    """The clauses of a docx, xlsx, csv or text file; raises UnreadableFile. Made to be called through `read_in_child`."""
    del on_progress
    lines = _lines_of(path, name)
    if any("\t" in line for line in lines) or _is_workbook(path):
        for grid in read_grids(path, name=name):
            read = read_sheet(grid)
            if read is not None:
                return read.as_json()
    return read_clauses(lines).as_json()


def _lines_of(path: Path, name: str | None) -> list[str]:
    """The lines of a file; of plain text all of them, so that a fault names the line that an editor shows."""
    lines = [str(line) for line in read_prose(path, name=name)["lines"]]
    return lines if zipfile.is_zipfile(path) else decode_text(path.read_bytes()).split("\n")


def read_clauses(lines: Sequence[str]) -> ReadPackage:
    """The clauses of a text by its lines, which are counted from 1."""
    found = ReadPackage(style=_clause_style(lines))
    if not found.style:
        found.faults.append(ClauseFault(1, "no_clauses"))
        return found
    above = [each for each in STYLES if list(STYLES).index(each) < list(STYLES).index(found.style)] + ["chapter"]
    chapter, current = "", None
    for number, line in enumerate(lines, 1):
        words = " ".join(line.replace("\t", " ").split())
        if not words:
            continue
        head = STYLES[found.style].match(words)
        if head is not None:
            current = _begin(number, words, head, chapter)
            found.clauses.append(current)
        elif (found.style != "article" and _is_chapter(words, above)) or STYLES["chapter"].match(words):
            chapter, current = words[:100], None
        elif current is not None:
            current.text = f"{current.text}\n{words}".strip()
        elif not found.clauses:
            found.preamble.append(words)
    found.title = found.preamble[0][:LONGEST_HEADING] if found.preamble else ""
    _finish(found)
    return found


def read_sheet(grid: Grid) -> ReadPackage | None:
    """The clauses of a sheet with the columns 序号 and 内容 (or 标题); None for any other table."""
    places, head_row = _columns_of(grid)
    if not {"number"} < set(places) or not {"heading", "text"} & set(places):
        return None
    found = ReadPackage(style="sheet", preamble=[line for line in grid.before if line.strip()])
    above = [cell.text for row in grid.rows[:_HEAD_WITHIN] for cell in row if cell.row < head_row and cell.text.strip()]
    found.preamble += list(dict.fromkeys(above))
    found.title = found.preamble[0][:LONGEST_HEADING] if found.preamble else ""
    for row in grid.rows:
        if not row or row[0].row <= head_row:
            continue
        cells = {key: row[place].text.strip() for key, place in places.items() if place < len(row)}
        if not any(cells.values()):
            continue
        count = _count_in(cells.get("number", ""))
        if count is None:
            found.faults.append(ClauseFault(row[0].row, "no_number", {"text": cells.get("number", "")[:20]}))
            continue
        found.clauses.append(_clause_of(row[0].row, count, cells))
    _finish(found)
    return found


def _clause_of(line: int, count: int, cells: dict[str, str]) -> ReadClause:
    text = cells.get("text", "")
    clause = ReadClause(line, count, cells.get("number", ""), chapter=cells.get("chapter", "")[:100])
    clause.heading, clause.text = cells.get("heading", ""), text
    clause.unit, clause.policy = cells.get("unit", "")[:LONGEST_UNIT], cells.get("policy", "")
    if not clause.heading:
        clause.heading, clause.text = _part_heading(" ".join(text.split("\n")[:1]), text.split("\n")[1:])
    return clause


def _columns_of(grid: Grid) -> tuple[dict[str, int], int]:
    """The places of the columns by their meaning, and the row of the head."""
    for row in grid.rows[:_HEAD_WITHIN]:
        places: dict[str, int] = {}
        for place, cell in enumerate(row):
            key = next((key for key, names in _COLUMNS.items() if "".join(cell.text.split()) in names), "")
            if key and key not in places:
                places[key] = place
        if {"number"} < set(places):
            return places, row[0].row
    return {}, 0


def _is_workbook(path: Path) -> bool:
    return path.suffix.lower() in {".xlsx", ".csv"} or path.read_bytes()[:4] == b"PK\x03\x04"


def _clause_style(lines: Sequence[str]) -> str:
    """The style that numbers the clauses: 第…条 where there is any, else the one whose numbers run on longest."""
    runs = {style: _longest_run(lines, pattern) for style, pattern in STYLES.items() if style != "chapter"}
    if runs["article"]:
        return "article"
    # Of two that run equally far the lower one numbers the clauses, the other their chapters.
    best = max(runs, key=lambda style: (runs[style], list(STYLES).index(style)))
    return best if runs[best] > 1 else ""


def _longest_run(lines: Sequence[str], pattern: re.Pattern[str]) -> int:
    """How far a style counts on from 1 through the whole text; what begins anew at 1 numbers parts of something else."""
    reached, restarts = 0, 0
    for line in lines:
        found = pattern.match(line.strip())
        count = _count_in(found[1]) if found else None
        if count == reached + 1:
            reached = count
        elif count == 1:
            restarts += 1
    return 0 if restarts else reached


def _is_chapter(words: str, styles: Sequence[str]) -> bool:
    return any(STYLES[style].match(words) for style in styles)


def _begin(line: int, words: str, head: re.Match[str], chapter: str) -> ReadClause:
    clause = ReadClause(line, _count_in(head[1]) or 0, head[0].strip(), chapter=chapter)
    clause.heading = words[head.end() :].strip()
    # Taken out first: their colons end no heading.
    _take_names(clause)
    clause.heading, clause.text = _part_heading(clause.heading, [])
    return clause


def _part_heading(first: str, more: Sequence[str]) -> tuple[str, str]:
    """Heading and text: a short line is the heading, of a long one its first sentence."""
    end = _SENTENCE_END.search(first)
    body = "\n".join(each for each in more if each.strip())
    if end is None or end.end() == len(first):
        heading = first.rstrip("。；;：:")
        return (
            (heading, body)
            if len(heading) <= LONGEST_HEADING
            else (heading[:LONGEST_HEADING], f"{first}\n{body}".strip())
        )
    return first[: end.start()][:LONGEST_HEADING], f"{first[end.end() :].strip()}\n{body}".strip()


def _finish(found: ReadPackage) -> None:
    """Take units and policies out of the text, and say what is wrong with the clauses."""
    for clause in found.clauses:
        _take_names(clause)
    found.faults += list(_faults_of(found.clauses))
    found.faults.sort(key=lambda fault: fault.line)


def _take_names(clause: ReadClause) -> None:
    """Unit and policy, where the clause names them in its text and not in a column."""
    clause.unit = clause.unit or _taken(clause, _UNITS)[:LONGEST_UNIT]
    clause.policy = clause.policy or _taken(clause, _POLICY)


def _taken(clause: ReadClause, pattern: re.Pattern[str]) -> str:
    """What a pattern finds in a clause; the place where it stood is closed."""
    for part in ("heading", "text"):
        words = getattr(clause, part)
        found = pattern.search(words)
        if found is not None:
            setattr(clause, part, (words[: found.start()] + words[found.end() :]).strip())
            return found[1].strip(" 。")
    return ""


def _faults_of(clauses: Sequence[ReadClause]) -> Iterator[ClauseFault]:
    seen: dict[int, int] = {}
    expected = 1
    if len(clauses) > MOST_CLAUSES:
        yield ClauseFault(clauses[MOST_CLAUSES].line, "too_many", {"count": len(clauses), "limit": MOST_CLAUSES})
    for clause in clauses:
        said = {"number": clause.number}
        if clause.number in seen:
            yield ClauseFault(clause.line, "number_twice", said | {"first": seen[clause.number]})
        elif clause.number != expected:
            yield ClauseFault(clause.line, "number_gap", said | {"expected": expected}, is_warning=True)
        seen.setdefault(clause.number, clause.line)
        expected = clause.number + 1
        if not clause.heading:
            yield ClauseFault(clause.line, "empty_clause", said)
        if len(clause.text) > LONGEST_TEXT:
            yield ClauseFault(clause.line, "too_long", said | {"count": len(clause.text), "limit": LONGEST_TEXT})
        if not clause.unit:
            yield ClauseFault(clause.line, "no_unit", said, is_warning=True)


def _count_in(written: str) -> int | None:
    """21, 二十一 or 第二十一条 as a figure; None for whatever counts nothing."""
    words = re.sub(r"[第条款\s.．、（）()]", "", written)
    if words.isdecimal():
        return int(words)
    if not words or any(sign not in _DIGITS and sign not in "十百" for sign in words):
        return None
    total, digit = 0, 0
    for sign in words:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        else:
            total, digit = total + (digit or 1) * (10 if sign == "十" else 100), 0
    return total + digit
