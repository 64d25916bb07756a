"""Addresses of parties, relations, claims and imports."""

from __future__ import annotations

from django.urls import path

from chuangju.ventures.views import claims, imports, own, parties, registers, relations

app_name = "ventures"
urlpatterns = [
    path("staff/parties/", parties.party_list, name="party_list"),
    path("staff/parties/new/", parties.party_add, name="party_add"),
    path("staff/parties/find/", parties.party_find, name="party_find"),
    path("staff/parties/import/", imports.import_start, name="import_start"),
    path("staff/parties/import/template.xlsx", imports.import_template, name="import_template"),
    path("staff/parties/import/<uuid:pk>/", imports.import_preview, name="import_preview"),
    path("staff/parties/import/<uuid:pk>/faults.xlsx", imports.import_faults, name="import_faults"),
    path("staff/parties/import/<uuid:pk>/discard/", imports.import_discard, name="import_discard"),
    path("staff/parties/<uuid:pk>/", parties.party_detail, name="party_detail"),
    path("staff/parties/<uuid:pk>/change/", parties.party_change, name="party_change"),
    path("staff/parties/<uuid:pk>/merge/", parties.party_merge, name="party_merge"),
    path("staff/parties/<uuid:pk>/part/", parties.party_part, name="party_part"),
    path("staff/parties/<uuid:pk>/relations/new/", relations.relation_add, name="relation_add"),
    path("staff/relations/<int:pk>/end/", relations.relation_end, name="relation_end"),
    path("staff/relations/<int:pk>/remove/", relations.relation_remove, name="relation_remove"),
    path("staff/claims/", claims.claim_list, name="claim_list"),
    path("staff/claims/counter/", claims.claim_counter, name="claim_counter"),
    path("staff/claims/<uuid:pk>/", claims.claim_detail, name="claim_detail"),
    path("staff/claims/<uuid:pk>/confirm/", claims.claim_confirm, name="claim_confirm"),
    path("staff/claims/<uuid:pk>/refuse/", claims.claim_refuse, name="claim_refuse"),
    path("staff/claims/<uuid:pk>/papers/", claims.claim_ask, name="claim_ask"),
    path("staff/claims/<uuid:pk>/end/", claims.claim_end, name="claim_end"),
    path("staff/registers/", registers.register_list, name="register_list"),
    path("staff/registers/<uuid:pk>/", registers.register_detail, name="register_detail"),
    path("staff/registers/<uuid:pk>/columns/", registers.register_columns, name="register_columns"),
    path("staff/registers/<uuid:pk>/check/", registers.register_check, name="register_check"),
    path("staff/registers/<uuid:pk>/discard/", registers.register_discard, name="register_discard"),
    path("staff/registers/<uuid:pk>/findings.xlsx", registers.register_findings, name="register_findings"),
    path("account/ventures/", own.own_ventures, name="own_ventures"),
    path("account/ventures/claim/", own.claim_make, name="claim_make"),
    path("account/ventures/claims/<uuid:pk>/", own.own_claim, name="own_claim"),
    path("account/ventures/claims/<uuid:pk>/papers/", own.claim_add_papers, name="claim_add_papers"),
    path("account/ventures/claims/<uuid:pk>/withdraw/", own.claim_withdraw, name="claim_withdraw"),
    path("account/ventures/<uuid:pk>/", own.own_party, name="own_party"),
]
