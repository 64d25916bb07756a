"""Addresses of reliefs that nobody applies for."""

from __future__ import annotations

from django.urls import URLPattern, path

from chuangju.applications.views import uptake_pages

UPTAKE: list[URLPattern] = [
    path("uptake/", uptake_pages.uptake_list, name="uptake_list"),
    path("uptake/enter/", uptake_pages.uptake_enter, name="uptake_enter"),
]
