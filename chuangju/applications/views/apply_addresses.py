"""Addresses of the applicant's side: what can be applied for, one's own cases, offers, bundles."""

from __future__ import annotations

from django.urls import URLPattern

APPLY: list[URLPattern] = []
