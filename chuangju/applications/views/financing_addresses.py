"""Addresses of financing needs."""

from __future__ import annotations

from django.urls import URLPattern, path

from chuangju.applications.views import financing_pages

FINANCING: list[URLPattern] = [
    path("financing/", financing_pages.need_list, name="need_list"),
    path("my/financing/", financing_pages.my_needs, name="my_needs"),
    path("my/financing/new/", financing_pages.need_post, name="need_post"),
    path("my/financing/<uuid:pk>/", financing_pages.need, name="need"),
    path("my/financing/<uuid:pk>/answer/", financing_pages.need_answer, name="need_answer"),
    path("my/financing/<uuid:pk>/close/", financing_pages.need_close, name="need_close"),
]
