"""Addresses of decisions, notices, standings, obligations, and of what grows out of decisions."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from chuangju.applications.views import (
    decide_children,
    decide_decisions,
    decide_follow_up,
    decide_notices,
    decide_standings,
)

DECIDE: list[URLPattern] = [
    # For everybody.
    path("notices/", decide_notices.notice_list, name="notice_list"),
    path("notices/<int:pk>/", decide_notices.notice, name="notice"),
    path("notices/<int:pk>/object/", decide_notices.notice_object, name="notice_object"),
    path("register/", decide_standings.public_register, name="public_register"),
    path("register/<str:number>/", decide_standings.public_standing, name="public_standing"),
    # One's own.
    path("my/cases/<uuid:pk>/objection/", decide_children.my_objection, name="my_objection"),
    path("my/cases/<uuid:pk>/hearing/", decide_children.my_hearing, name="my_hearing"),
    path("my/obligations/", decide_follow_up.my_obligations, name="my_obligations"),
    path("my/obligations/<uuid:pk>/", decide_follow_up.my_obligation, name="my_obligation"),
    path("my/standings/", decide_standings.my_standings, name="my_standings"),
    path("my/standings/<str:number>/renew/", decide_standings.my_renewal, name="my_renewal"),
    # The desk: decisions.
    path("decisions/", decide_decisions.decision_list, name="decision_list"),
    path("decisions/<uuid:pk>/", decide_decisions.decision, name="decision"),
    path("decisions/<uuid:pk>/letter/", decide_decisions.decision_letter, name="decision_letter"),
    # What grows out of them.
    path("cases/<uuid:pk>/reopen/", decide_children.case_reopen, name="case_reopen"),
    path("cases/<uuid:pk>/correct/", decide_children.case_correct, name="case_correct"),
    path("cases/<uuid:pk>/recover/", decide_children.case_recover, name="case_recover"),
    path("cases/<uuid:pk>/repaid/", decide_children.case_repaid, name="case_repaid"),
    path("cases/samples/", decide_children.sample_draw, name="sample_draw"),
    # Afterwards.
    path("cases/objections/", decide_notices.objection_list, name="objection_list"),
    path("cases/objections/<int:pk>/", decide_notices.objection, name="objection"),
    path("cases/instalments/", decide_follow_up.instalment_list, name="instalment_list"),
    re_path(
        r"^cases/instalments/(?P<pk>[0-9a-f-]{36})/(?P<step>stop|resume)/$",
        decide_follow_up.instalment_step,
        name="instalment_step",
    ),
    path("cases/obligations/", decide_follow_up.obligation_list, name="obligation_list"),
    path("cases/obligations/<uuid:pk>/", decide_follow_up.obligation, name="obligation"),
    path("standings/", decide_standings.standing_list, name="standing_list"),
    path("standings/<str:number>/", decide_standings.standing, name="standing"),
    re_path(
        r"^standings/(?P<number>[A-Z0-9-]+)/(?P<step>suspend|resume|revoke)/$",
        decide_standings.standing_step,
        name="standing_step",
    ),
    path("standings/<str:number>/certificate/", decide_standings.standing_certificate, name="standing_certificate"),
]
