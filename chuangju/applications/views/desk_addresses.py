"""Addresses of the clerks' side: workbench, review, acceptance, and what outside bodies see."""

from __future__ import annotations

from django.urls import URLPattern, path

from chuangju.applications.views import (
    desk_case,
    desk_corrections,
    desk_counter,
    desk_decide,
    desk_holds,
    desk_outside,
    desk_papers,
    desk_steps,
    desk_visits,
    desk_workbench,
)

DESK: list[URLPattern] = [
    path("cases/", desk_workbench.workbench, name="workbench"),
    path("cases/tabs/<slug:tab>/", desk_workbench.workbench, name="workbench_tab"),
    path("cases/all/", desk_workbench.case_list, name="case_list"),
    path("cases/team/", desk_workbench.team, name="team"),
    path("cases/bulk/", desk_workbench.bulk, name="bulk"),
    path("cases/bulk/act/", desk_workbench.bulk_act, name="bulk_act"),
    path("cases/bulk/results/", desk_workbench.bulk_results, name="bulk_results"),
    path("cases/counter/", desk_counter.counter, name="counter"),
    path("cases/referred/", desk_outside.referred_list, name="referred_list"),
    path("cases/referred/<int:pk>/", desk_outside.referred, name="referred"),
    path("cases/<uuid:pk>/", desk_case.case, name="case"),
    path("cases/<uuid:pk>/print/", desk_case.case_print, name="case_print"),
    path("cases/<uuid:pk>/accept/", desk_steps.accept, name="accept"),
    path("cases/<uuid:pk>/refuse/", desk_steps.refuse, name="refuse"),
    path("cases/<uuid:pk>/correction/", desk_corrections.correction, name="correction"),
    path("cases/<uuid:pk>/correction/cancel/", desk_corrections.correction_cancel, name="correction_cancel"),
    path("cases/<uuid:pk>/papers/<int:document>/check/", desk_papers.check_paper, name="check_paper"),
    path("cases/<uuid:pk>/letters/", desk_papers.draft_paper, name="case_letter"),
    path("cases/<uuid:pk>/return/", desk_steps.send_back, name="send_back"),
    path("cases/<uuid:pk>/suspend/", desk_holds.suspend, name="suspend"),
    path("cases/<uuid:pk>/resume/", desk_holds.resume, name="resume"),
    path("cases/<uuid:pk>/law/", desk_holds.law, name="law"),
    path("cases/<uuid:pk>/propose/", desk_decide.propose, name="propose"),
    path("cases/<uuid:pk>/approve/", desk_decide.approve, name="approve"),
    path("cases/<uuid:pk>/approve/return/", desk_decide.decision_return, name="decision_return"),
    path("cases/steps/<int:pk>/complete/", desk_steps.complete, name="step_complete"),
    path("cases/steps/<int:pk>/answer/", desk_steps.answer, name="step_answer"),
    path("cases/steps/<int:pk>/consult/", desk_steps.consult, name="step_consult"),
    path("cases/steps/<int:pk>/excuse/", desk_steps.excuse, name="step_excuse"),
    path("cases/steps/<int:pk>/assign/", desk_steps.assign, name="step_assign"),
    path("cases/steps/<int:pk>/take-over/", desk_steps.taking_over, name="step_take_over"),
    path("cases/steps/<int:pk>/visit/", desk_visits.visit, name="step_visit"),
    path("cases/steps/<int:pk>/visit/plan/", desk_visits.visit_plan, name="step_visit_plan"),
    path("cases/steps/<int:pk>/referral/", desk_outside.referral_send, name="step_referral"),
    path("cases/steps/<int:pk>/outcome/", desk_outside.referral_outcome, name="step_outcome"),
]
