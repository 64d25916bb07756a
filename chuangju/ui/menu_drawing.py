"""菜单的画法 - the navigation as HTML, drawn once for the side of a desk and the drawer of a phone."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString

from chuangju.ui.icons import draw_icon
from chuangju.ui.menus import ShownLink, ShownSection


def draw_sections(sections: Iterable[ShownSection]) -> SafeString:
    """The sections with their links; a section with a title can be folded."""
    return SafeString("".join(_section(each) for each in sections) + "\n")


def _section(section: ShownSection) -> str:
    links = "".join(_link(each) for each in section.links)
    if not section.title:
        return f"\n\n<ul>{links}</ul>\n\n"
    marks = (" data-current" if section.is_current else "") + (" open" if section.is_open else "")
    late = f' <span class="count late">{section.late_count}</span>' if section.late_count else ""
    return (
        f'\n<details class="nav-group" data-key="{escape(section.key)}"{marks}><summary class="nav-title">'
        f"{escape(str(section.title))}{draw_icon('chevron-down', '', 'micro')}{late}</summary>\n"
        f"<ul>{links}</ul>\n</details>\n"
    )


def _link(shown: ShownLink) -> str:
    link = shown.link
    current = ' aria-current="page"' if shown.is_current else ""
    late = " late" if link.tone == "late" else ""
    count = f' <span class="count{late}">{escape(link.count)}</span>' if link.count else ""
    return f'<li><a href="{escape(link.url)}"{current}><span>{escape(str(link.label))}</span>{count}</a></li>'
