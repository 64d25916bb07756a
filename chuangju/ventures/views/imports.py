"""Import of registers: upload, preview with faults by row and column, confirm or give up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chuangju.kernel.refusals import Refused
from chuangju.ui.list_views import XLSX, render_list
from chuangju.units.permissions import acting_user, roles_required
from chuangju.ventures.access import KEEPERS, imports_visible_to, refuse_unless_importing
from chuangju.ventures.forms import RegisterForm
from chuangju.ventures.import_plans import OUTCOMES
from chuangju.ventures.imports import (
    column_name,
    confirm_import,
    discard_import,
    faults_of,
    faulty_table,
    findings_of,
    rows_of,
    start_import,
    working_job,
)
from chuangju.ventures.lists import import_listing, import_sign
from chuangju.ventures.models import PartyImport
from chuangju.ventures.sheets.template import template_workbook

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*KEEPERS)
def import_start(request: HttpRequest) -> HttpResponse:
    """Upload a register; below, those handed in so far. The form carries no key: a second copy is a second preview."""
    user = acting_user(request)
    refuse_unless_importing(user, timezone.localdate())
    is_sent = request.method == "POST"
    form = RegisterForm(request.POST, request.FILES) if is_sent else RegisterForm()
    status = 422 if form.is_bound else 200
    if is_sent and form.is_valid():
        try:
            upload = start_import(form.cleaned_data["file"], by=user, at=timezone.now())
        except Refused as refused:
            status = refused.status
            form.add_error("file", refused.sentence)
        else:
            return redirect("ventures:import_preview", upload.pk)
    uploads = imports_visible_to(user, timezone.localdate()).select_related("uploaded_by")
    context = {"form": form}
    return render_list(
        request, import_listing(), uploads, template="ventures/import_start.html", context=context, status=status
    )


@require_safe
@roles_required(*KEEPERS)
def import_template(_request: HttpRequest) -> HttpResponse:
    """An empty register with the columns as they are best called, and how to fill them in."""
    return _workbook(template_workbook(_), _("主体名册模板"))


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*KEEPERS)
def import_preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the file would do, row by row; confirming writes the sound rows as a whole."""
    user, today = acting_user(request), timezone.localdate()
    upload = get_object_or_404(imports_visible_to(user, today).select_related("uploaded_by"), pk=pk)
    if request.method == "POST":
        try:
            confirm_import(upload, digest=request.POST.get("digest", ""), by=user, at=timezone.now())
        except Refused as refused:
            messages.error(request, refused.sentence)
        return redirect("ventures:import_preview", upload.pk)
    return render(request, "ventures/import_preview.html", _preview(request, upload))


def _preview(request: HttpRequest, upload: PartyImport) -> dict[str, Any]:
    job = working_job(upload)
    found = findings_of(upload)
    rows = rows_of(upload) if upload.rows else {"parties": None, "relations": None, "unread": []}
    shown = request.GET.get("show", "")
    entries = [
        (part, entry)
        for part in ("parties", "relations")
        for entry in found[part]
        if entry["outcome"] == shown or (shown not in OUTCOMES and entry["outcome"] != "unchanged")
    ]
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    names = {part: (rows[part] or {}).get("names", {}) for part in ("parties", "relations")}
    language = get_language() or ""
    return {
        "upload": upload,
        "sign": import_sign(upload),
        "job": job,
        "is_open": upload.state == PartyImport.State.READY
        or (upload.state == PartyImport.State.WRITING and job is None),
        "is_working": job is not None,
        "counts": upload.counts,
        "totals": {each: sum(part.get(each, 0) for part in upload.counts.values()) for each in OUTCOMES},
        "has_relations": bool(found["relations"]),
        "shown": shown if shown in OUTCOMES else "",
        "query": f"?show={shown}" if shown in OUTCOMES else "?",
        "page": page,
        "lines": [
            (
                part,
                entry | {"changed_words": [column_name(key) for key in entry["changed"]]},
                faults_of(entry, names[part], language),
            )
            for part, entry in page.object_list
        ],
        "ignored": _("、").join(
            name for part in ("parties", "relations") for name in (rows[part] or {}).get("ignored", [])
        ),
        "unread": _("、").join(rows["unread"]),
    }


@require_safe
@roles_required(*KEEPERS)
def import_faults(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The rows that were not taken, with what is wrong in a last column: to be mended and handed in again."""
    from chuangju.papers.sheets import write_xlsx  # noqa: PLC0415 - weighs 24 MB on a process that never exports

    upload = get_object_or_404(imports_visible_to(request.user, timezone.localdate()), pk=pk)
    if not upload.findings:
        messages.error(request, _("导入已经结束，文件内容不再保留"))
        return redirect("ventures:import_preview", upload.pk)
    header, rows = faulty_table(upload, language=get_language() or "")
    return _workbook(write_xlsx(rows, header=header, title=_("有误的行")), _("有误的行"))


@require_POST
@roles_required(*KEEPERS)
def import_discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give an import up."""
    user = acting_user(request)
    upload = get_object_or_404(imports_visible_to(user, timezone.localdate()), pk=pk)
    try:
        discard_import(upload, by=user, at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("ventures:import_preview", upload.pk)
    messages.success(request, _("已放弃这次导入，没有写入任何内容"))
    return redirect("ventures:import_start")


def _workbook(content: bytes, name: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=f"{name}.xlsx") or "attachment"
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition})
