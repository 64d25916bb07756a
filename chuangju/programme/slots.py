"""行上的位置 - where packages above hang their tools on a row of the table, by stable task code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from chuangju.kernel.registry import Registry

ALL_TASKS = "*"


@dataclass(frozen=True)
class RowTool:
    """A way from a row to the work that carries it out; `url_name` takes no arguments."""

    key: str
    label: str | Promise
    url_name: str
    roles: frozenset[str]
    order: int = 100


# By "task code/key of the tool".
_TOOLS: Registry[str, tuple[str, RowTool]] = Registry("programme.row_tools")


def register_row_tool(task_code: str, tool: RowTool) -> None:
    """Hang a tool on the row with this task code (ALL_TASKS: on every row); once a key."""
    _TOOLS.register(f"{task_code}/{tool.key}", (task_code, tool))


def tools_of(task_code: str, roles: Iterable[str]) -> list[RowTool]:
    """The tools of a row that somebody with these roles may open, in order."""
    held = frozenset(roles)
    found = [tool for code, tool in _TOOLS.values() if code in {task_code, ALL_TASKS} and tool.roles & held]
    return sorted(found, key=lambda tool: (tool.order, tool.key))
