"""Registrations of indicators with the packages below it."""

from __future__ import annotations

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chuangju.ui.menus import MenuContext, MenuLink, MenuSection, register_menu


def _links(context: MenuContext) -> list[MenuLink]:
    del context  # every reader of the staff side sees the indicators
    return [MenuLink(label=_("指标"), url=reverse("indicators:indicator_list"), key="indicators")]


class IndicatorsConfig(AppConfig):
    """Makes the package known to Django and puts it into the staff menu."""

    name = "chuangju.indicators"
    label = "indicators"

    def ready(self) -> None:
        """Register the menu entry, and that indicators can be found."""
        from chuangju.indicators.search import LIST  # noqa: PLC0415 - models exist only now
        from chuangju.kernel.search import register_search_list  # noqa: PLC0415

        register_menu(MenuSection(key="indicators", title="", order=15, audience="staff", links=_links))
        register_search_list(LIST)
