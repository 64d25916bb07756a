"""YAML read with the place of every value: nothing is turned into Python's types, no alias is followed, no tag is obeyed.

So `on:` stays a word, `2022-01-01` stays text, and a fault can name its line and column. Lines and columns count from 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import yaml

from chuangju.rules.kinds import Fault, Words

MAX_FILE = 200_000
MAX_DEPTH = 20
# What YAML takes for a character of text; line ends that no editor counts and marks of byte order are none.
# Signs without width and signs that turn the direction of writing are none: a text must read as it runs.
_INVISIBLE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u200a\u2010-\u2027\u202f-\u205f\u2070-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_LINE_END = re.compile(r"[ \t]+(?=\n)")
_YAML_WORDS = {
    "maximum nesting depth": (f"嵌套超过 {MAX_DEPTH} 层", f"more than {MAX_DEPTH} levels deep"),
    "another document": ("一个文件只写一项政策，不能再有 ---", "one file holds one policy; --- may not stand here"),
    "tab character": ("缩进请用空格，不用制表符", "indent with spaces, not tabs"),
    "cannot start any token": (
        "这个符号不能放在开头；缩进请用空格，不用制表符",
        "nothing can begin so; indent with spaces, not tabs",
    ),
    "mapping values are not allowed": (
        "这里不该有冒号；含冒号的文字请加引号",
        "no colon belongs here; put text that holds one in quotes",
    ),
    "could not find expected ':'": ("这里少一个冒号", "a colon is missing here"),
    "did not find expected ',' or": ("括号没有配对，或少一个逗号", "a bracket is not closed, or a comma is missing"),
    "did not find expected key": (
        "缩进不齐，或引号、括号没有配对",
        "the lines are not indented alike, or a quote or bracket is open",
    ),
    "unexpected end of stream": ("引号没有配对", "a quotation mark is not closed"),
}
_NO_MARK = yaml.Mark("", 0, 0, 0, None, 0)
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a file, counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class PolicyFault:
    """One thing that is wrong with a file, in a sentence with its place."""

    line: int
    column: int
    words: Words
    file: str = ""

    def sentence(self, language: str = "zh") -> str:
        """The place and what is wrong there."""
        name = f"{self.file}：" if self.file else ""
        if language == "en":
            return f"{name.replace('：', ': ')}line {self.line}, column {self.column}: {self.words.en}"
        return f"{name}第 {self.line} 行第 {self.column} 列：{self.words.zh}"


class PolicyFaults(ValueError):
    """A file that is not taken, with everything that is wrong with it."""

    def __init__(self, faults: list[PolicyFault]) -> None:
        super().__init__("\n".join(one.sentence() for one in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value as written."""

    text: str
    place: Place
    raw: str = ""
    is_plain: bool = True

    @property
    def is_null(self) -> bool:
        """Whether it stands for unknown."""
        return self.is_plain and self.text in {"", "~", "null", "Null", "NULL"}

    def place_of(self, position: int) -> Place:
        """The place of a character of the text, also where the value runs over several lines."""
        line, column, seen = self.place.line, self.place.column, 0
        raw = self.raw
        index = 0
        if raw[:1] in {"'", '"'}:
            index, column = 1, column + 1
        elif raw[:1] in {"|", ">"}:
            index, line, column = raw.find("\n") + 1, line + 1, 1
            while raw[index : index + 1] == " ":
                index, column = index + 1, column + 1
        is_folded = raw[:1] not in {"|", ">"}
        while index < len(raw) and seen < position:
            # Blanks at the end of a line that is folded are no part of the text.
            blanks = _LINE_END.match(raw, index) if is_folded else None
            if blanks is not None:
                index, column = blanks.end(), column + blanks.end() - index
            seen += 1
            if raw[index] == "\n":
                index, line, column = index + 1, line + 1, 1
                while raw[index : index + 1] in {" ", "\n"}:
                    line, column = (line + 1, 1) if raw[index] == "\n" else (line, column + 1)
                    index += 1
            else:
                step = 2 if raw[:1] + raw[index : index + 2] == "'''" or raw[:1] + raw[index] == '"\\' else 1
                index, column = index + step, column + step
        return Place(line, column)


@dataclass(frozen=True, slots=True)
class Map:
    """Keys with their values, in order."""

    place: Place
    values: dict[str, YamlNode] = field(default_factory=dict)
    keys: dict[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sequence:
    """Values in order."""

    place: Place
    values: tuple[YamlNode, ...]


YamlNode = Scalar | Map | Sequence


def read_yaml(text: str, file: str = "") -> YamlNode:
    """The values of a file; raises PolicyFaults for anything but plain YAML within the limits."""

    def _fault(line: int, column: int, zh: str, en: str) -> PolicyFaults:
        return PolicyFaults([PolicyFault(line + 1, column + 1, Words(zh, en), file)])

    if len(text) > MAX_FILE:
        raise _fault(0, 0, f"文件超过 {MAX_FILE:,} 个字符", f"the file is longer than {MAX_FILE:,} characters")
    invisible = _INVISIBLE.search(text, int(text.startswith("\ufeff")))
    if invisible is not None:
        before = text[: invisible.start()]
        line, column = before.count("\n"), len(before) - before.rfind("\n") - 1
        raise _fault(line, column, "这里有不可见字符", "there is an invisible character here")
    try:
        _refuse_tricks(text, _fault)
        node = yaml.compose(text, Loader=_Loader)
    except PolicyFaults:
        raise
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        zh, en = next(
            (words for part, words in _YAML_WORDS.items() if part in str(problem.problem)),
            ("YAML 写法有误，从这里读不下去", f"this is no YAML from here on ({problem.problem})"),
        )
        raise _fault(line, column, zh, en) from problem
    except (yaml.YAMLError, RecursionError, MemoryError, ValueError) as problem:
        raise _fault(0, 0, "文件不是 YAML 文本", "the file is no YAML text") from problem
    if node is None:
        raise _fault(0, 0, "文件是空的", "the file is empty")
    faults: list[PolicyFault] = []
    found = _convert(node, text, file, faults)
    if faults:
        raise PolicyFaults(faults)
    return found


def _refuse_tricks(text: str, fault: Callable[[int, int, str, str], PolicyFaults]) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        mark = event.start_mark or _NO_MARK
        is_anchored = getattr(event, "anchor", None) is not None
        if is_anchored or getattr(event, "tag", None) not in {None, "!"}:
            raise fault(
                mark.line,
                mark.column,
                "不能使用锚点、引用和标签（& * !）",
                "anchors, aliases and tags (& * !) are not allowed",
            )
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise fault(mark.line, mark.column, f"嵌套超过 {MAX_DEPTH} 层", f"more than {MAX_DEPTH} levels deep")


def _convert(node: yaml.Node, text: str, file: str, faults: list[PolicyFault]) -> YamlNode:
    start, end = node.start_mark, node.end_mark
    place = Place(start.line + 1, start.column + 1) if start else Place(1, 1)
    if isinstance(node, yaml.ScalarNode):
        raw = text[start.index : end.index] if start and end else ""
        return Scalar(str(node.value), place, raw, is_plain=not node.style)
    if isinstance(node, yaml.SequenceNode):
        return Sequence(place, tuple(_convert(one, text, file, faults) for one in node.value))
    found = Map(place)
    for key_node, value_node in node.value:
        key = _convert(key_node, text, file, faults)
        if not isinstance(key, Scalar):
            faults.append(
                PolicyFault(key.place.line, key.place.column, Words("键要是一个词", "a key must be a word"), file)
            )
            continue
        if key.text in found.values:
            words = Words(f"“{key.text}”写了两次", f"“{key.text}” is written twice")
            faults.append(PolicyFault(key.place.line, key.place.column, words, file))
        found.values[key.text] = _convert(value_node, text, file, faults)
        found.keys[key.text] = key
    return found


class Faults:
    """Collects what is wrong with a file, so that all of it is told at once."""

    def __init__(self, file: str) -> None:
        """For this file."""
        self.file = file
        self.found: list[PolicyFault] = []

    def add(self, at: YamlNode | Place, zh: str, en: str) -> None:
        """Something is wrong here."""
        place = at if isinstance(at, Place) else at.place
        self.found.append(PolicyFault(place.line, place.column, Words(zh, en), self.file))

    def add_fault(self, at: YamlNode, fault: Fault) -> None:
        """An expression or a value here is not taken."""
        place = at.place_of(fault.position) if isinstance(at, Scalar) else at.place
        self.add(place, fault.words.zh, fault.words.en)


def entries(node: YamlNode | None) -> Iterator[tuple[Scalar, YamlNode]]:
    """The keys and values of a mapping; none where it is none."""
    if isinstance(node, Map):
        for key, value in node.values.items():
            yield node.keys[key], value
