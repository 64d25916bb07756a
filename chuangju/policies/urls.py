"""Addresses of policies."""

from __future__ import annotations

from django.urls import URLPattern, path

from chuangju.policies.views import fees, making, packages, public_packages, size_classes
from chuangju.policies.views.desk_addresses import DESK
from chuangju.policies.views.public_addresses import PUBLIC

app_name = "policies"
urlpatterns: list[URLPattern] = [
    *PUBLIC,
    # Fees and size classes, for everybody.
    path("fees/", fees.public_fees, name="public_fees"),
    path("size-class/", size_classes.size_classes, name="size_classes"),
    # What was issued as numbered clauses.
    path("policy-packages/", public_packages.public_package_list, name="public_package_list"),
    path("policy-packages/<int:pk>/", public_packages.public_package, name="public_package"),
    # How policies are made, and until when they hold.
    path("staff/policy-records/", making.making_list, name="making_list"),
    path("staff/policy-records/expiring/", making.expiring_list, name="expiring_list"),
    path("staff/policy-records/new/", making.making_open, name="making_open"),
    path("staff/policy-records/<int:pk>/", making.making, name="making"),
    path("staff/policy-records/<int:pk>/change/", making.making_change, name="making_change"),
    path("staff/policy-records/<int:pk>/abandon/", making.making_abandon, name="making_abandon"),
    path("staff/policy-records/<int:pk>/stages/<slug:stage>/", making.making_step, name="making_step"),
    path("staff/policy-steps/<int:pk>/withdraw/", making.step_withdraw, name="step_withdraw"),
    # Packages of numbered clauses.
    path("staff/policy-packages/", packages.package_list, name="package_list"),
    path("staff/policy-packages/import/", packages.package_import, name="package_import"),
    path("staff/policy-packages/import/<uuid:pk>/", packages.package_preview, name="package_preview"),
    path("staff/policy-packages/import/<uuid:pk>/discard/", packages.package_discard, name="package_discard"),
    path("staff/policy-packages/<int:pk>/", packages.package, name="package"),
    path("staff/policy-clauses/<int:pk>/", packages.clause, name="clause"),
    path("staff/policy-clauses/<int:pk>/tie/", packages.clause_tie, name="clause_tie"),
    # What the district says of fees.
    path("staff/fees/", fees.fee_list, name="fee_list"),
    path("staff/fees/new/", fees.fee_add, name="fee_add"),
    path("staff/fees/entries/<int:pk>/withdraw/", fees.fee_withdraw, name="fee_withdraw"),
    path("staff/fees/<slug:fee_id>/", fees.fee, name="fee"),
    path("staff/fees/<slug:fee_id>/enter/", fees.fee_enter, name="fee_enter"),
    # The policy officers' desk.
    *DESK,
]
