"""Addresses of the comparison of step days."""

from __future__ import annotations

from django.urls import URLPattern, path

from chuangju.applications.views import step_days_pages

STEP_DAYS: list[URLPattern] = [
    path("step-days/", step_days_pages.step_days, name="step_days"),
    path(
        "step-days/<str:policy_id>/<str:side>/<str:frame>/<path:step>/",
        step_days_pages.step_day_cases,
        name="step_day_cases",
    ),
]
