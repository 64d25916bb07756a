"""Addresses of guaranteed loans."""

from __future__ import annotations

from django.urls import URLPattern, path

from chuangju.applications.views import loan_pages

LOANS: list[URLPattern] = [
    path("loans/", loan_pages.loan_list, name="loan_list"),
    path("loans/upload/", loan_pages.loan_upload, name="loan_upload"),
    path("loans/template/", loan_pages.loan_template, name="loan_template"),
    path("loans/<uuid:pk>/", loan_pages.loan, name="loan"),
    path("loans/record/<uuid:pk>/", loan_pages.loan_record, name="loan_record"),
    path("loans/periods/<uuid:pk>/settle/", loan_pages.period_settle, name="period_settle"),
    path("loans/periods/<uuid:pk>/stop/", loan_pages.period_stop, name="period_stop"),
]
