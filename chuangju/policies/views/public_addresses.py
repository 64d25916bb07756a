"""Addresses of the public side: the check, policies, calculators. Nothing that somebody said stands in any of them."""

from __future__ import annotations

from django.urls import URLPattern, path

from chuangju.policies.api import api_addresses
from chuangju.policies.views import calculators, check, check_kept, policy_pages

PUBLIC: list[URLPattern] = [
    # What am I entitled to.
    path("check/", check.check, name="check"),
    path("check/who/", check.check_who, name="check_who"),
    path("check/business/", check.check_business, name="check_business"),
    path("check/fill/", check.check_fill, name="check_fill"),
    path("check/next/", check.check_next, name="check_next"),
    path("check/questions/<slug:key>/", check.check_question, name="check_question"),
    path("check/answer/", check.check_answer, name="check_answer"),
    path("check/answer/<slug:policy_id>/", policy_pages.check_details, name="check_details"),
    path("check/clear/", check.check_clear, name="check_clear"),
    # What is kept of it.
    path("check/save/", check_kept.save, name="save_check"),
    path("check/saved/", check_kept.saved_checks, name="saved_checks"),
    path("check/saved/<uuid:pk>/", check_kept.saved_check, name="saved_check"),
    path("check/share/", check_kept.share, name="share_check"),
    path("check/shared/<str:token>/", check_kept.shared_check, name="shared_check"),
    path("check/shared/<str:token>/take/", check_kept.shared_take, name="shared_take"),
    path("check/reminders/stop/<str:code>/", check_kept.reminder_stop, name="reminder_stop"),
    path("check/reminders/<slug:policy_id>/", check_kept.reminder, name="reminder"),
    # Calculators and the planner.
    path("calculators/tax/", calculators.tax_calculator, name="tax_calculator"),
    path("calculators/loan/", calculators.loan_calculator, name="loan_calculator"),
    path("planner/", calculators.planner_list, name="planner_list"),
    path("planner/<slug:policy_id>/", calculators.planner, name="planner"),
    # The same for programs.
    path("api/", policy_pages.api_page, name="api"),
    *api_addresses(),
    # Policies.
    path("policies/", policy_pages.catalogue, name="catalogue"),
    path("policies/<slug:policy_id>/", policy_pages.policy, name="policy"),
    path("policies/<slug:policy_id>/<str:version>/", policy_pages.policy_version, name="policy_version"),
]
