"""Search: the page of results, and the best few while one types."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chuangju.kernel.search import Found, find_near, find_records, label_of
from chuangju.kernel.search_tokens import MAX_QUERY
from chuangju.units.access import is_staff_member

PER_PAGE = 20
SUGGESTED = 8
NEAR = 5
# Nobody reads further; whoever has so many hits says more.
LAST_PAGE = 50


@never_cache
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everything somebody may see that fits, best first, by source; where nothing fits, what comes near."""
    text = _typed(request)
    side = _side_of(request)
    source = request.GET.get("in", "").replace("\x00", "") or None
    number = _page_number(request)
    found = find_records(text, request.user, limit=PER_PAGE, offset=(number - 1) * PER_PAGE, source=source, side=side)
    total = found.counts.get(source, 0) if source else found.total
    page = Paginator(range(min(total, LAST_PAGE * PER_PAGE)), PER_PAGE).get_page(number)
    context = {
        "layout": "ui/staff.html" if side == "staff" else "ui/public.html",
        "text": text,
        "found": found,
        "hits": found.hits,
        "source": source,
        "facets": _facets(found, text, source),
        "total": total,
        "page": page,
        "query": "?" + urlencode({"q": text} | ({"in": source} if source else {})),
        "near": find_near(text, request.user, limit=NEAR, side=side) if text and not found.total else [],
        "longest": MAX_QUERY,
    }
    return render(request, "units/search.html", context)


@never_cache
@require_safe
def search_suggest(request: HttpRequest) -> HttpResponse:
    """The best few for the list under the search box; a fragment, never a page."""
    text = _typed(request)
    found = find_records(text, request.user, limit=SUGGESTED, side=_side_of(request), has_counts=False)
    context = {"hits": found.hits, "text": text, "query": "?" + urlencode({"q": text})}
    return render(request, "units/search_suggest.html", context)


def _typed(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:MAX_QUERY]


def _side_of(request: HttpRequest) -> Literal["staff", "public"]:
    return "staff" if is_staff_member(request.user, timezone.localdate()) else "public"


def _page_number(request: HttpRequest) -> int:
    given = request.GET.get("page", "1")
    return (
        min(max(int(given), 1), LAST_PAGE)
        if given.isascii() and given.isdigit() and len(given) <= len(str(LAST_PAGE))
        else 1
    )


def _facets(found: Found, text: str, source: str | None) -> list[dict[str, Any]]:
    """The sources that have something, the fullest first, each with its address."""
    ordered = sorted(found.counts.items(), key=lambda one: (-one[1], one[0]))
    return [
        {
            "label": label_of(key),
            "count": count,
            "query": "?" + urlencode({"q": text, "in": key}),
            "is_current": key == source,
        }
        for key, count in ordered
    ]
