"""文书内容 - what stands on a paper, block by block; written out as docx and as PDF from this one source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from chuangju.papers.plain_text import clean_text

DEEPEST_HEADING = 4
# Where the day is written when the paper is signed.
OPEN_DAY = "\u3000\u3000年\u3000月\u3000日"
_DIRECTIONS = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class PaperColumn:
    """A column of a table on paper: its head, its share of the width, and how its cells stand."""

    head: str
    share: int
    is_centred: bool = False
    # Equal neighbours below one another become one cell.
    is_merged: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within the text; level 1 is 一、, 2 is （一）, 3 is 1., 4 is （1）, the number being part of its words."""

    text: str
    level: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.level <= DEEPEST_HEADING:
            raise ValueError(self.level)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; its first line stands in by two characters unless it begins at the margin."""

    text: str
    is_indented: bool = True


@dataclass(frozen=True, slots=True)
class PaperTable:
    """A ruled table; a row shorter than the columns is one text over the whole width."""

    columns: Sequence[PaperColumn]
    rows: Sequence[Sequence[str]]
    caption: str = ""

    def __post_init__(self) -> None:
        if any(not 0 < len(row) <= len(self.columns) for row in self.rows):
            raise ValueError("a row with more cells than the table has columns, or with none")


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with its question above it and its numbers in a table below it."""

    svg: str
    caption: str
    header: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, slots=True)
class SignedBy:
    """Who issues the paper, and the day (left open until it is signed), where the seal will be set."""

    unit: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class QrBlock:
    """An address to be scanned, with a word on what it leads to."""

    url: str
    caption: str


Block: TypeAlias = Heading | Paragraph | PaperTable | Chart | SignedBy | QrBlock


@dataclass(frozen=True, slots=True)
class PaperDocument:
    """A whole paper: title and blocks, and what stands around them.

    `mark` is shown at the head of every page (未用印), `footer_code` beside the page number.
    """

    title: str
    blocks: Sequence[Block]
    number: str = field(default="", kw_only=True)
    issuer: str = field(default="", kw_only=True)
    recipients: str = field(default="", kw_only=True)
    day: date | None = field(default=None, kw_only=True)
    is_landscape: bool = field(default=False, kw_only=True)
    mark: str = field(default="", kw_only=True)
    footer_code: str = field(default="", kw_only=True)


def paper_day(day: date) -> str:
    """A day as papers write it: 2026年3月1日, without zeros before the numbers."""
    return f"{day.year}年{day.month}月{day.day}日"


def lines_of(text: str) -> list[str]:
    """The lines of a text, however it ends them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def paper_text(text: str) -> str:
    """A text as a paper may hold it: line ends alike, no control signs, nothing that turns the reading direction."""
    return _DIRECTIONS.sub("", clean_text("\n".join(lines_of(text))))
