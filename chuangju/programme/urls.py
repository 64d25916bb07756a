"""Addresses of the table and what hangs on it."""

from __future__ import annotations

from django.urls import path

from chuangju.programme.views import exports, imports, milestones, notes, public, table, task, versions

app_name = "programme"
urlpatterns = [
    path("programme/", public.public_programme, name="public_programme"),
    path("programme/<slug:code>/", public.public_task, name="public_task"),
    path("staff/table/", table.table, name="table"),
    path("staff/table/tasks/<slug:code>/", task.task, name="task"),
    path("staff/table/tasks/<slug:code>/notes/add/", notes.note_add, name="note_add"),
    path("staff/table/tasks/<slug:code>/milestones/add/", milestones.milestone_add, name="milestone_add"),
    path("staff/table/groups/<int:pk>/", task.group_units, name="group_units"),
    path("staff/table/measures/<int:pk>/units/", task.measure_units, name="measure_units"),
    path("staff/table/notes/<int:pk>/release/", notes.note_release, name="note_release"),
    path("staff/table/notes/<int:pk>/retract/", notes.note_retract, name="note_retract"),
    path("staff/table/notes/<int:pk>/withdraw/", notes.note_withdraw, name="note_withdraw"),
    path("staff/table/import/", imports.import_start, name="import_start"),
    path("staff/table/import/<uuid:pk>/", imports.import_preview, name="import_preview"),
    path("staff/table/import/<uuid:pk>/discard/", imports.import_discard, name="import_discard"),
    path("staff/table/versions/", versions.version_list, name="version_list"),
    path("staff/table/versions/<int:number>/", versions.version, name="version"),
    path("staff/table/versions/<int:number>/export.<slug:kind>", exports.export_version, name="export_version"),
    path("staff/table/versions/<int:number>/compare/<int:other>/", versions.comparison, name="comparison"),
    path("staff/table/snapshots/<int:pk>/", versions.snapshot, name="snapshot"),
    path("staff/milestones/", milestones.milestone_list, name="milestone_list"),
    path("staff/milestones/mine/", milestones.my_milestones, name="my_milestones"),
    path("staff/milestones/<int:pk>/change/", milestones.milestone_change, name="milestone_change"),
    path("staff/milestones/<int:pk>/drop/", milestones.milestone_drop, name="milestone_drop"),
    path("staff/milestones/<int:pk>/reopen/", milestones.milestone_reopen, name="milestone_reopen"),
]
