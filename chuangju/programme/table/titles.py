"""Titles - of the lines above a table, which is its title and which are headings like 附件1."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chuangju.programme.table.categories import join_lines

_HEADING = re.compile(
    r"^(附\s*[件表录]\s*[0-9０-９一二三四五六七八九十]*(?:\s*[-－—]\s*\d+)?)\s*(?:[:：、.．]\s*|\s|$)(.*)$"
)
_NOT_A_TITLE = re.compile(
    r"^[（(【\[].*[）)】\]]$|^(?:金额)?单位\s*[:：]|^(?:填报|填表|制表|报送|编制|印发)|^(?:密级|日期|时间|编号|文号)\s*[:：]"
    r"|^[\d〇一二三四五六七八九十]{4}\s*年\s*[\d一二三四五六七八九十]{1,2}\s*月|^\d{4}[-./]\d|[。；;：:，,！？]$|^续表|〔\d{4}〕\d+号$|^[\W_]+$"
)
_ENDS_LIKE_TITLE = re.compile(r"(?:表|方案|清单|计划|分工|任务书|台账|安排|一览|要点)\s*(?:[（(].*[）)])?$")
_NOT_JOINED = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]|\d+[.、])|(?:局|委|委员会|办公室|政府)$"
)
_LONGEST = 80
# The heading of a chapter or of a category, unless its words say that it is a table.
_CHAPTER = re.compile(r"^(?:[一二三四五六七八九十]{1,3}\s*、|[（(][一二三四五六七八九十]{1,3}[）)])")
_DEFAULT_SHEET = re.compile(r"^(?:sheet|工作表|表|表格)\s*\d*$|^$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Title:
    """A table's title and the headings above it."""

    text: str
    headings: list[str]


def find_title(lines: Sequence[str], *, sheet: str = "") -> Title:
    """The title among the lines above a table; a sheet's own name where there is none."""
    rest, headings = _after_headings([line.strip() for line in lines])
    chosen = _choose(rest)
    if chosen is None:
        name = "" if is_default_sheet(sheet) else sheet.strip()
        return Title(name, headings)
    text = rest[chosen]
    while chosen and _continues(rest[chosen - 1], text):
        chosen -= 1
        text = rest[chosen] + "\n" + text
    return Title(join_lines(text), headings)


def ends_like_title(line: str) -> bool:
    """Whether a line's last words are those of a table's title (…分解表, …任务清单)."""
    return bool(_ENDS_LIKE_TITLE.search(line))


def is_default_sheet(name: str) -> bool:
    """Whether nobody gave the sheet its name (Sheet1, 工作表1)."""
    return bool(_DEFAULT_SHEET.match(name.strip()))


def _after_headings(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines after the last heading (words on its own line among them), and the headings that stand together there."""
    places = [place for place, line in enumerate(lines) if _HEADING.match(line)]
    if not places:
        return lines, []
    last = places[-1]
    first = last
    while first - 1 in places:
        first -= 1
    rest, headings = [], []
    for line in lines[first : last + 1]:
        heading, words = _HEADING.findall(line)[0]
        headings.append(re.sub(r"\s+", "", heading))
        # In 附件：1.某表 the number belongs to the heading.
        rest.append(re.sub(r"^\d{1,2}\s*[.．、]\s*", "", words))
    return [*rest, *lines[last + 1 :]], headings


def _choose(lines: list[str]) -> int | None:
    candidates = [place for place, line in enumerate(lines) if _is_candidate(line)]
    chapters = [place for place in candidates if _CHAPTER.match(lines[place])]
    others = [place for place in candidates if place not in chapters]
    candidates = others or [place for place in chapters if ends_like_title(lines[place])]
    if not candidates:
        return None
    likely = [place for place in candidates if ends_like_title(lines[place])]
    return (likely or candidates)[-1]


def _is_candidate(line: str) -> bool:
    return 1 < len(line) <= _LONGEST and not _NOT_A_TITLE.search(line)


def _continues(line: str, text: str) -> bool:
    """Whether the line above is the first half of a title broken over two lines."""
    return (
        _is_candidate(line)
        and not ends_like_title(line)
        and not _NOT_JOINED.search(line)
        and len(line) + len(text) <= _LONGEST
    )
