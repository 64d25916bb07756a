"""菜单 - what this package adds to the navigation, and the words for what its audit events say."""

from __future__ import annotations

from django.utils.functional import Promise

from chuangju.ui.menus import MenuSection

ACTIONS: dict[str, str | Promise] = {}
SECTIONS: tuple[MenuSection, ...] = ()
