"""去申请: for whom somebody applies; then the form begins, or goes on where it was left."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chuangju.applications.applicant_access import applicants_of, bundles_visible_to, own_applications_visible_to
from chuangju.applications.apply_settings import apply_settings
from chuangju.applications.claim_conflicts import excluding_policies, titles_of
from chuangju.applications.drafts import Beginning, begin_application
from chuangju.applications.forms_apply import PersonForm, TeamForm
from chuangju.applications.models import Application, ApplicationBundle, Window
from chuangju.applications.own_subjects import enter_own_person, enter_own_team
from chuangju.applications.windows import check_window, refuse_town
from chuangju.kernel.refusals import Refused
from chuangju.policies.check_cards import facts_line
from chuangju.policies.check_reading import say
from chuangju.policies.current import current_catalogue
from chuangju.policies.views.check import answers_of as checked_answers
from chuangju.rules.policy import Policy
from chuangju.ui.confirmations import Confirmation
from chuangju.units.form_views import answer_form
from chuangju.units.permissions import acting_user, signed_in_required
from chuangju.ventures.models import Party


def policy_to_apply(policy_id: str) -> Policy:
    """The version in force today; 404 where there is none."""
    policy = current_catalogue().version_for(policy_id, timezone.localdate())
    if policy is None:
        raise Http404
    return policy


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def apply_start(request: HttpRequest, policy_id: str) -> HttpResponse:
    """Choose for whom; begin, or go on with the draft that stands."""
    policy, user = policy_to_apply(policy_id), acting_user(request)
    problem = ""
    if request.method == "POST":
        subject = _chosen(request)
        try:
            if subject is None:
                raise Http404
            application = begin_application(
                policy.id, subject, by=user, at=timezone.now(), beginning=_beginning(request, subject)
            )
            return redirect("applications:fill", pk=application.pk)
        except Refused as refused:
            problem = refused.sentence
    return render(
        request, "applications/apply_start.html", _context(request, policy, problem), status=422 if problem else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def own_subject(request: HttpRequest, policy_id: str) -> HttpResponse:
    """Enter oneself, or a team without a licence, on the way to an application."""
    policy, user, on = policy_to_apply(policy_id), acting_user(request), timezone.localdate()
    is_team = policy.subject == "team"
    data = request.POST if request.method == "POST" else None
    form = (
        TeamForm(data, user=user, on=on) if is_team else PersonForm(data, user=user, on=on, initial={"name": user.name})
    )

    def act() -> str:
        given = form.cleaned_data
        enter = enter_own_team if is_team else enter_own_person
        enter(**given, by=user, at=timezone.now())
        return reverse("applications:apply_start", args=(policy.id,))

    step = Confirmation(
        title=_("登记一个团队") if is_team else _("登记本人信息"),
        sentence=_("只登记一次，以后申请不用再填"),
        action_label=_("继续"),
        cancel_url=reverse("applications:apply_start", args=(policy.id,)),
        layout="ui/public.html",
    )
    return answer_form(request, form, step, act)


def _context(request: HttpRequest, policy: Policy, problem: str) -> dict[str, Any]:
    user, on = acting_user(request), timezone.localdate()
    kinds = apply_settings().kinds_of(policy.subject)
    parties = list(applicants_of(user, on).filter(kind__in=kinds).select_related("town").order_by("name", "pk"))
    live = own_applications_visible_to(user, on).filter(policy_id=policy.id, state__in=Application.LIVE_STATES)
    by_party = {one.subject_id: one for one in live}
    closed = ""
    try:
        window = check_window(policy, on=on)
    except Refused as refused:
        window, closed = None, refused.sentence
    return {
        "policy": policy,
        "title": say(policy.title),
        "summary": say(policy.summary),
        "facts_line": facts_line(policy),
        "parties": [(one, by_party.get(one.pk), _outside(window, one)) for one in parties],
        "window": window,
        "closed": closed,
        "problem": problem,
        "excluded": titles_of(excluding_policies(policy), on=on),
        "is_for_people": policy.subject == "person",
        "is_for_teams": policy.subject == "team",
    }


def _outside(window: Window | None, party: Party) -> str:
    """Why this round is not for a party, in a sentence; empty where it is."""
    try:
        if window is not None:
            refuse_town(window, party)
    except Refused as refused:
        return refused.sentence
    return ""


def _chosen(request: HttpRequest) -> Party | None:
    mine = applicants_of(acting_user(request), timezone.localdate()).select_related("town")
    try:
        return mine.filter(pk=request.POST.get("subject", "")).first()
    except (ValueError, ValidationError):
        return None


def _beginning(request: HttpRequest, subject: Party) -> Beginning:
    """What was said in the check on the way here, where it was said of this party or of none."""
    answers, bundle = checked_answers(request), _bundle(request)
    if answers.party not in {"", str(subject.pk)} or not answers.given:
        return Beginning(bundle=bundle)
    messages.info(request, _("刚才测算时填的已经带入，不用再填一遍"))
    return Beginning(answers=answers.given, said=_("我能享受什么"), bundle=bundle)


def _bundle(request: HttpRequest) -> ApplicationBundle | None:
    """The life event from whose page somebody comes."""
    mine = bundles_visible_to(acting_user(request), timezone.localdate())
    try:
        return mine.filter(pk=request.GET["bundle"]).first() if "bundle" in request.GET else None
    except ValidationError:
        return None
