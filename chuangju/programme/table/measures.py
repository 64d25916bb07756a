"""Measures - one cell of 推进举措 is a list: parted at its markers, else at its lines, never within a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chuangju.programme.table.categories import is_none_sign, join_lines
from chuangju.programme.table.numbers import parse_number

_ENUMERATED = (
    "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇", "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛",
    "❶❷❸❹❺❻❼❽❾❿", "➀➁➂➃➄➅➆➇➈➉", "➊➋➌➍➎➏➐➑➒➓", "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩",
)  # fmt: skip
_SIGNS = {sign: place for signs in _ENUMERATED for place, sign in enumerate(signs, start=1)}
_CHINESE = "一二三四五六七八九十"
# Words begin here: what looks like a marker before digits or signs is a number within a sentence.
_WORDS = r"(?=[\u4e00-\u9fffA-Za-z“‘《〈「])"


@dataclass(frozen=True, slots=True)
class _Style:
    """One way of writing markers."""

    name: str
    pattern: str
    # So plain that it may begin a measure in the middle of a line.
    stands_out: bool = False
    # So weak that it counts only at the beginning of lines and where several follow each other.
    is_weak: bool = False


_STYLES = (
    _Style("bracketed", r"[（(【\[〔]\s*(?P<n>[0-9０-９]{1,2})\s*[）)】\]〕](?:\s*[、.．])?", stands_out=True),
    _Style("bracketed_chinese", rf"[（(]\s*(?P<n>[{_CHINESE}]{{1,3}})\s*[）)](?:\s*[、.．])?", stands_out=True),
    _Style("sign", rf"(?P<n>[{''.join(_SIGNS)}])(?:\s*[、.．])?", stands_out=True),
    _Style("named", rf"(?:举措|措施)\s*(?P<n>[0-9０-９]{{1,2}}|[{_CHINESE}]{{1,3}})\s*[：:、.．]", stands_out=True),
    _Style("bracketed_letter", r"[（(]\s*(?P<n>[a-zA-Z])\s*[）)]", stands_out=True, is_weak=True),
    _Style("half_bracketed", r"(?P<n>[0-9０-９]{1,2})\s*[）)]"),
    _Style("dotted", r"(?P<n>[0-9０-９]{1,2})\s*(?:[、．]|[.](?![0-9])|,(?![0-9]))"),
    _Style("chinese", rf"(?P<n>[{_CHINESE}]{{1,3}})\s*[、．.]"),
    _Style("letter", rf"(?P<n>[a-zA-Z])\s*[）).．、]\s*{_WORDS}", is_weak=True),
    _Style("part", rf"[0-9]{{1,2}}[.．](?P<n>[0-9]{{1,2}})[、.．]?\s*{_WORDS}", is_weak=True),
    _Style("bare", rf"(?P<n>[0-9０-９]{{1,2}})\s+{_WORDS}", is_weak=True),
    _Style("bullet", rf"(?P<n>[•●·○■▪◆◇★☆※➢➤►▶▲△✓✔√❖◦‣∙→⇒\ue000-\uf8ff]|[-–—*](?=\s)|[-–—－]{{1,2}}{_WORDS})"),
)
_SENTENCE_END = re.compile(r"(?:[。；;！!？?…]|(?<=[A-Za-z)])\.)(?:[”’」』）)]*|（[^（）]*）)$")
_GOES_ON = re.compile(r"[，,、：:（(《“‘「【和与及或的地得在对为将把被由从向以并按使让给至到等之其个各]$")
_LIKE_A_WRAP = 2
_SHORTEST_WRAP = 8
# One line break alone shows no width.
_SHOW_A_WIDTH = 2


@dataclass(frozen=True, slots=True)
class _Mark:
    number: int
    start: int
    end: int


def split_measures(text: str) -> list[str]:
    """The measures of a cell, without their markers, each on one line."""
    text = "\n".join(line.strip() for line in text.strip().split("\n"))
    if is_none_sign(text):
        return []
    marks = _find_marks(text)
    if not marks:
        return [line for line in (join_lines(line) for line in _join_wrapped(text)) if line]
    pieces = []
    preface = join_lines(text[: marks[0].start])
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        piece = join_lines(text[mark.end : following.start if following else len(text)])
        if not piece:
            continue
        if preface and not _SENTENCE_END.search(preface):
            # 主要举措：（1）… : the words before the list belong to its first measure.
            piece = preface + piece
        elif preface:
            pieces.append(preface)
        preface = ""
        pieces.append(piece)
    return pieces or ([preface] if preface else [])


def _find_marks(text: str) -> list[_Mark]:
    """The markers that part the cell: those of the style that comes first, in sequence."""
    found = []
    for style in _STYLES:
        # After a colon or a full stop a list may begin on the same line.
        where = r"(?:^|(?<=[：:。；;]))" if style.stands_out else "^"
        if match := re.search(rf"{where} *{style.pattern}", text, re.MULTILINE):
            found.append((_mark(style, match), style))
    for first, style in sorted(found, key=lambda candidate: candidate[0].start):
        marks = _marks_of(style, first, text)
        if style.is_weak and (len(marks) == 1 or [mark.number for mark in marks] != list(range(1, len(marks) + 1))):
            continue
        if first.start == 0 or (len(marks) > 1 and (first.number == 1 or style.name == "bullet")):
            return marks
    return []


def _marks_of(style: _Style, first: _Mark, text: str) -> list[_Mark]:
    at_lines = [_mark(style, match) for match in re.finditer(rf"^{style.pattern}", text, re.MULTILINE)]
    if style.name == "bullet" or (style.is_weak and not style.stands_out):
        return at_lines
    after = "" if style.stands_out else r"(?<=[。；;！!？?：:\s])"
    inline = [_mark(style, match) for match in re.finditer(after + style.pattern, text)]
    return _in_sequence(first, at_lines, inline)


def _mark(style: _Style, match: re.Match[str]) -> _Mark:
    written = match["n"]
    if "letter" in style.name:
        number = ord(written.lower()) - ord("a") + 1
    else:
        number = _SIGNS.get(written) or parse_number(written) or 0
    return _Mark(number, match.start(), match.end())


def _in_sequence(first: _Mark, at_lines: list[_Mark], inline: list[_Mark]) -> list[_Mark]:
    """Markers at line starts always part; one in the middle of a line only where it is the next number."""
    ends = {mark.end for mark in at_lines}
    marks = [first]
    for mark in sorted({mark.end: mark for mark in [*inline, *at_lines]}.values(), key=lambda mark: mark.end):
        if mark.end <= first.end:
            continue
        if mark.end in ends:
            marks.append(mark)
        elif mark.number == marks[-1].number + 1:
            comes_later = any(later.number == mark.number and later.end > mark.end for later in at_lines)
            if not comes_later:
                marks.append(mark)
    return marks


def _join_wrapped(text: str) -> list[str]:
    """Lines, with those joined that are one sentence wrapped by the width of a column."""
    measures: list[str] = []
    for block in re.split(r"\n\s*\n", text):
        lines = [line for line in block.split("\n") if line]
        wraps = _is_wrapped(lines)
        open_line = ""
        for line in lines:
            open_line = f"{open_line}\n{line}" if open_line else line
            if _SENTENCE_END.search(line) or not (wraps or _GOES_ON.search(line)):
                measures.append(open_line)
                open_line = ""
        if open_line:
            measures.append(open_line)
    return measures


def _is_wrapped(lines: list[str]) -> bool:
    """Whether lines without a full stop go on in the next: where the cell does use full stops, or all lines are full.

    Phrases without any punctuation, each on its own line and of different lengths, are measures of their own.
    """
    if any(_SENTENCE_END.search(line) for line in lines):
        return True
    lengths = [len(line) for line in lines]
    full, last = lengths[:-1], lengths[-1:]
    if len(full) < _SHOW_A_WIDTH:
        return False
    widest = max(full)
    return widest >= _SHORTEST_WRAP and widest - min(full) <= _LIKE_A_WRAP and last[0] <= widest
