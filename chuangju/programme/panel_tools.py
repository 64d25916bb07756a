"""评审工具 - panels of experts as tools of the rows they carry out; scoring, which lies below, knows no rows."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from django.utils.translation import pgettext_lazy

from chuangju.programme.slots import RowTool
from chuangju.scoring.access import READERS

TOOL = RowTool("panels", pgettext_lazy("list", "评审"), "scoring:panel_list", frozenset(READERS), order=70)


def panel_tasks() -> list[str]:
    """The codes of the tasks whose rows have the tool."""
    text = files("chuangju.programme").joinpath("data/panels.toml").read_text(encoding="utf-8")
    return list(tomllib.loads(text)["tasks"])
