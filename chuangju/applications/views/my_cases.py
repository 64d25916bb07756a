"""我的办件: the list, one case with its one task, answering a correction, mending an account, messages, rating."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from chuangju.applications.applicant_access import (
    asked_roles_visible_to,
    bundles_visible_to,
    can_hand_in,
    own_applications_visible_to,
)
from chuangju.applications.case_page import case_page
from chuangju.applications.case_words import title_of
from chuangju.applications.documents import documents_of, give_document
from chuangju.applications.life_events import life_events
from chuangju.applications.models import ApplicationBundle
from chuangju.applications.my_listing import my_cases, my_listing
from chuangju.applications.payee_accounts import account_of
from chuangju.applications.views.apply_pages import own_application, own_document
from chuangju.kernel.masking import mask_account
from chuangju.kernel.models import User
from chuangju.kernel.ratings import rating_of
from chuangju.kernel.refusals import Refused
from chuangju.policies.check_reading import say
from chuangju.policies.current import current_catalogue
from chuangju.ui.list_views import render_list
from chuangju.units.permissions import acting_user, signed_in_required


@never_cache
@require_safe
@signed_in_required
def my_case_list(request: HttpRequest) -> HttpResponse:
    """One's own cases, and what one was asked to take part in."""
    user = acting_user(request)
    asked = asked_roles_visible_to(user).select_related("application__subject").order_by("asked_at", "pk")
    rows = my_cases(own_applications_visible_to(user, timezone.localdate()))
    return render_list(
        request,
        my_listing(),
        rows,
        template="applications/my_cases.html",
        context={"asked": asked, "bundles": _bundles(user)},
    )


def _bundles(user: User) -> list[tuple[ApplicationBundle, str]]:
    """One's own life events by title."""
    found = bundles_visible_to(user, timezone.localdate()).order_by("-created_at", "pk")
    return [(one, say(life_events()[one.event_key].title)) for one in found if one.event_key in life_events()]


@never_cache
@require_safe
@signed_in_required
def my_case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One case: past, now and next, the one thing to do, papers, money, what is owed, messages."""
    application, user, on = own_application(request, pk), acting_user(request), timezone.localdate()
    account = account_of(application)
    catalogue = current_catalogue()
    context = {
        "application": application,
        "title": title_of(application, catalogue),
        "page": case_page(application, on=on),
        "roles": list(application.roles.select_related("user", "party")),
        "may_hand_in": can_hand_in(user, application, on),
        "masked": mask_account(account["number"]) if account else "",
        "bank": account.get("bank", ""),
        "given": rating_of(application, user),
        "children": [(one, title_of(one, catalogue)) for one in application.children.order_by("started_at", "pk")],
    }
    return render(request, "applications/my_case.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def my_papers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand in what was allowed to follow."""
    application = own_application(request, pk)
    problem, at_fault = "", 0
    if request.method == "POST":
        document = own_document(request, application)
        try:
            files = request.FILES.getlist("files")
            give_document(document, files=files, by=acting_user(request), at=timezone.now())
            return redirect("applications:my_papers", pk=pk)
        except Refused as refused:
            problem, at_fault = refused.sentence, document.pk
    papers = [one for one in documents_of(application) if one.state in {"to_follow", "faulty", "given"}]
    context = {
        "application": application,
        "title": title_of(application, current_catalogue()),
        "papers": papers,
        "problem": problem,
        "at_fault": at_fault,
    }
    return render(request, "applications/my_papers.html", context, status=422 if problem else 200)
