"""Addresses of the policy officers' desk: versions, drafts, match runs, simulations."""

from __future__ import annotations

from django.urls import URLPattern, path

from chuangju.policies.views import draft_editor, draft_steps, matches, simulations, versions

DESK: list[URLPattern] = [
    path("staff/policies/", versions.version_list, name="version_list"),
    path("staff/policies/versions/<str:key>/", versions.version, name="version"),
    path("staff/policies/drafts/", draft_steps.draft_list, name="draft_list"),
    path("staff/policies/drafts/new/", draft_steps.draft_begin, name="draft_begin"),
    path("staff/policies/drafts/upload/", draft_steps.draft_upload, name="draft_upload"),
    path("staff/policies/drafts/<int:pk>/", draft_steps.draft, name="draft"),
    path("staff/policies/drafts/<int:pk>/edit/", draft_editor.draft_edit, name="draft_edit"),
    path("staff/policies/drafts/<int:pk>/effects/", draft_steps.draft_effects, name="draft_effects"),
    path("staff/policies/drafts/<int:pk>/submit/", draft_steps.draft_submit, name="draft_submit"),
    path("staff/policies/drafts/<int:pk>/take-back/", draft_steps.draft_take_back, name="draft_take_back"),
    path("staff/policies/drafts/<int:pk>/discard/", draft_steps.draft_discard, name="draft_discard"),
    path("staff/policies/drafts/<int:pk>/return/", draft_steps.draft_return, name="draft_return"),
    path("staff/policies/drafts/<int:pk>/publish/", draft_steps.draft_publish, name="draft_publish"),
    # Which enterprises qualify for what.
    path("staff/matches/", matches.match_list, name="match_list"),
    path("staff/matches/new/", matches.match_start, name="match_start"),
    path("staff/matches/<uuid:pk>/", matches.match, name="match"),
    path("staff/matches/<uuid:pk>/stop/", matches.match_stop, name="match_stop"),
    path("staff/matches/<uuid:pk>/restart/", matches.match_restart, name="match_restart"),
    path("staff/matches/<uuid:pk>/remove/", matches.match_remove, name="match_remove"),
    path("staff/matches/<uuid:pk>/enterprises/", matches.match_enterprises, name="match_enterprises"),
    path("staff/matches/<uuid:pk>/enterprises/<str:key>/", matches.match_enterprise, name="match_enterprise"),
    path("staff/matches/<uuid:pk>/policies/<slug:policy_id>/", matches.match_policy, name="match_policy"),
    path("staff/matches/<uuid:pk>/compare/<uuid:other>/", matches.match_compare, name="match_compare"),
    # What a change would cost.
    path("staff/simulations/", simulations.simulation_list, name="simulation_list"),
    path("staff/simulations/new/", simulations.simulation_new, name="simulation_new"),
    path("staff/simulations/work/<uuid:pk>/", simulations.simulation_work, name="simulation_work"),
    path("staff/simulations/<uuid:pk>/", simulations.simulation, name="simulation"),
    path("staff/simulations/<uuid:pk>/remove/", simulations.simulation_remove, name="simulation_remove"),
]
