"""Addresses of the policy officers' desk: versions, drafts, match runs, simulations."""

from __future__ import annotations

from django.urls import URLPattern, path

from chuangju.policies.views import draft_editor, draft_steps, versions

DESK: list[URLPattern] = [
    path("staff/policies/", versions.version_list, name="version_list"),
    path("staff/policies/versions/<str:key>/", versions.version, name="version"),
    path("staff/policies/drafts/", draft_steps.draft_list, name="draft_list"),
    path("staff/policies/drafts/new/", draft_steps.draft_begin, name="draft_begin"),
    path("staff/policies/drafts/<int:pk>/", draft_steps.draft, name="draft"),
    path("staff/policies/drafts/<int:pk>/edit/", draft_editor.draft_edit, name="draft_edit"),
    path("staff/policies/drafts/<int:pk>/submit/", draft_steps.draft_submit, name="draft_submit"),
    path("staff/policies/drafts/<int:pk>/take-back/", draft_steps.draft_take_back, name="draft_take_back"),
    path("staff/policies/drafts/<int:pk>/discard/", draft_steps.draft_discard, name="draft_discard"),
    path("staff/policies/drafts/<int:pk>/return/", draft_steps.draft_return, name="draft_return"),
    path("staff/policies/drafts/<int:pk>/publish/", draft_steps.draft_publish, name="draft_publish"),
]
