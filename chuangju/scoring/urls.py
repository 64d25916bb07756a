"""Addresses of panels, assessments and score sheets."""

from __future__ import annotations

from django.urls import path

from chuangju.scoring.views import assessments, own, panel_papers, panel_steps, panels, score_sheets

app_name = "scoring"
urlpatterns = [
    path("staff/panels/", panels.panel_list, name="panel_list"),
    path("staff/panels/new/", panels.panel_open, name="panel_open"),
    path("staff/panels/<uuid:pk>/", panels.panel_detail, name="panel_detail"),
    path("staff/panels/<uuid:pk>/results/", panels.panel_results, name="panel_results"),
    path("staff/panels/<uuid:pk>/fees/", panels.panel_fees, name="panel_fees"),
    path("staff/panels/<uuid:pk>/subjects/", panel_steps.subjects_add, name="subjects_add"),
    path("staff/panels/<uuid:pk>/subjects/<int:entry>/", panel_steps.subject_withdraw, name="subject_withdraw"),
    path("staff/panels/<uuid:pk>/assessors/", panel_steps.assessor_add, name="assessor_add"),
    path("staff/panels/<uuid:pk>/assessors/<int:assessor>/", panel_steps.assessor_withdraw, name="assessor_withdraw"),
    path("staff/panels/<uuid:pk>/spread/", panel_steps.panel_spread, name="panel_spread"),
    path("staff/panels/<uuid:pk>/begin/", panel_steps.panel_begin, name="panel_begin"),
    path("staff/panels/<uuid:pk>/remind/", panel_steps.panel_remind, name="panel_remind"),
    path("staff/panels/<uuid:pk>/move/", panel_steps.panel_move, name="panel_move"),
    path("staff/panels/<uuid:pk>/freeze/", panel_steps.panel_freeze, name="panel_freeze"),
    path("staff/panels/<uuid:pk>/close/", panel_steps.panel_close, name="panel_close"),
    path("staff/panels/<uuid:pk>/paper/", panel_papers.paper_import, name="paper_import"),
    path("staff/panels/<uuid:pk>/paper/template.xlsx", panel_papers.paper_template, name="paper_template"),
    path("staff/panels/<uuid:pk>/summary.<str:kind>", panel_papers.summary_file, name="summary_file"),
    path(
        "staff/panels/<uuid:pk>/sheets/<int:assessor>.<str:kind>",
        panel_papers.score_sheet_file,
        name="score_sheet_file",
    ),
    path("staff/assessments/<uuid:pk>/", assessments.assessment_detail, name="assessment_detail"),
    path("staff/assessments/<uuid:pk>/return/", assessments.assessment_return, name="assessment_return"),
    path("staff/score-sheets/", score_sheets.sheet_list, name="sheet_list"),
    path("staff/score-sheets/new/", score_sheets.sheet_new, name="sheet_new"),
    path("staff/score-sheets/<uuid:pk>/", score_sheets.sheet_detail, name="sheet_detail"),
    path("staff/score-sheets/<uuid:pk>/publish/", score_sheets.sheet_publish, name="sheet_publish"),
    path("staff/score-sheets/<uuid:pk>/discard/", score_sheets.sheet_discard, name="sheet_discard"),
    path("staff/score-sheets/<uuid:pk>/criteria/", score_sheets.criterion_add, name="criterion_add"),
    path("staff/score-sheets/<uuid:pk>/criteria/<slug:key>/", score_sheets.criterion_change, name="criterion_change"),
    path(
        "staff/score-sheets/<uuid:pk>/criteria/<slug:key>/remove/",
        score_sheets.criterion_remove,
        name="criterion_remove",
    ),
    path("account/assessments/", own.own_assessments, name="own_assessments"),
    path("account/assessments/<uuid:pk>/", own.own_assessment, name="own_assessment"),
    path("account/assessments/<uuid:pk>/no-conflict/", own.own_no_conflict, name="own_no_conflict"),
    path("account/assessments/<uuid:pk>/conflict/", own.own_conflict, name="own_conflict"),
    path("account/assessments/<uuid:pk>/papers/<int:number>/", own.own_paper, name="own_paper"),
]
