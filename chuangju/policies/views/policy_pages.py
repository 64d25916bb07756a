"""Policies for everybody: the catalogue, one policy with one's own conditions, its older versions, and the card's details."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chuangju.policies.check_answers import Answers
from chuangju.policies.check_explaining import explain_all
from chuangju.policies.check_results import NOTE
from chuangju.policies.current import current_catalogue
from chuangju.policies.policy_history import history_of
from chuangju.policies.policy_listing import policy_lines, policy_listing
from chuangju.policies.policy_page import PolicyPage, page_of
from chuangju.policies.service_points import service_points
from chuangju.policies.views.check import answers_of
from chuangju.rules.catalogue import Catalogue
from chuangju.rules.explain import Explanation
from chuangju.rules.policy import Policy
from chuangju.ui.list_views import render_list


@never_cache
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every policy, searched and narrowed by what, whom, level, unit, row, and one's own verdict."""
    answers, on = answers_of(request), timezone.localdate()
    lines = policy_lines(current_catalogue(), answers, on=on)
    listing = policy_listing(lines, has_verdicts=not answers.is_empty)
    context = {"answers": answers, "on": on}
    return render_list(request, listing, lines, template="policies/catalogue.html", context=context)


@never_cache
@require_safe
def policy(request: HttpRequest, policy_id: str) -> HttpResponse:
    """One policy as it stands today, with the reader's own conditions where they have told anything."""
    found = current_catalogue()
    on = timezone.localdate()
    version = found.version_for(policy_id, on) or found.latest(policy_id)
    if version is None:
        raise Http404
    return _page(request, found, version)


@never_cache
@require_safe
def policy_version(request: HttpRequest, policy_id: str, version: str) -> HttpResponse:
    """One version of a policy, in force or not any more."""
    found = current_catalogue()
    one = found.version(policy_id, version)
    if one is None:
        raise Http404
    return _page(request, found, one)


def _page(request: HttpRequest, found: Catalogue, version: Policy) -> HttpResponse:
    answers, page = answers_of(request), shown_page(request, found, version)
    places = service_points()
    context = {
        "page": page,
        "answers": answers,
        "history": history_of(version.id, found),
        "points": places.nearest(answers.given.get("town")),
        "note": NOTE,
        "on": timezone.localdate(),
    }
    return render(request, "policies/policy.html", context)


def shown_page(request: HttpRequest, found: Catalogue, version: Policy) -> PolicyPage:
    """The page of a version for this reader."""
    answers, on = answers_of(request), timezone.localdate()
    explanation = _explain(version, answers) if not answers.is_empty and version.is_in_force(on) else None
    return page_of(version, found, explanation, on=on)


def _explain(version: Policy, answers: Answers) -> Explanation:
    on = timezone.localdate()
    return explain_all([version], answers.facts_on(on), on=on)[0]


@never_cache
@require_safe
def check_details(request: HttpRequest, policy_id: str) -> HttpResponse:
    """What opens below a card: all conditions and the formula; the same as on the policy's page."""
    found = current_catalogue()
    version = found.version_for(policy_id, timezone.localdate())
    if version is None:
        raise Http404
    context = {"page": shown_page(request, found, version), "note": NOTE}
    return render(request, "policies/check_details.html", context)


@require_safe
def api_page(request: HttpRequest) -> HttpResponse:
    """What the API offers, for whoever writes programs."""
    return render(request, "policies/api.html", {"origin": request.build_absolute_uri("/").rstrip("/")})
