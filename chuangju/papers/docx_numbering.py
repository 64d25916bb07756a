"""Numbering in Word - the markers that Word draws before paragraphs and that stand nowhere in their text."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field

from lxml import etree

from chuangju.papers.archives import read_xml

BULLET = "•"
_DIGITS = "〇一二三四五六七八九"
_CHINESE = frozenset(
    {"chineseCounting", "chineseCountingThousand", "chineseLegalSimplified", "ideographDigital", "japaneseCounting",
     "taiwaneseCounting", "taiwaneseCountingThousand"}
)  # fmt: skip
_DECIMAL = frozenset({"decimal", "decimalZero", "decimalFullWidth", "decimalFullWidth2", "decimalHalfWidth"})
_CIRCLED = frozenset({"decimalEnclosedCircle", "decimalEnclosedCircleChinese", "decimalEnclosedFullstop"})
_MAX_LEVEL = 8
# Unicode has circled numbers to 20 in one row.
_LAST_CIRCLED = 20
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list counts and what it draws (`%1` stands for the number of level 1)."""

    start: int = 1
    kind: str = "decimal"
    pattern: str = "%1."


@dataclass(slots=True)
class Numbering:
    """All lists of a document, and how far each has counted."""

    lists: dict[str, str] = field(default_factory=dict)
    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    restarts: dict[tuple[str, int], int] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    def next_marker(self, paragraph: etree._Element) -> str:
        """The marker Word would draw before this paragraph, counting on; empty when it is in no list."""
        if not self.levels:
            return ""
        found = _list_of(paragraph) or self.styles.get(_style_of(paragraph))
        if found is None or found[0] not in self.lists:
            return ""
        number_id, depth = found[0], min(found[1], _MAX_LEVEL)
        abstract = self.lists[number_id]
        levels = self.levels.get(abstract, {})
        counts = self._counts.setdefault(abstract, {})
        if number_id not in self._begun:
            self._begun.add(number_id)
            for (owner, restarted), start in self.restarts.items():
                if owner == number_id:
                    counts[restarted] = start - 1
        level = levels.get(depth, Level())
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        return _draw(levels, counts, depth)

    def restarted(self) -> Numbering:
        """The same lists, none of them begun: for reading a part of the document once more."""
        return Numbering(self.lists, self.levels, self.restarts, self.styles)


def read_numbering(archive: zipfile.ZipFile, folder: str) -> Numbering:
    """The lists of the document whose parts lie in `folder` (mostly `word/`)."""
    numbering = Numbering()
    root = read_xml(archive, f"{folder}numbering.xml")
    if root is None:
        return numbering
    for node in root:
        name = etree.QName(node).localname
        if name == "abstractNum":
            numbering.levels[_attribute(node, "abstractNumId")] = dict(_read_levels(node))
        elif name == "num":
            number_id = _attribute(node, "numId")
            for part in node:
                part_name = etree.QName(part).localname
                if part_name == "abstractNumId":
                    numbering.lists[number_id] = _attribute(part, "val")
                elif part_name == "lvlOverride":
                    for start in part.iter("{*}startOverride"):
                        level = _whole(_attribute(part, "ilvl"))
                        numbering.restarts[number_id, level] = _whole(_attribute(start, "val"), 1)
    styles = read_xml(archive, f"{folder}styles.xml")
    for style in styles.iterfind("{*}style") if styles is not None else ():
        found = _list_of(style)
        if found:
            numbering.styles[_attribute(style, "styleId")] = found
    return numbering


def _read_levels(abstract: etree._Element) -> list[tuple[int, Level]]:
    levels = []
    for node in abstract.iterfind("{*}lvl"):
        values = {etree.QName(part).localname: _attribute(part, "val") for part in node}
        level = Level(
            start=_whole(values.get("start", ""), 1),
            kind=values.get("numFmt", "decimal"),
            pattern=values.get("lvlText", ""),
        )
        levels.append((_whole(_attribute(node, "ilvl")), level))
    return levels


def _draw(levels: dict[int, Level], counts: dict[int, int], depth: int) -> str:
    own = levels.get(depth, Level())
    if own.kind == "none" or not own.pattern:
        return ""
    if own.kind not in _CHINESE | _DECIMAL | _CIRCLED:
        # Letters, Roman numbers and signs: which one it is does not matter to a reader of tables, only that it begins.
        return BULLET

    def _one(match: re.Match[str]) -> str:
        level = int(match[1]) - 1
        kind = levels.get(level, Level()).kind
        return _spell(counts.get(level, levels.get(level, Level()).start), kind)

    return re.sub(r"%([1-9])", _one, own.pattern)


def _spell(count: int, kind: str) -> str:
    if kind in _CHINESE:
        return spell_chinese(count)
    if kind in _CIRCLED and 1 <= count <= _LAST_CIRCLED:
        return chr(0x2460 + count - 1)
    return str(count)


def spell_chinese(count: int) -> str:
    """A counting number below 100 in Chinese (十二); larger ones digit by digit."""
    if not 0 < count < _HUNDRED:
        return "".join(_DIGITS[int(digit)] for digit in str(count))
    tens, ones = divmod(count, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones else "")


def _list_of(node: etree._Element) -> tuple[str, int] | None:
    found = node.find("{*}pPr/{*}numPr")
    if found is None:
        return None
    number_id, level = found.find("{*}numId"), found.find("{*}ilvl")
    if number_id is None:
        return None
    return _attribute(number_id, "val"), _whole(_attribute(level, "val")) if level is not None else 0


def _style_of(paragraph: etree._Element) -> str:
    style = paragraph.find("{*}pPr/{*}pStyle")
    return _attribute(style, "val") if style is not None else ""


def _attribute(node: etree._Element, name: str) -> str:
    """An attribute by its local name: the namespaces of transitional and strict files differ."""
    for key, value in node.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return ""


def _whole(text: str, default: int = 0) -> int:
    return int(text) if re.fullmatch(r"\d{1,6}", text) else default
