"""The navigation as HTML: headings that fold, the page's own line, numbers beside links."""

from __future__ import annotations

from chuangju.ui.menu_drawing import draw_sections
from chuangju.ui.menus import MenuLink, ShownLink, ShownSection


def test_a_section_shows_its_links_their_numbers_and_which_page_is_shown() -> None:
    here = ShownLink(MenuLink("甲 & 乙", "/a/?x=1&y=2", "3", "late"), is_current=True)
    other = ShownLink(MenuLink("丙", "/c/"), is_current=False)
    html = draw_sections([ShownSection("s", "组", [here, other], is_folded=True)])
    assert '<details class="nav-group" data-key="s" data-current open><summary class="nav-title">组<svg' in html
    assert '<span class="count late">3</span></summary>' in html
    assert (
        '<a href="/a/?x=1&amp;y=2" aria-current="page"><span>甲 &amp; 乙</span> <span class="count late">3</span></a>'
        in html
    )
    assert '<li><a href="/c/"><span>丙</span></a></li>' in html


def test_a_section_without_a_title_has_no_heading_and_a_folded_one_stays_closed() -> None:
    link = ShownLink(MenuLink("丙", "/c/"), is_current=False)
    assert "<details" not in draw_sections([ShownSection("s", "", [link])])
    assert " open>" not in draw_sections([ShownSection("s", "组", [link], is_folded=True)])
