"""Addresses of the clerks' side: workbench, review, acceptance."""

from __future__ import annotations

from django.urls import URLPattern

DESK: list[URLPattern] = []
