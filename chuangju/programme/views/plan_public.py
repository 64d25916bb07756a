"""What a stranger sees of plans: those issued and 主动公开, as issued, with how far their items have come."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from chuangju.programme.access import plans_visible_to
from chuangju.programme.models import PlanItem
from chuangju.programme.plan_listing import plans_with_progress
from chuangju.programme.plan_papers import plan_document
from chuangju.programme.views.plan_steps import document_response, today

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


def public_plan_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """A plan as issued, as a document."""
    plan = plans_visible_to(None, on=today()).filter(pk=pk).first()
    if plan is None:
        raise Http404
    return document_response(plan_document(plan), kind)
