"""政策文本的改动 - one value of a policy's YAML changed where it stands: comments, order and unknown keys stay as they are.

A path names a value: `conditions.0.when`, `parameters.cap_month.2024-01-01`, `title.en`. Every change reads the text anew, so
places are never stale. What cannot be read as YAML raises PolicyFaults, as everywhere. No Django.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import yaml

from chuangju.rules.yaml_nodes import read_yaml

Path = tuple[str, ...]
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = {"", "~", "null", "Null", "NULL"}
_SPECIAL_START = re.compile(r"[-?:](\s|$)|[\[\]{},#&*!|>'\"%@`]")
# The order in which a policy file is written; a key that is missing goes behind the last one before it that is there.
KEY_ORDER = (
    *("id", "version", "title", "summary", "row", "unit", "level", "subject", "audience", "benefit", "channel"),
    *("source", "effective", "rounding", "grandfathering", "parameters", "let", "conditions", "points", "claim_by"),
    *("amount", "amount_unit", "amount_note", "excludes", "stacking", "what_if", "form", "documents", "process"),
    *("pays", "leaves", "examples", "note"),
)


@dataclass(frozen=True, slots=True)
class Item:
    """A node with where it begins and really ends (a block's own mark runs on over the comments behind it)."""

    node: yaml.Node
    start: int
    end: int
    key_start: int
    key_end: int

    @property
    def in_flow(self) -> bool:
        """Whether it is written between brackets."""
        return bool(getattr(self.node, "flow_style", False))


def split_path(path: str) -> Path:
    """`a.0.b` as its parts."""
    return tuple(path.split("."))


def scalars_of(text: str) -> dict[str, str]:
    """Every single value by its path; null is empty."""
    found: dict[str, str] = {}
    _collect(_compose(text), (), found)
    return found


def lines_of_paths(text: str) -> dict[str, int]:
    """The line on which each value begins, containers included; counted from 1."""
    found: dict[str, int] = {}
    _collect_lines(_compose(text), (), found)
    return found


def find(text: str, path: Path) -> Item | None:
    """The value at a path; None where there is none."""
    item = _root(text)
    for part in path:
        item_below = _below(item, part, text)
        if item_below is None:
            return None
        item = item_below
    return item


def set_value(text: str, path: Path, value: str) -> str:
    """The text with this single value; an empty one takes the key away, a missing key is written where it belongs."""
    item = find(text, path)
    if not value.strip():
        return remove(text, path) if item is not None else text
    if item is None:
        return _insert(text, path, value)
    quote = text[item.start] if text[item.start] in "'\"" else ""
    end = item.end
    if isinstance(item.node, yaml.ScalarNode) and item.node.style in {"|", ">"}:
        quote = ""
    return text[: item.start] + as_scalar(value, in_flow=_stands_in_flow(text, path), quote=quote) + text[end:]


def set_raw(text: str, path: Path, yaml_text: str) -> str:
    """The value replaced by YAML as written (a flow mapping or list); a missing key is inserted."""
    item = find(text, path)
    if item is None:
        return _insert(text, path, yaml_text, is_raw=True)
    return text[: item.start] + yaml_text + text[item.end :]


def remove(text: str, path: Path) -> str:
    """The text without a key or a member of a list; what was not there is left alone."""
    item, parent = find(text, path), find(text, path[:-1])
    if item is None or parent is None:
        return text
    if parent.in_flow:
        return _remove_in_flow(text, item)
    start = text.rfind("\n", 0, item.key_start) + 1
    head = text[start : item.key_start]
    end = text.find("\n", item.end)
    end = len(text) if end < 0 else end + 1
    if head.strip() and "-" in head and isinstance(parent.node, yaml.MappingNode):
        # The first key of a list's member shares its line with the dash: the next key takes its place.
        follower = re.match(r"[ ]*", text[end:])
        kept = len(follower.group()) if follower and len(_entries(parent.node)) > 1 else 0
        return text[: item.key_start] + text[end + kept :]
    return text[:start] + text[end:]


def append(text: str, path: Path, pairs: Mapping[str, str]) -> str:
    """The text with one more member of a list, its values given as YAML; the list is made where it is missing."""
    item = find(text, path)
    flow = "{" + ", ".join(f"{key}: {value}" for key, value in pairs.items()) + "}"
    if item is None or not isinstance(item.node, yaml.SequenceNode):
        return set_raw(text, path, f"[{flow}]") if item is not None else _insert(text, path, f"\n- {flow}", is_raw=True)
    if item.in_flow:
        inside = text[item.start + 1 : item.end - 1].strip()
        return text[: item.end - 1].rstrip() + (", " if inside else "") + flow + text[item.end - 1 :]
    members = item.node.value
    indent = members[0].start_mark.column - 2
    is_flow = bool(getattr(members[-1], "flow_style", False))
    lines = [flow] if is_flow else [f"{key}: {value}" for key, value in pairs.items()]
    block = ("\n" + " " * (indent + 2)).join(lines)
    end = _line_end(text, item.end)
    return f"{text[:end]}\n{' ' * indent}- {block}{text[end:]}"


def as_scalar(value: str, *, in_flow: bool, quote: str = "") -> str:
    """The value as YAML writes it: plain where that reads back as the same text, else quoted."""
    flat = " ".join(value.split()) if "\n" in value or "\r" in value else value.strip()
    is_plain = (
        flat not in _NULLS
        and not _SPECIAL_START.match(flat)
        and ": " not in flat
        and " #" not in flat
        and not flat.endswith(":")
        and "\t" not in flat
        and not (in_flow and re.search(r"[,\[\]{}]", flat))
    )
    if is_plain and not quote:
        return flat
    if quote == '"':
        return '"' + flat.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return "'" + flat.replace("'", "''") + "'"


@lru_cache(maxsize=16)
def _compose(text: str) -> yaml.Node:
    read_yaml(text)  # says no to tags, anchors and broken YAML, each with its place
    node = yaml.compose(text, Loader=_Loader)
    assert node is not None  # noqa: S101 - read_yaml has refused what is empty
    return node


def _root(text: str) -> Item:
    node = _compose(text)
    return Item(node, node.start_mark.index, _end(node, text), 0, 0)


def _below(item: Item, part: str, text: str) -> Item | None:
    node = item.node
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == part:
                return Item(value, value.start_mark.index, _end(value, text), key.start_mark.index, key.end_mark.index)
    elif isinstance(node, yaml.SequenceNode) and part.isdigit() and int(part) < len(node.value):
        value = node.value[int(part)]
        start = value.start_mark.index
        return Item(value, start, _end(value, text), start, start)
    return None


def _entries(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [value for _key, value in node.value]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _end(node: yaml.Node, text: str) -> int:
    members = _entries(node)
    if members and not getattr(node, "flow_style", False):
        last = members[-1]
        end = _end(last, text)
        if isinstance(node, yaml.MappingNode):
            end = max(end, node.value[-1][0].end_mark.index + 1)
        return end
    end = int(node.end_mark.index)
    if isinstance(node, yaml.ScalarNode) and node.style in {"|", ">"}:
        while end > node.start_mark.index and text[end - 1] in "\n ":
            end -= 1
    return end


def _stands_in_flow(text: str, path: Path) -> bool:
    return any((item := find(text, path[:depth])) is not None and item.in_flow for depth in range(len(path)))


def _line_end(text: str, index: int) -> int:
    end = text.find("\n", index)
    return len(text) if end < 0 else end


def _insert(text: str, path: Path, value: str, *, is_raw: bool = False) -> str:
    parent, key = find(text, path[:-1]), path[-1]
    if parent is None or (isinstance(parent.node, yaml.ScalarNode) and parent.node.value in _NULLS):
        written = value if is_raw else as_scalar(value, in_flow=True)
        return (
            _insert(text, path[:-1], f"{{{key}: {written}}}", is_raw=True)
            if parent is None
            else set_raw(text, path[:-1], f"{{{key}: {written}}}")
        )
    in_flow = parent.in_flow or _stands_in_flow(text, path[:-1])
    written = value if is_raw else as_scalar(value, in_flow=in_flow)
    if isinstance(parent.node, yaml.ScalarNode):
        # One text for both languages becomes a text for each; a figure gets its citation.
        first = "value" if key in {"law", "confidence"} else "zh"
        old = as_scalar(parent.node.value, in_flow=True)
        new = {first: old, key: value if is_raw else as_scalar(value, in_flow=True)}
        return set_raw(text, path[:-1], "{" + ", ".join(f"{name}: {one}" for name, one in new.items()) + "}")
    if not isinstance(parent.node, yaml.MappingNode):
        return text
    if parent.in_flow:
        inside = text[parent.start + 1 : parent.end - 1].strip()
        joint = ", " if inside else ""
        return text[: parent.end - 1].rstrip() + f"{joint}{key}: {written}" + text[parent.end - 1 :]
    return _insert_in_block(text, parent, path, written)


def _insert_in_block(text: str, parent: Item, path: Path, written: str) -> str:
    key, entries = path[-1], parent.node.value
    indent = entries[0][0].start_mark.column
    after = entries[-1]
    if len(path) == 1 and key in KEY_ORDER:
        before = [one for one in entries if one[0].value in KEY_ORDER[: KEY_ORDER.index(key)]]
        after = before[-1] if before else entries[0]
    end = _line_end(text, max(_end(after[1], text), after[0].end_mark.index + 1))
    gap = "" if written.startswith("\n") else " "
    return f"{text[:end]}\n{' ' * indent}{key}:{gap}{written}{text[end:]}"


def _remove_in_flow(text: str, item: Item) -> str:
    start, end = item.key_start, item.end
    behind = re.match(r"\s*,\s*", text[end:])
    if behind:
        return text[:start] + text[end + behind.end() :]
    before = re.search(r",\s*$", text[:start])
    return text[: before.start() if before else start] + text[end:]


def _collect(node: yaml.Node, path: Path, found: dict[str, str]) -> None:
    if isinstance(node, yaml.ScalarNode):
        is_null = not node.style and node.value in _NULLS
        found[".".join(path)] = "" if is_null else node.value
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            _collect(value, (*path, str(key.value)), found)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            _collect(value, (*path, str(number)), found)


def _collect_lines(node: yaml.Node, path: Path, found: dict[str, int]) -> None:
    found[".".join(path)] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            _collect_lines(value, (*path, str(key.value)), found)
            found[".".join((*path, str(key.value)))] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            _collect_lines(value, (*path, str(number)), found)
