"""Import: upload, preview with warnings and differences, confirm or discard."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.refusals import Refused
from chuangju.programme.access import imports_visible_to, versions_visible_to
from chuangju.programme.comparison import compare_tables, side_of_upload, side_of_version
from chuangju.programme.forms import ConfirmImportForm, UploadForm
from chuangju.programme.imports import unknown_names
from chuangju.programme.jobs import await_reading
from chuangju.programme.models import TableImport, TableVersion
from chuangju.programme.table.sentences import translate_warning
from chuangju.programme.uploads import (
    confirm_import,
    discard_import,
    is_silent,
    problem_sentence,
    read_content,
    readings_under_way,
    start_import,
)
from chuangju.ui.list_views import render_list
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.units.access import units_visible_to
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required

PER_PAGE = 50


def _tasks_read(upload: TableImport) -> int | None:
    """How many tasks a file held that could be read to its end."""
    return None if upload.state == TableImport.State.FAILED else upload.rows_read


def _state_shown(upload: TableImport, under_way: frozenset[str]) -> str:
    """The state in words; a reading whose process died is not shown as if it went on."""
    is_dead = is_silent(upload, under_way=under_way, at=timezone.now())
    return _("读取中断") if is_dead else str(upload.get_state_display())


def import_listing() -> Listing:
    """The uploads so far, newest first."""
    under_way = readings_under_way()
    return Listing(
        key="imports",
        title=gettext_lazy("导入记录"),
        search_label=gettext_lazy("搜索文件名"),
        columns=[
            Column(
                "file",
                gettext_lazy("文件名"),
                lambda i: i.file_name,
                sort="file_name",
                url=lambda i: reverse("programme:import_preview", args=(i.pk,)),
            ),
            Column("state", gettext_lazy("状态"), lambda i: _state_shown(i, under_way), sort="state"),
            Column("rows", gettext_lazy("任务数"), _tasks_read, sort="rows_read"),
            Column("by", gettext_lazy("上传人"), lambda i: str(i.uploaded_by), sort="uploaded_by__name"),
            Column("at", gettext_lazy("上传时间"), lambda i: i.uploaded_at, sort="uploaded_at"),
        ],
        filters=[
            Filter(
                "state",
                gettext_lazy("状态"),
                lambda: TableImport.State.choices,
                lambda q, v: q.filter(state=v),
            )
        ],
        search=lambda q, text: q.filter(file_name__icontains=text),
        default_sort="-at",
        empty_title=gettext_lazy("还没有导入过文件"),
        empty_hint=gettext_lazy("在上方选择文件，先预览再确认。"),
    )


@roles_required(Role.PROGRAMME_OFFICE)
def import_start(request: HttpRequest) -> HttpResponse:
    """Upload a file; below, the uploads so far."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            upload = start_import(form.cleaned_data["file"], by=acting_user(request), at=timezone.now())
        except Refused as refusal:
            status = refusal.status
            form.add_error("file", refusal.sentence)
        else:
            await_reading(upload)
            return redirect("programme:import_preview", upload.pk)
    uploads = imports_visible_to(request.user, on=timezone.localdate()).select_related("uploaded_by")
    context = {"form": form}
    return render_list(
        request, import_listing(), uploads, template="programme/import_start.html", context=context, status=status
    )


def _upload(request: HttpRequest, pk: UUID) -> TableImport:
    found = imports_visible_to(request.user, on=timezone.localdate()).filter(pk=pk).select_related("version").first()
    if found is None:
        raise Http404
    return found


@roles_required(Role.PROGRAMME_OFFICE)
def import_preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every row, every warning, the difference to the present version; progress while it is being read."""
    upload = _upload(request, pk)
    if upload.state == TableImport.State.CONFIRMED and upload.version:
        return redirect("programme:version", upload.version.number)
    if upload.state != TableImport.State.READY:
        return render(request, "programme/import_progress.html", _progress(upload))
    read, on = read_content(upload), timezone.localdate()
    current = versions_visible_to(request.user, on=on).filter(state=TableVersion.State.CURRENT).first()
    comparison = compare_tables(side_of_version(current), side_of_upload(read)) if current else None
    form = ConfirmImportForm(
        request.POST if request.method == "POST" else None,
        comparison=comparison,
        unknown=unknown_names(read, on=on),
        on=on,
        initial=_likely_answers(current, on=on),
    )
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            version = confirm_import(upload, by=acting_user(request), at=timezone.now(), **_confirmed(form))
        except Refused as refusal:
            status = refusal.status
            form.compared_afresh(current)
            form.add_error(None, refusal.sentence)
        else:
            messages.success(
                request, _("“%(name)s”已导入，现为第 %(number)d 版") % {"name": version, "number": version.number}
            )
            return redirect("programme:table")
    context = {
        **_preview(request, upload, read, form),
        "current": current,
        "comparison": comparison,
        "gone_count": comparison.counts["removed"] if comparison else 0,
        "shown_differences": comparison.differences[:PER_PAGE] if comparison else (),
    }
    return render(request, "programme/import_preview.html", context, status=status)


def _likely_answers(current: TableVersion | None, *, on: date) -> dict[str, object]:
    """What the form for confirming holds before anybody has typed."""
    number = current.number if current else 0
    return {"name": _likely_name(current, on=on), "effective_from": on, "compared_with": number}


def _likely_name(current: TableVersion | None, *, on: date) -> str:
    """The name a new version most likely gets: the year's, and with its number where the year has a version already.

    In Chinese whoever imports it: the name stays with the table, as its rows do.
    """
    with in_kept_language():
        name = _("%(year)d 年任务分解表") % {"year": on.year}
        if current is None or not current.name.startswith(name):
            return name
        return _("%(name)s（第 %(number)d 版）") % {"name": name, "number": current.number + 1}


def _progress(upload: TableImport) -> dict[str, Any]:
    """How far a reading has come, in rows and seconds, or why it ended."""
    at = timezone.now()
    elapsed = max(0, round((at - upload.uploaded_at).total_seconds()))
    left = upload.rows_total - upload.rows_read
    return {
        "upload": upload,
        "is_silent": is_silent(upload, under_way=readings_under_way(), at=at),
        "elapsed": elapsed,
        "remaining": round(elapsed * left / upload.rows_read) if upload.rows_read else None,
        "problem": problem_sentence(upload) if upload.state == TableImport.State.FAILED else "",
    }


def _confirmed(form: ConfirmImportForm) -> dict[str, Any]:
    data = form.cleaned_data
    return {key: data[key] for key in ("name", "effective_from", "unit_choices", "task_choices", "compared_with")}


def _preview(request: HttpRequest, upload: TableImport, read: Any, form: ConfirmImportForm) -> dict[str, Any]:
    page = Paginator(read.tasks, PER_PAGE).get_page(request.GET.get("page"))
    return {
        "upload": upload,
        "read": read,
        "warnings": [(found, translate_warning(found, _)) for found in read.warnings],
        "warned": {found.row for found in read.warnings if found.row is not None},
        "form": form,
        "page": page,
        "known_units": units_visible_to(request.user).order_by("position") if form.unknown else (),
        "categories": list(dict.fromkeys(task.category for task in read.tasks if task.category)),
        "has_due": any(task.due for task in read.tasks),
        "measures_count": sum(len(task.measures) for task in read.tasks),
    }


@require_POST
@roles_required(Role.PROGRAMME_OFFICE)
def import_discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give an upload up."""
    upload = _upload(request, pk)
    try:
        discard_import(upload, by=acting_user(request), at=timezone.now())
        messages.success(request, _("已放弃这次导入，没有写入任何内容"))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("programme:import_start")
