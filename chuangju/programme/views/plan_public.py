"""What a stranger sees of plans: those issued and 主动公开, as issued, with how far their items have come."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from chuangju.programme.access import plans_visible_to
from chuangju.programme.models import PlanItem
from chuangju.programme.plan_listing import plans_with_progress
from chuangju.programme.plan_papers import issuer, plan_document
from chuangju.programme.views.plan_steps import document_file, file_response, today

PER_PAGE = 20


def public_plan_list(request: HttpRequest) -> HttpResponse:
    """Issued plans that are open to all, the newest first."""
    on = today()
    plans = plans_with_progress(plans_visible_to(None, on=on), on=on).order_by("-issued_on", "-pk")
    page = Paginator(plans, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "programme/public_plan_list.html", {"page": page})


def public_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """A plan as issued."""
    plan = plans_visible_to(None, on=today()).filter(pk=pk).select_related("parent").first()
    if plan is None:
        raise Http404
    done = plan.items.filter(state=PlanItem.State.DONE).values_list("pk", flat=True)
    context = {"plan": plan, "content": plan.issued_content, "done": set(done)}
    return render(request, "programme/public_plan.html", context)


@require_safe
def public_plan_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A plan as issued, as a document: set once in each process, and not sent again to whoever has it."""
    plan = plans_visible_to(None, on=today()).filter(pk=pk).first()
    if plan is None:
        raise Http404
    state = f"{plan.pk}:{plan.sha256}:{plan.number}:{issuer()}"
    etag = quote_etag(sha256(f"{state}:{kind}".encode()).hexdigest())
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = file_response(*_issued_file(state, kind))
    response["ETag"] = etag
    # A paper may be voided: whoever keeps the file asks each time whether it still stands.
    patch_cache_control(response, public=True, no_cache=True)
    return response


@lru_cache(maxsize=32)
def _issued_file(state: str, kind: str) -> tuple[bytes, str, str]:
    """The file of a plan in the state in which it was issued; a handful of plans is open at a time."""
    return document_file(plan_document(plans_visible_to(None, on=today()).get(pk=state.partition(":")[0])), kind)
