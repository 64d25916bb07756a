"""Registrations of portal with the packages below it."""

from __future__ import annotations

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chuangju.ui.menus import MenuContext, MenuLink, MenuSection, register_menu


def _links(context: MenuContext) -> list[MenuLink]:
    """Home and the programme, for everybody; signing in and out stands in the account menu beside them."""
    del context
    return [
        MenuLink(label=_("首页"), url=reverse("portal:home"), key="home"),
        MenuLink(label=_("创建进展"), url=reverse("programme:public_programme"), key="programme"),
    ]


class PortalConfig(AppConfig):
    """Makes the package known to Django and gives the public side its menu."""

    name = "chuangju.portal"
    label = "portal"

    def ready(self) -> None:
        """Register the public menu."""
        register_menu(MenuSection(key="portal", title="", order=10, audience="public", links=_links))
