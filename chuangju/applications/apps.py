"""Registrations of applications with the packages below it."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApplicationsConfig(AppConfig):
    """The case from draft to payment and after."""

    name = "chuangju.applications"
    label = "applications"
    verbose_name = _("办件")
