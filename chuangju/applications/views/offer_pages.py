"""免申即享: one's own offer, taken by one tap; and for policy officers offering what a match run found."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from chuangju.applications.applicant_access import can_hand_in
from chuangju.applications.apply_settings import apply_settings
from chuangju.applications.apply_words import outlook_of
from chuangju.applications.case_words import title_of
from chuangju.applications.drafts import evaluate_draft
from chuangju.applications.models import Application, OfferRun
from chuangju.applications.offer_listing import offer_listing
from chuangju.applications.offer_runs import offer_run, offered_policies, plan_of_run
from chuangju.applications.offer_stages import Stage, offer_runs_visible_to, stage_counts, staged
from chuangju.applications.offers import OfferPlan, accept_offer, decline_offer, offer_until, offers_nobody_heard_of
from chuangju.applications.payee_accounts import account_of, earlier_account
from chuangju.applications.questions import known_topics
from chuangju.applications.views.apply_pages import own_application
from chuangju.kernel.masking import mask_account
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.policies.check_reading import say
from chuangju.policies.check_results import NOTE
from chuangju.policies.current import current_catalogue
from chuangju.policies.match_access import match_runs_visible_to
from chuangju.policies.models import MatchRun
from chuangju.ui.list_views import render_list
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required, signed_in_required

_SHOWN, _RUNS = 50, 20
_DONE = MatchRun.State.DONE


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def offer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One's own offer: what it is, why, to which account; yes by one tap, or no."""
    application, user, now = own_application(request, pk), acting_user(request), timezone.now()
    if application.state != Application.State.OFFERED:
        return redirect("applications:my_case", pk=pk)
    known = account_of(application) or earlier_account(application.subject)
    problem = ""
    if request.method == "POST":
        try:
            if "decline" in request.POST:
                decline_offer(application, by=user, at=now)
                messages.success(request, _("已放弃"))
                return redirect("applications:my_cases")
            accept_offer(application, _account(request, known), by=user, at=now)
            return redirect("applications:my_submitted", pk=pk)
        except Refused as refused:
            problem = refused.sentence
    evaluation = evaluate_draft(application, on=timezone.localdate())
    context = {
        "application": application,
        "title": title_of(application, current_catalogue()),
        "summary": say(evaluation.policy.summary),
        "outlook": outlook_of(evaluation, open_questions=0),
        "topics": known_topics(evaluation),
        "until": offer_until(application),
        "wants_account": apply_settings().wants_account(evaluation.policy),
        "account": known,
        "masked": mask_account(known["number"]) if known.get("number") else "",
        "may_answer": can_hand_in(user, application, timezone.localdate()),
        "typed": {key: request.POST.get(key, "") for key in ("account", "name", "number", "bank")},
        "problem": problem,
        "note": NOTE,
    }
    return render(request, "applications/offer.html", context, status=422 if problem else 200)


def _account(request: HttpRequest, known: dict[str, str]) -> dict[str, str]:
    """The account known already, or the one that was typed."""
    if request.POST.get("account") == "known" and known:
        return known
    return {key: request.POST.get(key, "").replace("\x00", "") for key in ("name", "number", "bank")}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.POLICY_OFFICER, Role.PROGRAMME_OFFICE)
def offer_runs(request: HttpRequest) -> HttpResponse:
    """Offer what a finished match run found: choose the run and the policy, see who gets it, offer it to all of them."""
    user, on = acting_user(request), timezone.localdate()
    runs = match_runs_visible_to(user, on=on).filter(state=_DONE).order_by("-started_at", "pk")
    run = _chosen(request)
    context: dict[str, Any] = {"runs": list(runs[:_SHOWN]), "run": run, "policies": [], "plan": None, "policy": None}
    context["unheard"] = list(offers_nobody_heard_of()[:_SHOWN])
    context["done"] = _done_runs(user, on)
    if run is not None:
        policies = offered_policies(run)
        context["policies"] = [(one.policy.id, say(one.policy.title), one.found) for one in policies]
        wanted = request.GET.get("policy") or request.POST.get("policy") or ""
        policy = next((one.policy for one in policies if one.policy.id == wanted), None)
        if request.method == "POST":
            if policy is None:
                raise Http404
            done = offer_run(run, policy, by=user, at=timezone.now())
            made = done.offers.count()
            messages.success(request, ngettext("已推送 %(count)d 户", "已推送 %(count)d 户", made) % {"count": made})
            return redirect("applications:offer_run", pk=done.pk)
        if policy is not None:
            plan = plan_of_run(run, policy)
            context |= {"plan": plan, "policy": policy, "title": say(policy.title), "shown": _names_of(plan)[:_SHOWN]}
            context["total"] = len(plan.chosen) + len(plan.to_enter)
    return render(request, "applications/offer_runs.html", context)


def _done_runs(user: User, on: date) -> list[tuple[OfferRun, list[tuple[str, int]]]]:
    """What was offered lately, with how many are at which stage."""
    runs = list(offer_runs_visible_to(user, on).order_by("-made_at", "pk")[:_RUNS])
    counts = stage_counts(runs)
    return [(one, [(str(Stage(key).label), number) for key, number in _ordered(counts[one.pk])]) for one in runs]


def _ordered(counts: dict[str, int]) -> list[tuple[str, int]]:
    return [(key, counts[key]) for key in Stage.values if key in counts]


@never_cache
@require_safe
@roles_required(Role.POLICY_OFFICER, Role.PROGRAMME_OFFICE)
def offer_run_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One run: whom it was offered to and how far each has come, and who was left out and why."""
    on = timezone.localdate()
    run = get_object_or_404(offer_runs_visible_to(request.user, on).select_related("made_by", "unit"), pk=pk)
    counts = stage_counts([run])[run.pk]
    policy = current_catalogue().latest(run.policy_id)
    context = {
        "run": run,
        "title": say(policy.title) if policy is not None else run.title,
        "stages": [(key, str(Stage(key).label), number) for key, number in _ordered(counts)],
        "offered": sum(counts.values()),
    }
    rows = staged(run.offers.select_related("subject", "town").defer("answers", "account"))
    return render_list(request, offer_listing(), rows, template="applications/offer_run.html", context=context)


def _names_of(plan: OfferPlan) -> list[str]:
    return [party.name for party, _facts in plan.chosen] + [name for _code, name, _facts in plan.to_enter]


def _chosen(request: HttpRequest) -> MatchRun | None:
    key, user, on = request.GET.get("run") or request.POST.get("run") or "", acting_user(request), timezone.localdate()
    if not key:
        return None
    try:
        return get_object_or_404(match_runs_visible_to(user, on=on).select_related("snapshot"), pk=key, state=_DONE)
    except ValidationError as error:
        raise Http404 from error
