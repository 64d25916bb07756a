"""Addresses of what every page shares: language, saved views, the district's colours."""

from __future__ import annotations

from django.urls import path

from chuangju.ui import list_views, views

app_name = "ui"
urlpatterns = [
    path("language/", views.set_language, name="set_language"),
    path("brand.css", views.brand_css, name="brand_css"),
    path("lists/save-view/", list_views.save_list_view, name="save_view"),
    path("lists/delete-view/", list_views.delete_list_view, name="delete_view"),
]
