"""YAML read with the place of every value: nothing is turned into Python's types, no alias is followed, no tag is obeyed.

So `on:` stays a word, `2022-01-01` stays text, and a fault can name its line and column. Lines and columns count from 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import yaml

from chuangju.rules.kinds import Fault, Words

MAX_FILE = 200_000
MAX_DEPTH = 20
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
        while index < len(raw) and seen < position:
            seen += 1
            if raw[index] == "\n":
                index, line, column = index + 1, line + 1, 1
                while raw[index : index + 1] in {" ", "\n"}:
                    line, column = (line + 1, 1) if raw[index] == "\n" else (line, column + 1)
                    index += 1
            else:
                index, column = index + 1, column + 1
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
    try:
        _refuse_tricks(text, _fault)
        node = yaml.compose(text, Loader=_Loader)
    except PolicyFaults:
        raise
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        raise _fault(
            line, column, "YAML 写法有误，从这里读不下去", f"this is no YAML from here on ({problem.problem})"
        ) from problem
    except (yaml.YAMLError, RecursionError, MemoryError, ValueError) as problem:
        raise _fault(
            0, 0, "文件不是文本，或含有不可见字符", "the file is no text or holds invisible characters"
        ) from problem
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
