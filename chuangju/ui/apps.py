"""Registrations of ui with the packages below it."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Makes the package known to Django."""

    name = "chuangju.ui"
    label = "ui"
