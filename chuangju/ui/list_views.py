"""Lists over HTTP: the page, its export, and saving or deleting a view of it."""

from __future__ import annotations

import re
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.kernel.saved_views import delete_view, save_view, views_of
from chuangju.ui.list_columns import PARAMETER
from chuangju.ui.list_state import ListState, read_state
from chuangju.ui.listing import Listing
from chuangju.ui.views import local_next

LISTING_KEY = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,63}\Z")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def list_state(request: HttpRequest, listing: Listing, rows: Any) -> ListState:
    """The list as this reader asked for it, with their saved views (one query)."""
    address = {**request.GET.dict(), PARAMETER: ".".join(request.GET.getlist(PARAMETER))}
    state = read_state(listing, rows, address)
    state.path = request.path
    if request.user.is_authenticated:
        state.can_save = True
        state.saved_views = list(views_of(request.user, listing.key))
    return state


def export_response(state: ListState, kind: str) -> HttpResponse:
    """The whole selection as a sheet; 404 for a kind that does not exist."""
    from chuangju.papers.sheets import write_csv, write_xlsx  # noqa: PLC0415 - weighs 24 MB on a process that never exports

    header, rows = state.exported()
    title = str(state.listing.title or state.listing.key)
    if kind == "xlsx":
        content, media_type = write_xlsx(rows, header=header, title=title), XLSX
    elif kind == "csv":
        content, media_type = write_csv(header, rows), "text/csv; charset=utf-8"
    else:
        raise Http404
    name = f"{title}-{timezone.localdate():%Y%m%d}.{kind}"
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": disposition})


def render_list(
    request: HttpRequest,
    listing: Listing,
    queryset: Any,
    *,
    template: str,
    context: dict[str, Any] | None = None,
    status: int = 200,
    total: int | None = None,
) -> HttpResponse:
    """The page of a list, or its export when the address asks for one; templates include `ui/list.html`.

    `total`: how many rows there are before anybody narrows them, where the page has counted them already.
    """
    state = list_state(request, listing, queryset)
    state.counted = total
    kind = request.GET.get("export", "")
    if kind:
        return export_response(state, kind)
    return render(request, template, {**(context or {}), "list": state}, status=status)


def _listing_key(request: HttpRequest) -> str:
    """The list that a form speaks of; 400 for what cannot be the key of one."""
    key = request.POST.get("listing", "")
    if not LISTING_KEY.match(key):
        raise BadRequest(key)
    return key


@require_POST
@login_required
def save_list_view(request: HttpRequest) -> HttpResponse:
    """Keep the selection of a list under a name of one's own."""
    name, query = (request.POST.get(each, "").replace("\x00", "").strip() for each in ("name", "query"))
    try:
        save_view(cast("User", request.user), listing=_listing_key(request), name=name, query=query)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("已保存视图“%(name)s”。") % {"name": name})
    return HttpResponseRedirect(local_next(request, request.POST.get("next")))


@require_POST
@login_required
def delete_list_view(request: HttpRequest) -> HttpResponse:
    """Forget one of one's own views."""
    delete_view(
        cast("User", request.user), listing=_listing_key(request), name=request.POST.get("name", "").replace("\x00", "")
    )
    messages.success(request, _("已删除视图。"))
    return HttpResponseRedirect(local_next(request, request.POST.get("next")))
