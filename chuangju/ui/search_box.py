"""搜索框 - the shell's search box leads to whatever page registered itself; without one the shell has no box."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from chuangju.kernel.registry import Registry


@dataclass(frozen=True)
class SearchBox:
    """The page of results (`?q=`), and the fragment that offers the best few while one types."""

    url: str | Promise
    suggest_url: str | Promise


search_boxes: Registry[str, SearchBox] = Registry("shell_search_box")


def register_search_box(url: str | Promise, suggest_url: str | Promise) -> None:
    """Tell the shell where searching happens; the page itself lives above this package."""
    search_boxes.register("search", SearchBox(url, suggest_url))
