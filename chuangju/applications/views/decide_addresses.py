"""Addresses of decisions, notices, standings, obligations."""

from __future__ import annotations

from django.urls import URLPattern

DECIDE: list[URLPattern] = []
