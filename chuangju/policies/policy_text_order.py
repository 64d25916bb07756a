"""Order in a policy's text - a member of a list, with the comments above it, moved one place up or down. No Django."""

from __future__ import annotations

import yaml

from chuangju.policies.policy_text import Item, Path, find, scalars_of


def move_member(text: str, path: Path, number: int, step: int) -> str:
    """The text with this member of the list and its neighbour (step -1: the one above, 1: below) in each other's place.

    What has no such neighbour is left alone, and so is a text whose members could not be told apart cleanly.
    """
    item = find(text, path)
    first, second = sorted((number, number + step))
    if item is None or not isinstance(item.node, yaml.SequenceNode) or not 0 <= first < second < len(item.node.value):
        return text
    members = [member for at in range(second + 1) if (member := find(text, (*path, str(at)))) is not None]
    swap = _swap_in_flow if item.in_flow else _swap_in_block
    moved = swap(text, members, first, second)
    return moved if _is_swapped(text, moved, path, first, second) else text


def _swap_in_flow(text: str, members: list[Item], first: int, second: int) -> str:
    one, two = members[first], members[second]
    between = text[one.end : two.start]
    return text[: one.start] + text[two.start : two.end] + between + text[one.start : one.end] + text[two.end :]


def _swap_in_block(text: str, members: list[Item], first: int, second: int) -> str:
    """By whole lines: from the comments right above a member's dash to its last line."""
    lines = text.split("\n")
    # The line behind the member before the first of both: what stands above belongs to others.
    floor = _line_of(text, members[first - 1].end) + 1 if first else 0
    begin = _first_line(text, lines, members[first], floor)
    middle = _first_line(text, lines, members[second], _line_of(text, members[first].end) + 1)
    end = _line_of(text, members[second].end) + 1
    return "\n".join([*lines[:begin], *lines[middle:end], *lines[begin:middle], *lines[end:]])


def _line_of(text: str, index: int) -> int:
    return text.count("\n", 0, index)


def _first_line(text: str, lines: list[str], member: Item, floor: int) -> int:
    line = _line_of(text, member.start)
    while line > floor and not lines[line].lstrip().startswith("-"):
        line -= 1
    indent = len(lines[line]) - len(lines[line].lstrip())
    while line > floor and lines[line - 1].lstrip().startswith("#") and _indent(lines[line - 1]) >= indent:
        line -= 1
    return line


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _is_swapped(text: str, moved: str, path: Path, first: int, second: int) -> bool:
    """Whether the values of both members, and nothing else, have changed their places."""
    head = ".".join(path) + "."
    renamed = {str(first): str(second), str(second): str(first)}

    def elsewhere(name: str) -> str:
        if not name.startswith(head):
            return name
        number, dot, rest = name.removeprefix(head).partition(".")
        return head + renamed.get(number, number) + dot + rest

    try:
        return scalars_of(moved) == {elsewhere(name): value for name, value in scalars_of(text).items()}
    except ValueError:
        return False
