"""Addresses of the kernel."""

from __future__ import annotations

from django.urls import path

from chuangju.kernel import views

app_name = "kernel"
urlpatterns = [path("files/<uuid:pk>/", views.attachment, name="attachment")]
