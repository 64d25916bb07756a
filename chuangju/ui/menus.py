"""菜单 - what stands in the navigation: packages above register sections, the shell only shows them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from django.utils.functional import Promise

from chuangju.kernel.registry import Registry
from chuangju.ui.tallies import Tallies

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from chuangju.kernel.models import User

Audience = Literal["staff", "public", "account", "demo"]


@dataclass(frozen=True)
class MenuLink:
    """One line of the navigation; `count` stands at its right end, `tone` "late" makes it stand out."""

    label: str | Promise
    url: str
    count: str = ""
    tone: Literal["", "late"] = ""
    key: str = ""
    # A link that changes something (signing out) is a button in a form, so that no crawler or prefetch follows it.
    is_post: bool = False


@dataclass(frozen=True)
class MenuContext:
    """For whom and for which page the navigation is drawn."""

    user: User | AnonymousUser
    at: datetime
    path: str
    roles: frozenset[str] = frozenset()
    tallies: Tallies = field(default_factory=Tallies, compare=False)
    # Everything about the reader's roles that a tally may depend on; None where nobody registered it.
    standing: Hashable = None

    def tally(self, key: str) -> int:
        """The registered number of this key for this reader; all of them together cost one query."""
        return self.tallies.get(key, self)


@dataclass(frozen=True)
class MenuSection:
    """A group of links under a heading (an empty title draws no heading); `order` places it among the others.

    `is_folded`: shown as its heading alone, with the number of what is late in it, until somebody opens it or the page
    shown belongs to it.
    """

    key: str
    title: str | Promise
    order: int
    audience: Audience
    links: Callable[[MenuContext], list[MenuLink]]
    is_folded: bool = False


@dataclass(frozen=True)
class ShownLink:
    """A link as drawn: the registered one and whether the page shown belongs to it."""

    link: MenuLink
    is_current: bool


@dataclass(frozen=True)
class ShownSection:
    """A section as drawn for one reader and one page."""

    key: str
    title: str | Promise
    links: list[ShownLink] = field(default_factory=list)
    is_folded: bool = False

    @property
    def is_current(self) -> bool:
        """Whether the page shown belongs to one of its links."""
        return any(shown.is_current for shown in self.links)

    @property
    def is_open(self) -> bool:
        """Whether its links are to be seen before anybody opens it."""
        return not self.is_folded or self.is_current

    @property
    def late_count(self) -> int:
        """How much of it is late, for the heading while the links are out of sight."""
        late = (shown.link.count for shown in self.links if shown.link.tone == "late")
        return sum(int(count) for count in late if count.isdecimal())


menu_sections: Registry[str, MenuSection] = Registry("menu_sections")
role_sources: Registry[str, Callable[[User, date], frozenset[str]]] = Registry("menu_role_source")
standing_sources: Registry[str, Callable[[User, date], Hashable]] = Registry("menu_standing_source")


def register_menu(section: MenuSection) -> None:
    """Add a section to the navigation of its audience."""
    menu_sections.register(section.key, section)


def register_role_source(
    roles_of: Callable[[User, date], frozenset[str]], standing_of: Callable[[User, date], Hashable]
) -> None:
    """Tell the shell who holds which role on a day, and which for what unit; roles themselves live above this package."""
    role_sources.register("roles", roles_of)
    standing_sources.register("standing", standing_of)


def registered_menus() -> tuple[MenuSection, ...]:
    """Every registered section in its order."""
    return tuple(sorted(menu_sections.values(), key=lambda section: (section.order, section.key)))


def roles_for(user: User | AnonymousUser, on: date) -> frozenset[str]:
    """The roles of a signed-in user on a day; strangers hold none."""
    roles_of = role_sources.find("roles")
    if not user.is_authenticated or roles_of is None:
        return frozenset()
    return roles_of(user, on)


def standing_for(user: User | AnonymousUser, on: date) -> Hashable:
    """The roles of a signed-in user on a day with their units; None for strangers."""
    standing_of = standing_sources.find("standing")
    return standing_of(user, on) if user.is_authenticated and standing_of is not None else None


def _path_of(url: str) -> str:
    return url.partition("#")[0].partition("?")[0]


def _current_url(sections: list[tuple[MenuSection, list[MenuLink]]], path: str) -> str:
    """The longest registered address that the page lies below; the home page matches only itself."""
    fitting = [
        link.url
        for _, links in sections
        for link in links
        if "?" not in link.url
        and "#" not in link.url
        and (path == link.url or (link.url != "/" and path.startswith(link.url)))
    ]
    return max(fitting, key=len, default="")


def menu_for(audience: Audience, context: MenuContext) -> list[ShownSection]:
    """The sections of one audience with their links; sections without a link for this reader are left out."""
    found = [(section, section.links(context)) for section in registered_menus() if section.audience == audience]
    current = _current_url(found, _path_of(context.path))
    return [
        ShownSection(
            section.key,
            section.title,
            [ShownLink(link, is_current=bool(current) and link.url == current) for link in links],
            section.is_folded,
        )
        for section, links in found
        if links
    ]
