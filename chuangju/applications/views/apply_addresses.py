"""Addresses of the applicant's side: what can be applied for, one's own cases, offers, bundles."""

from __future__ import annotations

from django.urls import URLPattern, path

from chuangju.applications.views import (
    apply_fill,
    apply_start,
    apply_submit,
    bundle_pages,
    my_cases,
    my_corrections,
    my_roles,
    nomination_pages,
    offer_pages,
)

APPLY: list[URLPattern] = [
    path("apply/<slug:policy_id>/", apply_start.apply_start, name="apply_start"),
    path("apply/<slug:policy_id>/self/", apply_start.own_subject, name="own_subject"),
    # One's own cases.
    path("my/cases/", my_cases.my_case_list, name="my_cases"),
    path("my/cases/<uuid:pk>/", my_cases.my_case, name="my_case"),
    path("my/cases/<uuid:pk>/correction/", my_corrections.my_correction, name="my_correction"),
    path("my/cases/<uuid:pk>/papers/", my_cases.my_papers, name="my_papers"),
    path("my/cases/<uuid:pk>/submitted/", apply_submit.my_submitted, name="my_submitted"),
    path("my/cases/<uuid:pk>/receipt/", apply_submit.my_receipt, name="my_receipt"),
    path("my/cases/<uuid:pk>/withdraw/", apply_submit.my_withdraw, name="my_withdraw"),
    path("my/cases/<uuid:pk>/account/", my_roles.my_account, name="my_account"),
    path("my/cases/<uuid:pk>/people/", my_roles.role_ask, name="role_ask"),
    path("my/case-roles/<int:pk>/", my_roles.role_answer, name="role_answer"),
    path("my/case-roles/<int:pk>/end/", my_roles.role_end, name="role_end"),
    # Putting somebody forward.
    path("my/nominations/", nomination_pages.nomination_list, name="nominations"),
    path("my/nominations/new/", nomination_pages.nominate_somebody, name="nominate"),
    path("my/nominations/<uuid:pk>/", nomination_pages.nomination, name="nomination"),
    path("my/nominations/<uuid:pk>/withdraw/", nomination_pages.nomination_withdrawal, name="nomination_withdrawal"),
    # Life events.
    path("guides/<slug:key>/", bundle_pages.life_event, name="life_event"),
    path("guides/<slug:key>/begin/", bundle_pages.bundle_begin, name="bundle_begin"),
    path("my/guides/<uuid:pk>/", bundle_pages.bundle, name="bundle"),
    # Offered without an application.
    path("my/offers/<uuid:pk>/", offer_pages.offer, name="offer"),
    path("cases/offers/", offer_pages.offer_runs, name="offer_runs"),
    path("cases/offers/<uuid:pk>/", offer_pages.offer_run_page, name="offer_run"),
    # Filling in.
    path("my/cases/<uuid:pk>/fill/", apply_fill.fill, name="fill"),
    path("my/cases/<uuid:pk>/fill/papers/", apply_fill.fill_papers, name="fill_papers"),
    path("my/cases/<uuid:pk>/fill/account/", apply_fill.fill_account, name="fill_account"),
    path("my/cases/<uuid:pk>/fill/review/", apply_submit.fill_review, name="fill_review"),
    path("my/cases/<uuid:pk>/fill/dispute/<slug:key>/", apply_fill.fill_dispute, name="fill_dispute"),
    path("my/cases/<uuid:pk>/fill/questions/<slug:key>/", apply_fill.fill_question, name="fill_question"),
    # Whether a receipt is one of ours.
    path("receipts/<str:number>/<str:code>/", apply_submit.receipt_check, name="receipt_check"),
]
