"""Addresses of the indicator pages."""

from __future__ import annotations

from django.urls import path

from chuangju.indicators import views

app_name = "indicators"
urlpatterns = [
    path("staff/indicators/", views.indicator_list, name="indicator_list"),
    path("staff/indicators/<str:key>/", views.indicator_detail, name="indicator_detail"),
]
