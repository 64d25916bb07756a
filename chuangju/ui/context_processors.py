"""外壳 - what every page needs around its content: brand, navigation, language, demo notice."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.templatetags.static import static
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info

from chuangju.ui.menu_drawing import draw_sections
from chuangju.ui.menus import MenuContext, MenuLink, ShownLink, ShownSection, menu_for, roles_for, standing_for
from chuangju.ui.notices import notices_for
from chuangju.ui.search_box import SearchBox, search_boxes

# So many links stand beside one another on a desk in both languages; what is more folds.
LONGEST_BAR = 8


@dataclass(frozen=True)
class Brand:
    """What the district calls itself, in the reader's language, and its mark."""

    name: str
    district: str
    strapline: str
    mark_url: str
    has_own_colours: bool


def brand_of_district(language: str) -> Brand:
    """The brand from the settings; an English name stands on English pages."""
    district = settings.DISTRICT
    suffix = "_en" if language == "en" else ""
    mark = district["mark"]
    return Brand(
        name=district[f"brand{suffix}"],
        district=district[f"district{suffix}"],
        strapline=str(district["strapline"]),
        mark_url=static(mark) if mark else "",
        has_own_colours=bool(district["colours"]),
    )


class Shell:
    """The navigation of one request, each part computed only when a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def _context(self) -> MenuContext:
        at, user = timezone.now(), self.user
        on = timezone.localdate(at)
        return MenuContext(user, at, self._request.path, roles_for(user, on), standing=standing_for(user, on))

    @property
    def user(self) -> Any:
        """Who is reading; a request that never met the sign-in (an early problem page) is a stranger's."""
        return getattr(self._request, "user", AnonymousUser())

    @property
    def path(self) -> str:
        """The address of the page with its query: where a language switch returns to."""
        return self._request.get_full_path()

    @cached_property
    def staff_menu(self) -> list[ShownSection]:
        """The staff side's navigation."""
        return menu_for("staff", self._context)

    @cached_property
    def staff_nav(self) -> SafeString:
        """The same as HTML, for the side of a desk and the drawer of a phone."""
        return draw_sections(self.staff_menu)

    @cached_property
    def notices(self) -> list[str]:
        """Sentences about the reader: in whose place they act."""
        return notices_for(self._context) if self.user.is_authenticated else []

    @cached_property
    def public_menu(self) -> list[ShownSection]:
        """The public side's navigation."""
        return menu_for("public", self._context)

    @cached_property
    def public_nav(self) -> SafeString:
        """The same as HTML, for the drawer of a phone."""
        return draw_sections(self.public_menu)

    @property
    def public_bar(self) -> list[ShownLink]:
        """What the public side's bar shows on a desk; the last place belongs to "more" where there are too many."""
        links = self._public_links
        return links if len(links) <= LONGEST_BAR else links[: LONGEST_BAR - 1]

    @property
    def public_more(self) -> list[ShownLink]:
        """What is left of the public side's navigation behind "more"."""
        return self._public_links[len(self.public_bar) :]

    @property
    def _public_links(self) -> list[ShownLink]:
        return [shown for section in self.public_menu for shown in section.links]

    @cached_property
    def account_menu(self) -> list[ShownSection]:
        """What belongs to one's own account: settings, signing out."""
        return menu_for("account", self._context) if self.user.is_authenticated else []

    @property
    def attention(self) -> MenuLink | None:
        """What of one's own account waits to be looked at (unread messages), with its number; None for nothing."""
        links = (shown.link for section in self.account_menu for shown in section.links)
        return next((link for link in links if link.count), None)

    @cached_property
    def demo_menu(self) -> list[ShownSection]:
        """How to change to another demo account; empty outside demo mode."""
        return menu_for("demo", self._context) if settings.DEMO else []

    @property
    def search_box(self) -> SearchBox | None:
        """Where the search box leads; None where nobody registered a search."""
        return search_boxes.find("search")

    @property
    def sign_in_url(self) -> str:
        """Where strangers sign in: staff by account where a page of theirs was asked for, everybody else by mobile."""
        return resolve_url(settings.LOGIN_URL if self.path.startswith("/staff/") else settings.PUBLIC_LOGIN_URL)

    @property
    def home_url(self) -> str:
        """Where the brand leads to."""
        return resolve_url(settings.LOGIN_REDIRECT_URL)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Brand, navigation, language and demo notice for the templates of this package."""
    language = get_language() or settings.LANGUAGE_CODE
    code = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    other = next((each for each, _ in settings.LANGUAGES if each != code), code)
    return {
        "brand": brand_of_district(code),
        "shell": Shell(request),
        "demo": settings.DEMO,
        "is_factor_waived": not settings.SECOND_FACTOR_REQUIRED,
        "language": code,
        "html_lang": "zh-Hans" if code == "zh-hans" else code,
        "other_language": {
            "code": other,
            "name": get_language_info(other)["name_local"],
            "brief": "EN" if other == "en" else "中文",
            "html_lang": "zh-Hans" if other == "zh-hans" else other,
        },
    }
