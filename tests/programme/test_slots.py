"""Packages above hang their tools on rows by the task's stable code."""

from __future__ import annotations

import pytest

from chuangju.kernel.registry import AlreadyRegistered
from chuangju.programme import slots
from chuangju.programme.slots import ALL_TASKS, RowTool, register_row_tool, tools_of


@pytest.fixture(autouse=True)
def _leave_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots._TOOLS, "_entries", {})


def tool(key: str, order: int = 100) -> RowTool:
    return RowTool(key=key, label=key, url_name="programme:table", roles=frozenset({"clerk"}), order=order)


def test_a_row_shows_its_own_tools_and_those_of_every_row_in_order() -> None:
    register_row_tool("funding", tool("budget", 20))
    register_row_tool(ALL_TASKS, tool("report", 10))
    register_row_tool("training", tool("courses", 5))
    assert [each.key for each in tools_of("funding", {"clerk"})] == ["report", "budget"]


def test_a_tool_is_shown_only_to_those_who_may_open_it() -> None:
    register_row_tool("funding", tool("budget"))
    assert tools_of("funding", {"leader"}) == []


def test_a_tool_is_hung_once() -> None:
    register_row_tool("funding", tool("budget"))
    with pytest.raises(AlreadyRegistered):
        register_row_tool("funding", tool("budget"))
