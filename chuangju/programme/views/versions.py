"""Versions of the table: the list, one version as issued, what changed between two, and snapshots."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangju.kernel.attachments import attachments_visible_to
from chuangju.kernel.refusals import Refused
from chuangju.programme.access import can_manage_table, snapshots_visible_to, versions_visible_to
from chuangju.programme.comparison import compare_tables, side_of_version
from chuangju.programme.forms import SnapshotForm
from chuangju.programme.lights import Light
from chuangju.programme.models import Snapshot, TableVersion
from chuangju.programme.snapshots import content_hash, take_snapshot
from chuangju.ui.list_views import render_list
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.units.access import STAFF_ROLES
from chuangju.units.permissions import acting_user, roles_required

PER_PAGE = 50
VERSIONS = Listing(
    key="versions",
    title=gettext_lazy("分解表版本"),
    search_label=gettext_lazy("搜索版本名称、标题"),
    columns=[
        Column("number", gettext_lazy("版本"), lambda v: v.number, sort="number"),
        Column(
            "name",
            gettext_lazy("版本名称"),
            str,
            sort="name",
            url=lambda v: reverse("programme:version", args=(v.number,)),
        ),
        Column("effective", gettext_lazy("起用日期"), lambda v: v.effective_from, sort="effective_from"),
        Column("state", gettext_lazy("状态"), lambda v: v.get_state_display(), sort="state"),
        Column("file", gettext_lazy("来源文件"), lambda v: v.file_name, sort="file_name"),
        Column("at", gettext_lazy("导入时间"), lambda v: v.imported_at, sort="imported_at"),
    ],
    filters=[
        Filter(
            "state",
            gettext_lazy("状态"),
            lambda: TableVersion.State.choices,
            lambda q, v: q.filter(state=v),
        )
    ],
    search=lambda q, text: q.filter(name__icontains=text) | q.filter(title__icontains=text),
    default_sort="-number",
    empty_title=gettext_lazy("还没有任务分解表"),
    empty_hint=gettext_lazy("由创建办导入后，每一版都会留在这里。"),
)


@roles_required(*STAFF_ROLES)
def version_list(request: HttpRequest) -> HttpResponse:
    """All versions, newest first."""
    versions = versions_visible_to(request.user, on=timezone.localdate())
    return render_list(request, VERSIONS, versions, template="programme/version_list.html")


def _version(request: HttpRequest, number: int) -> TableVersion:
    found = versions_visible_to(request.user, on=timezone.localdate()).filter(number=number).first()
    if found is None:
        raise Http404
    return found


@roles_required(*STAFF_ROLES)
def version(request: HttpRequest, number: int) -> HttpResponse:
    """One version as issued, its source file and the snapshots kept of it; the office takes new ones here."""
    found, on = _version(request, number), timezone.localdate()
    manages = can_manage_table(request.user, on=on)
    form = SnapshotForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not manages:
            raise Http404
        if form.is_valid():
            try:
                take_snapshot(found, reason=form.cleaned_data["reason"], by=acting_user(request), at=timezone.now())
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
            else:
                messages.success(request, _("已存档"))
                return redirect("programme:version", number)
    rows = found.rows.select_related("category", "task").prefetch_related("measure_rows").order_by("position")
    context = {
        "version": found,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "others": versions_visible_to(request.user, on=on).exclude(pk=found.pk).order_by("-number")[:10],
        "snapshots": snapshots_visible_to(request.user, on=on)
        .filter(version=found)
        .select_related("taken_by")
        .order_by("-taken_at")[:50],
        "files": attachments_visible_to(request.user).of(found)[found.pk],
        "has_due": found.rows.exclude(due_printed="").exists(),
        "form": form,
        "can_manage": manages,
    }
    return render(request, "programme/version.html", context, status=422 if form.is_bound else 200)


@roles_required(*STAFF_ROLES)
def comparison(request: HttpRequest, number: int, other: int) -> HttpResponse:
    """What changed from the earlier of two versions to the later."""
    older, newer = sorted((number, other))
    old, new = _version(request, older), _version(request, newer)
    found = compare_tables(side_of_version(old), side_of_version(new))
    is_complete = request.GET.get("all") == "1"
    rows = found.rows if is_complete else found.differences
    context = {
        "old": old,
        "new": new,
        "comparison": found,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "is_complete": is_complete,
        "page_query": "?all=1" if is_complete else "?",
    }
    return render(request, "programme/comparison.html", context)


@roles_required(*STAFF_ROLES)
def snapshot(request: HttpRequest, pk: int) -> HttpResponse:
    """A snapshot as it was kept, with its hash checked again at every look."""
    found: Snapshot | None = (
        snapshots_visible_to(request.user, on=timezone.localdate())
        .filter(pk=pk)
        .select_related("version", "taken_by")
        .first()
    )
    if found is None:
        raise Http404
    context = {
        "snapshot": found,
        "is_intact": content_hash(found.content) == found.sha256,
        "page": Paginator(found.content["rows"], PER_PAGE).get_page(request.GET.get("page")),
        "light_labels": dict(Light.choices),
    }
    return render(request, "programme/snapshot.html", context)
