"""Pages of registers: upload, what its columns are, what is wrong in it, confirm or give up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chuangju.kernel.refusals import Refused
from chuangju.ui.list_views import XLSX, render_list
from chuangju.units.permissions import acting_user, roles_required
from chuangju.ventures.access import REGISTER_KEEPERS, can_import_registers, registers_visible_to
from chuangju.ventures.models import RegisterSnapshot
from chuangju.ventures.register_forms import ColumnsForm, RegisterUploadForm
from chuangju.ventures.register_lists import listing_of_registers, sign_of
from chuangju.ventures.register_uploads import (
    check_again,
    confirm_register,
    current_register,
    discard_register,
    map_columns,
    start_register,
    working_job,
)
from chuangju.ventures.register_words import columns_of, counts_of, findings_of, problem_of

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*REGISTER_KEEPERS)
def register_list(request: HttpRequest) -> HttpResponse:
    """Upload a register; below, those handed in so far. The form carries no key: a second copy is a second preview."""
    user, today = acting_user(request), timezone.localdate()
    if not can_import_registers(user, today):
        raise PermissionDenied(_("企业名录由区级部门导入"))
    is_sent = request.method == "POST"
    form = RegisterUploadForm(request.POST, request.FILES, on=today) if is_sent else RegisterUploadForm(on=today)
    status = 422 if form.is_bound else 200
    if is_sent and form.is_valid():
        data = form.cleaned_data
        try:
            made = start_register(
                data["uploads"], on=data["on"], is_complete=data["is_complete"], by=user, at=timezone.now()
            )
        except Refused as refused:
            status = refused.status
            form.add_error("uploads", refused.sentence)
        else:
            return redirect("ventures:register_detail", made.pk)
    rows = registers_visible_to(user, today).select_related("uploaded_by")
    context = {"form": form, "current": current_register()}
    return render_list(
        request, listing_of_registers(), rows, template="ventures/register_list.html", context=context, status=status
    )


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*REGISTER_KEEPERS)
def register_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is in a register and what is wrong with it, by row and column; confirming puts it into force."""
    user = acting_user(request)
    snapshot = _visible(request, pk)
    if request.method == "POST":
        try:
            confirm_register(snapshot, sha256=request.POST.get("sha256", ""), by=user, at=timezone.now())
        except Refused as refused:
            messages.error(request, refused.sentence)
        else:
            messages.success(request, _("已成为现行名录"))
        return redirect("ventures:register_detail", snapshot.pk)
    return render(request, "ventures/register_detail.html", _detail(request, snapshot))


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*REGISTER_KEEPERS)
def register_columns(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say which fact each column holds; the files are then read once more."""
    snapshot = _visible(request, pk)
    if snapshot.state not in {RegisterSnapshot.State.MAPPING, RegisterSnapshot.State.READY}:
        return redirect("ventures:register_detail", snapshot.pk)
    form = ColumnsForm(request.POST if request.method == "POST" else None, columns=columns_of(snapshot))
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            map_columns(snapshot, form.mapping(), by=acting_user(request), at=timezone.now())
        except Refused as refused:
            status = refused.status
            form.add_error(None, refused.sentence)
        else:
            return redirect("ventures:register_detail", snapshot.pk)
    return render(request, "ventures/register_columns.html", {"form": form, "snapshot": snapshot}, status=status)


@require_POST
@roles_required(*REGISTER_KEEPERS)
def register_check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Read the files once more."""
    snapshot = _visible(request, pk)
    try:
        check_again(snapshot, by=acting_user(request), at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("ventures:register_detail", snapshot.pk)


@require_POST
@roles_required(*REGISTER_KEEPERS)
def register_discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give an upload up."""
    snapshot = _visible(request, pk)
    try:
        discard_register(snapshot, by=acting_user(request), at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("ventures:register_detail", snapshot.pk)
    messages.success(request, _("已放弃这份名录，现行名录没有变化"))
    return redirect("ventures:register_list")


@require_safe
@roles_required(*REGISTER_KEEPERS)
def register_findings(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is wrong in a register as a sheet: where, what, and what it says."""
    from chuangju.papers.sheets import write_xlsx  # noqa: PLC0415 - weighs 24 MB on a process that never exports

    snapshot = _visible(request, pk)
    header = [_("表"), _("行号"), _("列"), _("问题")]
    rows = [[each.sheet, each.row, each.column, each.text] for each in findings_of(snapshot)]
    content = write_xlsx(rows, header=header, title=_("数据质量"))
    name = f"{_('数据质量')}-{snapshot.on:%Y%m%d}.xlsx"
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition})


def _visible(request: HttpRequest, pk: UUID) -> RegisterSnapshot:
    found: RegisterSnapshot = get_object_or_404(
        registers_visible_to(request.user, timezone.localdate()).select_related("uploaded_by", "former"), pk=pk
    )
    return found


def _detail(request: HttpRequest, snapshot: RegisterSnapshot) -> dict[str, Any]:
    job = working_job(snapshot)
    found, counts = findings_of(snapshot), counts_of(snapshot)
    shown = request.GET.get("kind", "")
    kinds = {each.code for each in counts}
    lines = [each for each in found if (each.code == shown if shown in kinds else not each.is_notice)]
    return {
        "snapshot": snapshot,
        "sign": sign_of(snapshot),
        "job": job,
        "is_working": job is not None,
        "is_stopped": snapshot.state == RegisterSnapshot.State.CHECKING and job is None,
        "is_ready": snapshot.state == RegisterSnapshot.State.READY,
        "is_open": snapshot.state in RegisterSnapshot.OPEN,
        "problem": problem_of(snapshot) if snapshot.state == RegisterSnapshot.State.FAILED else "",
        "counts": snapshot.counts,
        "fault_counts": [each for each in counts if not each.is_notice],
        "notices": [each for each in found if each.is_notice],
        "shown": shown if shown in kinds else "",
        "query": f"?kind={shown}" if shown in kinds else "?",
        "page": Paginator(lines, PER_PAGE).get_page(request.GET.get("page")),
    }
